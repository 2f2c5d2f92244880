import type { Instrument } from '../contracts/instruments.ts';
import { around, hashOf, mix, unit } from '../random.ts';
import {
  closeOf,
  isTradingDay,
  nextTradingDay,
  OPEN,
  PRE_OPEN,
  postCloseOf,
  previousTradingDay,
} from '../time/calendar.ts';
import { DAY_SECONDS, type Day, toEastern } from '../time/zone.ts';
import type { Stretch } from './stretch.ts';

/** The parts of a trading day, in order. `night` reaches to the next trading day's first part, over any weekend. */
export type Part = 'pre' | 'regular' | 'post' | 'night';

/** One part of one trading day of one instrument. Seconds count from the midnight before that day. */
export interface Segment extends Stretch {
  readonly day: Day;
  readonly part: Part;
}

/** Prices are whole numbers of this many US dollars, so that nothing is lost in rounding. */
export const TICK = 0.01;

// How wide noise waves are, in days, and how much of a year's volatility each brings: near 1 in all, so that a price
// wanders as much as its volatility says, yet always comes back to the instrument's usual price.
const WAVES = [3, 7, 17, 41, 97, 233] as const;
const WAVE_WEIGHT = 0.16;
const GAP_SHARE = 0.35;
/** Trading days of a year, for turning a year's volatility into a day's. */
const DAYS = 252;

/** The log of a close against the usual price: smooth random waves, summed. */
function wander(seed: number, day: Day): number {
  return WAVES.reduce((sum, width, i) => {
    const at = day / width;
    const from = Math.floor(at);
    const left = unit(hashOf(seed, i, from)) * 2 - 1;
    const right = unit(hashOf(seed, i, from + 1)) * 2 - 1;
    const t = at - from;
    return sum + (left + (right - left) * t * t * (3 - 2 * t));
  }, 0);
}

const ticks = (price: number) => Math.max(2, Math.round(price / TICK));

/** What the day's own parts start and end at, in ticks. */
interface Marks {
  readonly pre: number;
  readonly open: number;
  readonly close: number;
  readonly post: number;
}

function closeMark(seed: number, instrument: Instrument, day: Day): number {
  const own = hashOf(seed, instrument.index);
  const daily = around(hashOf(own, day, 9)) * (instrument.volatility / Math.sqrt(DAYS));
  return ticks(instrument.price * Math.exp(wander(own, day) * WAVE_WEIGHT * instrument.volatility + daily));
}

function marksOf(seed: number, instrument: Instrument, day: Day): Marks {
  const own = hashOf(seed, instrument.index, day);
  const noise = (key: number) => 1 + (around(mix(own, key)) * instrument.volatility) / Math.sqrt(DAYS) / 4;
  const close = closeMark(seed, instrument, day);
  const before = closeMark(seed, instrument, previousTradingDay(day));
  const open = before * (close / before) ** GAP_SHARE * noise(1);
  return {
    pre: Math.round(before * noise(2)),
    open: Math.round(open),
    close,
    post: Math.round(close * noise(3)),
  };
}

interface Frame {
  readonly from: number;
  readonly to: number;
  readonly open: number;
  readonly close: number;
  /** Of the day's volume. */
  readonly share: number;
}

function frameOf(part: Part, seed: number, instrument: Instrument, day: Day): Frame {
  const marks = marksOf(seed, instrument, day);
  const end = closeOf(day);
  const late = postCloseOf(day);
  if (part === 'pre') return { from: PRE_OPEN, to: OPEN, open: marks.pre, close: marks.open, share: 0.02 };
  if (part === 'regular') return { from: OPEN, to: end, open: marks.open, close: marks.close, share: 1 };
  if (part === 'post') return { from: end, to: late, open: marks.close, close: marks.post, share: 0.03 };
  const next = nextTradingDay(day);
  const morning = (next - day) * DAY_SECONDS + PRE_OPEN;
  return {
    from: late,
    to: morning,
    open: marks.post,
    close: marksOf(seed, instrument, next).pre,
    share: 0.01,
  };
}

const PART_KEY: Record<Part, number> = { pre: 11, regular: 12, post: 13, night: 14 };

function build(seed: number, instrument: Instrument, day: Day, part: Part): Segment {
  const { from, to, open, close, share } = frameOf(part, seed, instrument, day);
  const key = hashOf(seed, instrument.index, day, PART_KEY[part]);
  const swing = (instrument.volatility / Math.sqrt(DAYS)) * (part === 'regular' ? 0.8 : 0.25);
  const high = Math.ceil(Math.max(open, close) * (1 + swing * unit(mix(key, 1))));
  const low = Math.max(1, Math.floor(Math.min(open, close) * (1 - swing * unit(mix(key, 2)))));
  const volume = Math.round(instrument.volume * share * (0.6 + 0.8 * unit(mix(key, 3))));
  const mean = (open + close + high + low) / 4;
  return {
    day,
    part,
    key,
    from,
    to,
    open,
    close,
    high,
    low,
    volume,
    turnover: mean * volume,
    count: Math.max(1, Math.round(volume / 110)),
  };
}

const KEPT = 4096;
const kept = new WeakMap<Instrument, Map<string, Segment>>();

/**
 * One part of a trading day: where it starts and ends, its extremes, its volume. A pure function of its arguments;
 * what was worked out lately is kept.
 */
export function segment(seed: number, instrument: Instrument, day: Day, part: Part): Segment {
  const store = kept.get(instrument) ?? new Map<string, Segment>();
  kept.set(instrument, store);
  const name = `${seed}/${day}/${part}`;
  let found = store.get(name);
  if (!found) {
    if (store.size >= KEPT) store.clear();
    found = build(seed, instrument, day, part);
    store.set(name, found);
  }
  return found;
}

/** The trading day and part that a moment falls into, and its second there (from the midnight before that day). */
export function partAt(ms: number): { day: Day; part: Part; second: number } {
  const wall = toEastern(ms);
  if (isTradingDay(wall.day) && wall.second >= PRE_OPEN) {
    const { day, second } = wall;
    if (second < OPEN) return { day, part: 'pre', second };
    if (second < closeOf(day)) return { day, part: 'regular', second };
    return { day, part: second < postCloseOf(day) ? 'post' : 'night', second };
  }
  const day = previousTradingDay(wall.day);
  return { day, part: 'night', second: (wall.day - day) * DAY_SECONDS + wall.second };
}

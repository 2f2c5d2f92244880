import { mix, unit } from '../random.ts';

/**
 * A stretch of time and what a price did in it. Prices in ticks, times in seconds. Any stretch splits into two
 * whose prices, volume and turnover make up its own: so bars of every size fit each other, and reading one moment
 * out of a day takes fifteen steps, not a walk through the day.
 */
export interface Stretch {
  /** What the chance of its halves is drawn from. */
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Price times volume: a bar's average price is this over its volume. */
  readonly turnover: number;
  readonly count: number;
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
const draw = (key: number, n: number) => unit(mix(key, n));

/** What one half reaches: all of the whole's extreme, or a part of the way to it from its own ends. */
function reach(own: number, whole: number, takesAll: boolean, chance: number): number {
  return takesAll ? whole : Math.round(own + (whole - own) * chance * chance * 0.5);
}

/** The two halves of a stretch of two seconds or more. */
export function halves(s: Stretch): [Stretch, Stretch] {
  const middle = (s.from + s.to) >> 1;
  const key = mix(s.key, middle);
  const ranges = rangesOf(s, key);
  const share = shareOf(s, ranges, 0.25 + 0.5 * draw(key, 5));
  const volume = Math.round(s.volume * share);
  const count = Math.round(s.count * share);
  const [a, b] = ranges;
  const first = { ...a, key: mix(key, 21), from: s.from, to: middle, volume, count };
  const second = {
    ...b,
    key: mix(key, 22),
    from: middle,
    to: s.to,
    volume: s.volume - volume,
    count: s.count - count,
  };
  return withTurnover(s, first, second, draw(key, 10));
}

type Prices = Pick<Stretch, 'open' | 'high' | 'low' | 'close'>;

/** Where the price went in each half. */
function rangesOf(s: Stretch, key: number): [Prices, Prices] {
  // One half touches the high, mostly the other one the low: a rise has its low first. That is what makes short
  // stretches move less than long ones.
  const highFirst = draw(key, 3) < (s.close < s.open ? 0.85 : 0.15);
  const lowFirst = draw(key, 4) < 0.85 ? !highFirst : highFirst;
  const meet = meetingPoint(s, key);
  const half = (open: number, close: number, high: boolean, low: boolean, n: number): Prices => ({
    open,
    close,
    high: reach(Math.max(open, close), s.high, high, draw(key, n)),
    low: reach(Math.min(open, close), s.low, low, draw(key, n + 1)),
  });
  return [half(s.open, meet, highFirst, lowFirst, 6), half(meet, s.close, !highFirst, !lowFirst, 8)];
}

/**
 * The price at which the halves meet: mostly there, where the middles of their ranges make up the average price of
 * the whole. So an average price that was promised above can be kept below.
 */
function meetingPoint(s: Stretch, key: number): number {
  const range = s.high - s.low;
  const mean = s.volume > 0 ? s.turnover / s.volume : (s.open + s.close) / 2;
  const part = range > 0 ? (mean - s.low) / range : 0;
  const noise = (draw(key, 1) + draw(key, 2) - 1) * 0.3;
  return Math.round(s.low + range * clamp(2 * part - 0.5 + noise, 0, 1));
}

/** How far up its range an average price lies, 0 to 1. */
const NEAR_END = 0.05;

/** The average price that is so far up a range. */
const at = ({ low, high }: Prices, part: number) => low + (high - low) * part;

/**
 * The first half's share of the volume: as drawn, or moved to where the halves' ranges can make up the whole's
 * average price.
 */
function shareOf(whole: Stretch, [a, b]: [Prices, Prices], drawn: number): number {
  if (whole.volume === 0) return 0;
  const mean = whole.turnover / whole.volume;
  const low = drawn * a.low + (1 - drawn) * b.low;
  const high = drawn * a.high + (1 - drawn) * b.high;
  const part = (mean - low) / Math.max(1e-9, high - low);
  if (part >= NEAR_END && part <= 1 - NEAR_END) return drawn;
  const wanted = clamp(part, NEAR_END, 1 - NEAR_END);
  const share = (mean - at(b, wanted)) / (at(a, wanted) - at(b, wanted));
  return Number.isFinite(share) ? clamp(share, 0.1, 0.9) : drawn;
}

type Half = Omit<Stretch, 'turnover'>;

/** How much further up its range one half's average price may lie than the other's, at most. */
const DRIFT = 0.7;

/** Shares the turnover out: each half's average price is about as far up its range as the other's. */
function withTurnover(whole: Stretch, first: Half, second: Half, chance: number): [Stretch, Stretch] {
  const low = first.low * first.volume + second.low * second.volume;
  const high = first.high * first.volume + second.high * second.volume;
  const part = high > low ? (whole.turnover - low) / (high - low) : 0.5;
  const widest = first.high === second.high && first.low === second.low;
  if ((part < 0 || part > 1) && !widest) {
    // Too few shares to make up the average within these ranges: both get the whole range, which always fits.
    const range = { high: whole.high, low: whole.low };
    return withTurnover(whole, { ...first, ...range }, { ...second, ...range }, chance);
  }
  const least = Math.max(first.low * first.volume, whole.turnover - second.high * second.volume);
  const most = Math.min(first.high * first.volume, whole.turnover - second.low * second.volume);
  const even = at(first, clamp(part, 0, 1)) * first.volume;
  const turnover = even + (chance < 0.5 ? least - even : most - even) * Math.abs(chance - 0.5) * DRIFT;
  return [
    { ...first, turnover },
    { ...second, turnover: whole.turnover - turnover },
  ];
}

/** The second that `second` falls into. */
export function leafAt(root: Stretch, second: number): Stretch {
  let at = root;
  while (at.to - at.from > 1) {
    const [first, later] = halves(at);
    at = second < later.from ? first : later;
  }
  return at;
}

/** Two stretches that follow each other as one; its key is of no use any more. */
export function join(a: Stretch | undefined, b: Stretch): Stretch {
  if (!a) return b;
  return {
    key: 0,
    from: a.from,
    to: b.to,
    open: a.open,
    close: b.close,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    volume: a.volume + b.volume,
    turnover: a.turnover + b.turnover,
    count: a.count + b.count,
  };
}

/** What happened from one second to before another, both within the root. */
export function between(root: Stretch, from: number, to: number): Stretch | undefined {
  if (from >= root.to || to <= root.from || from >= to) return undefined;
  if (from <= root.from && to >= root.to) return root;
  const [first, later] = halves(root);
  const before = between(first, from, to);
  const after = between(later, from, to);
  return before && after ? join(before, after) : (before ?? after);
}

import type { BarKind } from '../../../../tws/bar-kinds.ts';
import type { Contract } from '../contracts/contract.ts';
import type { Market } from '../market/market.ts';
import { halves, join, type Stretch } from '../market/stretch.ts';
import { type Day, dateOf, fromEastern, weekday } from '../time/zone.ts';
import { type Shape, shape } from './kinds.ts';
import { partsOf, type Span } from './sessions.ts';
import type { BarSize } from './sizes.ts';

/** One bar. US dollars, shares or contracts; -1 where the kind has no volume. */
export interface Bar extends Shape {
  readonly day: Day;
  /** Milliseconds since 1970. */
  readonly start: number;
}

/** The bars of a kind over spans of trading time, oldest first; days, weeks and months whole, the rest by the clock. */
export function barsOf(
  market: Market,
  contract: Contract,
  spans: readonly Span[],
  size: BarSize,
  kind: BarKind,
  useRTH: boolean,
): Bar[] {
  const seconds = size.unit === 'second' ? size.seconds : Number.POSITIVE_INFINITY;
  const bars = spans.flatMap((span) =>
    stretches(market, contract, span, seconds, useRTH).map((stretch) => {
      const start = fromEastern(span.day, stretch.from);
      return { day: span.day, start, ...shape(kind, contract, stretch, span.day) };
    }),
  );
  if (size.unit === 'week') return merge(bars, ({ day }) => day - ((weekday(day) + 6) % 7));
  if (size.unit === 'month') return merge(bars, ({ day }) => dateOf(day).year * 12 + dateOf(day).month);
  return bars;
}

/** What the underlying did in each `seconds` of a span, aligned to the clock. */
function stretches(
  market: Market,
  contract: Contract,
  span: Span,
  seconds: number,
  useRTH: boolean,
): Stretch[] {
  const found: Stretch[] = [];
  const to = Math.floor(span.to);
  const bucket = (second: number) => Math.floor(second / seconds);
  const visit = (s: Stretch): void => {
    if (s.from >= to || s.to <= span.from) return;
    const inside = s.from >= span.from && s.to <= to;
    if (inside && bucket(s.from) === bucket(s.to - 1)) {
      const last = found.at(-1);
      if (last && bucket(last.from) === bucket(s.from)) found[found.length - 1] = join(last, s);
      else found.push(s);
      return;
    }
    for (const half of halves(s)) visit(half);
  };
  for (const part of partsOf(useRTH)) visit(market.segment(contract, span.day, part));
  return found;
}

function merge(bars: readonly Bar[], groupOf: (bar: Bar) => number): Bar[] {
  const merged: Bar[] = [];
  for (const bar of bars) {
    const last = merged.at(-1);
    if (last && groupOf(last) === groupOf(bar)) merged[merged.length - 1] = together(last, bar);
    else merged.push(bar);
  }
  return merged;
}

function together(a: Bar, b: Bar): Bar {
  const hasVolume = a.volume >= 0;
  const volume = a.volume + b.volume;
  return {
    // A week's or month's bar carries the date of its last trading day.
    day: b.day,
    start: a.start,
    open: a.open,
    high: Math.max(a.high, b.high),
    low: Math.min(a.low, b.low),
    close: b.close,
    volume: hasVolume ? volume : -1,
    wap: hasVolume && volume > 0 ? (a.wap * a.volume + b.wap * b.volume) / volume : a.wap,
    count: hasVolume ? a.count + b.count : -1,
  };
}

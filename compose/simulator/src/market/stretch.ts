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
  const spread = s.high - s.low;
  const line = (s.open + s.close) / 2;
  const drawn = s.low + (spread * (draw(key, 1) + draw(key, 2))) / 2;
  const meet = clamp(Math.round((line + drawn) / 2), s.low, s.high);
  // One half touches the high, mostly the other one the low: a rise has its low first. That is what makes short
  // stretches move less than long ones.
  const highFirst = draw(key, 3) < (s.close < s.open ? 0.85 : 0.15);
  const lowFirst = draw(key, 4) < 0.85 ? !highFirst : highFirst;
  const volume = Math.round(s.volume * clamp(0.25 + 0.5 * draw(key, 5), 0, 1));
  const count = Math.min(Math.round((s.count * volume) / Math.max(1, s.volume)), s.count);
  const first = {
    key: mix(key, 21),
    from: s.from,
    to: middle,
    open: s.open,
    close: meet,
    high: reach(Math.max(s.open, meet), s.high, highFirst, draw(key, 6)),
    low: reach(Math.min(s.open, meet), s.low, lowFirst, draw(key, 7)),
    volume,
    count,
  };
  const second = {
    key: mix(key, 22),
    from: middle,
    to: s.to,
    open: meet,
    close: s.close,
    high: reach(Math.max(meet, s.close), s.high, !highFirst, draw(key, 8)),
    low: reach(Math.min(meet, s.close), s.low, !lowFirst, draw(key, 9)),
    volume: s.volume - volume,
    count: s.count - count,
  };
  return withTurnover(s, first, second, draw(key, 10));
}

type Half = Omit<Stretch, 'turnover'>;

/** Shares the turnover out so that each half's average price lies between its low and its high. */
function withTurnover(whole: Stretch, first: Half, second: Half, chance: number): [Stretch, Stretch] {
  const least = (a: Half, b: Half) => Math.max(a.low * a.volume, whole.turnover - b.high * b.volume);
  const most = (a: Half, b: Half) => Math.min(a.high * a.volume, whole.turnover - b.low * b.volume);
  if (least(first, second) > most(first, second)) {
    // Their ranges are too narrow for the whole's average: both get the whole range, which always fits.
    const range = { high: whole.high, low: whole.low };
    return withTurnover(whole, { ...first, ...range }, { ...second, ...range }, chance);
  }
  const low = least(first, second);
  const turnover = low + (most(first, second) - low) * (0.25 + 0.5 * chance);
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

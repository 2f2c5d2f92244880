/** The length of one bar: so many seconds, or whole days, weeks or months. */
export type BarSize =
  | { readonly unit: 'second'; readonly seconds: number }
  | { readonly unit: 'day' | 'week' | 'month' };

const UNITS: Readonly<Record<string, number>> = {
  sec: 1,
  secs: 1,
  min: 60,
  mins: 60,
  hour: 3600,
  hours: 3600,
};
const ALLOWED = new Set([
  1, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 14400, 28800,
]);

/** Reads `5 mins` or `1 day`; undefined for a size the API doesn't have. */
export function parseBarSize(text: string): BarSize | undefined {
  const match = /^\s*(\d+)\s*([A-Za-z]+)\s*$/.exec(text);
  const count = Number(match?.[1]);
  const unit = (match?.[2] ?? '').toLowerCase();
  if (count === 1 && /^(d|day|days)$/.test(unit)) return { unit: 'day' };
  if (count === 1 && /^(w|week|weeks)$/.test(unit)) return { unit: 'week' };
  if (count === 1 && /^(m|month|months)$/.test(unit)) return { unit: 'month' };
  const seconds = count * (UNITS[unit] ?? 0);
  return ALLOWED.has(seconds) ? { unit: 'second', seconds } : undefined;
}

/** How far back from its end a query reaches. */
export interface Duration {
  readonly count: number;
  readonly unit: 'S' | 'D' | 'W' | 'M' | 'Y';
}

/** Reads `2 D`; a bare number counts seconds. Undefined when it is none. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^\s*(\d{1,6})\s*([SDWMY])?\s*$/i.exec(text);
  const count = Number(match?.[1]);
  if (!match || count < 1) return undefined;
  return { count, unit: (match[2]?.toUpperCase() ?? 'S') as Duration['unit'] };
}

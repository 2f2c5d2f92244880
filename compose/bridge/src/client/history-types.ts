import type { BarKind } from '../../../../tws/bar-kinds.ts';
import type { Contract } from './types.ts';

/** One request for bars, as it goes out. */
export interface HistoryQuery {
  readonly contract: Contract;
  /** `YYYYMMDD-HH:MM:SS` in UTC, or empty for now. */
  readonly end: string;
  /** `1800 S`, `5 D`, `1 Y`: back from the end. */
  readonly duration: string;
  /** `1 min`, `1 day`, ... */
  readonly barSize: string;
  readonly what: BarKind;
  /** Regular trading hours only. */
  readonly useRth: boolean;
}

/** One bar. Volume, average and count are left out where the kind has none. */
export interface Bar {
  /** Seconds since 1970 at which the bar begins; for bars of a day and more the day, YYYYMMDD. */
  readonly time: number | string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume?: number;
  /** Average price, weighted by volume. */
  readonly average?: number;
  /** How many trades. */
  readonly count?: number;
}

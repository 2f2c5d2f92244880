import { BridgeError } from '../errors.ts';
import type { ExecutionBook, ReportedExecution } from './execution-book.ts';
import type { Past, Range } from './store/past.ts';

export interface ExecutionQuery {
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Not included. */
  readonly until?: number | undefined;
  readonly symbol?: string | undefined;
  readonly limit: number;
}

export interface ExecutionPage {
  /** In the order they were told; of one moment all or none. */
  readonly executions: readonly ReportedExecution[];
  /** Milliseconds since 1970: what fits and was before is asked for with this as `until`; null when that is all. */
  readonly earlier: number | null;
}

type PastExecutions = Pick<Past<ReportedExecution>, 'ranges' | 'valuesOf' | 'segmentMayHave'>;

/** Segments read for one answer, about 10 ms each: a rare symbol is looked for in several steps. */
const MOST_SEGMENTS = 8;

/** What an execution on the disk is found by beside its id. */
export function symbolKey(symbol: string): string {
  return `symbol ${symbol}`;
}

/** Every execution, in memory or on the disk alone. */
export class AllExecutions {
  readonly #book: Pick<ExecutionBook, 'list'>;
  readonly #past: PastExecutions;

  constructor(book: Pick<ExecutionBook, 'list'>, past: PastExecutions) {
    this.#book = book;
    this.#past = past;
  }

  /** The latest that fit. @throws BridgeError `journal-failed` when the disk cannot be read. */
  async page(query: ExecutionQuery): Promise<ExecutionPage> {
    try {
      return await this.#page(query);
    } catch (error) {
      throw new BridgeError('journal-failed', (error as Error).message, { cause: error });
    }
  }

  async #page(query: ExecutionQuery): Promise<ExecutionPage> {
    const young = this.#book.list.filter((each) => fits(each, query));
    const segments = this.#segmentsFor(query);
    const old: ReportedExecution[][] = [];
    let count = young.length;
    while (segments.length > 0 && count < query.limit && old.length < MOST_SEGMENTS) {
      const found = await this.#past.valuesOf(segments.shift()?.number ?? 0);
      old.unshift(found.filter((each) => fits(each, query)));
      count += old[0]?.length ?? 0;
    }
    // Up to there everything was looked at; what lies before is told with those not looked at.
    const seenSince = Math.max(...segments.map(({ to }) => to + 1));
    return pageOf(unique([...old.flat(), ...young]), query.limit, seenSince);
  }

  /** Those that may have something of it, the latest first. */
  #segmentsFor({
    since = Number.NEGATIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    symbol,
  }: ExecutionQuery) {
    const isWanted = ({ from, to, number }: Range & { readonly number: number }) =>
      to >= since &&
      from < until &&
      (symbol === undefined || this.#past.segmentMayHave(number, symbolKey(symbol)));
    return this.#past.ranges.filter(isWanted).sort((one, other) => other.to - one.to);
  }
}

/** One whose time cannot be read is in no span of time, and in answers without one. */
function fits({ at, execution }: ReportedExecution, { since, until, symbol }: ExecutionQuery): boolean {
  return (
    (since === undefined || (at !== null && at >= since)) &&
    (until === undefined || (at !== null && at < until)) &&
    (symbol === undefined || execution.contract.symbol === symbol)
  );
}

/** One can be in memory and on the disk, after a crash while it was moved. */
function unique(executions: readonly ReportedExecution[]): ReportedExecution[] {
  return [...new Map(executions.map((each) => [each.execution.execId, each])).values()];
}

function pageOf(found: readonly ReportedExecution[], limit: number, seenSince: number): ExecutionPage {
  const moments = found.flatMap(({ at }) => (at === null ? [] : [at])).sort((one, other) => other - one);
  const limited = moments[limit - 1];
  const isCut = limited !== undefined && moments.length > limit;
  const begin = Math.max(seenSince, isCut ? limited : Number.NEGATIVE_INFINITY);
  const executions = found.filter(({ at }) => at === null || at >= begin);
  const isWhole =
    begin === Number.NEGATIVE_INFINITY || (seenSince < begin && executions.length === found.length);
  return { executions, earlier: isWhole ? null : begin };
}

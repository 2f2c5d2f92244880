import { BridgeError } from '../errors.ts';
import { libraryContract } from './convert.ts';
import type { HistoryBudget } from './history-pacing.ts';
import type { Bar, HistoryQuery } from './history-types.ts';
import { EventName, type IBApi } from './library.ts';
import type { Requests } from './requests.ts';
import type { CallOptions } from './types.ts';

/** Everything that goes wrong at IBKR's historical service has this one code; the text tells what. */
const HISTORICAL_SERVICE = 162;
/** Seconds since 1970, and not text in the time zone of the gateway's login. */
const EPOCH = 2;

/** Historical data of one connection. */
export class History {
  readonly #api: IBApi;
  readonly #requests: Requests;
  readonly #budget: HistoryBudget;

  constructor(api: IBApi, requests: Requests, budget: HistoryBudget) {
    this.#api = api;
    this.#requests = requests;
    this.#budget = budget;
    // The library marks the end with a bar whose time is `finished-...`.
    api.on(EventName.historicalData, (id, time, open, high, low, close, volume, count, average) => {
      if (time.startsWith('finished')) requests.end(id);
      else requests.row(id, barOf(time, { open, high, low, close, volume, count, average }));
    });
  }

  /** @throws BridgeError as Requests.open does; `pacing-exhausted` too when the gateway itself says so. */
  async ask(query: HistoryQuery, options: CallOptions): Promise<Bar[]> {
    try {
      return await this.#send(query, options);
    } catch (error) {
      if (error instanceof BridgeError && error.details.ib?.code === HISTORICAL_SERVICE)
        return refused(error);
      throw error;
    }
  }

  /** Milliseconds until the last of these could go out. */
  waitFor(queries: readonly HistoryQuery[]): number {
    return this.#budget.waitFor(queries);
  }

  #send(query: HistoryQuery, options: CallOptions): Promise<Bar[]> {
    const { contract, end, duration, barSize, what, useRth } = query;
    return this.#requests.open(
      'historical data',
      options,
      (id) =>
        this.#api.reqHistoricalData(
          id,
          libraryContract(contract),
          end,
          duration,
          barSize as never,
          what as never,
          useRth ? 1 : 0,
          EPOCH,
          false,
        ),
      { when: 'late', send: (id) => this.#api.cancelHistoricalData(id) },
      this.#budget.of(query),
    );
  }
}

function refused(error: BridgeError): Bar[] {
  const text = error.details.ib?.message ?? '';
  if (/no data/i.test(text)) return [];
  if (!/pacing/i.test(text)) throw error;
  const ib = error.details.ib;
  throw new BridgeError('pacing-exhausted', text, { retryAfterSeconds: 60, ...(ib && { ib }) });
}

type Numbers = Record<'open' | 'high' | 'low' | 'close' | 'volume' | 'average', number> & {
  count: number | undefined;
};

/** Kinds without a volume have -1 in its place. A day is eight digits, and no second since 1970 has so few. */
function barOf(time: string, { volume, average, count = -1, ...prices }: Numbers): Bar {
  return {
    time: time.length === 8 ? time : Number(time),
    ...prices,
    ...(volume >= 0 && { volume }),
    ...(average >= 0 && volume >= 0 && { average }),
    ...(count >= 0 && { count }),
  };
}

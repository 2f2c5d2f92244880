import type { Contract } from '../client/types.ts';
import type { Cancel, Clock } from '../clock.ts';
import { BridgeError, type IbMessage } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { Feeds } from './feeds.ts';
import { isWhole, type Quote } from './quote-state.ts';

export interface QuotesOptions {
  readonly feeds: Pick<Feeds, 'listen'>;
  readonly clock: Clock;
  readonly timings: Timings;
}

/**
 * One quote, collected from a subscription: a snapshot of the gateway's own may not carry generic ticks, and its end
 * takes up to 11 seconds. The first value shows that data flows; from then on the others get their time to come.
 * @throws BridgeError `gateway-timeout` when not one value came, `market-data-refused`, and those of Feeds.listen.
 */
export function quoteOf(contract: Contract, options: QuotesOptions): Promise<Quote> {
  const { feeds, clock, timings } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Quote>();
  let latest: Quote | undefined;
  let settled = false;
  let leave: Cancel = () => {};
  const settle = (finish: () => void) => {
    settled = true;
    cancel();
    leave();
    finish();
  };
  let cancel = clock.after(timings.request, () => settle(() => reject(silent(contract, timings.request))));
  const hear = (quote: Quote) => {
    const isFirst = latest === undefined;
    latest = quote;
    if (isWhole(quote, contract.secType)) settle(() => resolve(quote));
    else if (isFirst) {
      cancel();
      cancel = clock.after(timings.quote, () => settle(() => resolve(latest ?? quote)));
    }
  };
  try {
    leave = feeds.listen('quote', contract, {
      news: hear,
      advised: (message) => {
        if (latest !== undefined) return;
        cancel();
        cancel = clock.after(timings.quote, () => settle(() => reject(refused(contract, message))));
      },
      interrupted: (reason) => settle(() => reject(new BridgeError('session-lost', reason))),
      restored: () => {},
      refused: (error) => settle(() => reject(error)),
      ended: () => settle(() => reject(new BridgeError('shutting-down', 'the bridge shuts down'))),
    });
  } catch (error) {
    settle(() => reject(error));
  }
  // What was known already is told before there is anything to leave.
  if (settled) leave();
  return promise;
}

function refused({ symbol }: Contract, ib: IbMessage): BridgeError {
  return new BridgeError('market-data-refused', `quote of ${symbol}: ${ib.message}`, { ib });
}

function silent({ symbol }: Contract, milliseconds: number): BridgeError {
  return new BridgeError('gateway-timeout', `no market data of ${symbol} came within ${milliseconds} ms`);
}

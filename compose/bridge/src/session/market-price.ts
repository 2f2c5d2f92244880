import type { Contract } from '../client/types.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { Timings } from '../timings.ts';
import type { Feeds } from './feeds.ts';
import type { Quote } from './quote-state.ts';

export interface MarketPriceOptions {
  readonly feeds: Pick<Feeds, 'listen'>;
  readonly clock: Clock;
  readonly timings: Pick<Timings, 'quote'>;
}

/**
 * What a contract is worth about now: the highest of the first prices that come, for a limit must not be passed by
 * a low one. Waits no longer than for a quote.
 * @returns undefined when no price is to be had: not subscribed, not traded, or nothing came in time
 */
export function marketPrice(contract: Contract, options: MarketPriceOptions): Promise<number | undefined> {
  const { feeds, clock, timings } = options;
  return new Promise((resolve) => {
    let settled = false;
    let leave: Cancel = () => {};
    const settle = (price?: number) => {
      if (settled) return;
      settled = true;
      cancel();
      leave();
      resolve(price);
    };
    const cancel = clock.after(timings.quote, () => settle());
    try {
      leave = feeds.listen('quote', contract, {
        news: (quote) => {
          const price = highest(quote);
          if (price !== undefined) settle(price);
        },
        advised: () => {},
        interrupted: () => settle(),
        restored: () => {},
        refused: () => settle(),
        ended: () => settle(),
      });
    } catch {
      settle();
    }
    // What was known already is told before there is anything to leave.
    if (settled) leave();
  });
}

function highest({ values }: Quote): number | undefined {
  const prices = [values.ask, values.last, values.bid, values.close].filter(
    (price): price is number => typeof price === 'number' && price > 0,
  );
  return prices.length === 0 ? undefined : Math.max(...prices);
}

import type { z } from '@hono/zod-openapi';
import type { Quote } from '../session/quote-state.ts';
import type { quoteAnswer } from './schemas/quote.ts';

export type QuoteView = Omit<z.infer<typeof quoteAnswer>, 'contract'>;

/** A quote as clients see it. */
export function viewOf({ values, greeks, delayed }: Quote): QuoteView {
  const { lastTime } = values;
  return {
    bid: values.bid ?? null,
    ask: values.ask ?? null,
    last: values.last ?? null,
    bidSize: values.bidSize ?? null,
    askSize: values.askSize ?? null,
    lastSize: values.lastSize ?? null,
    open: values.open ?? null,
    high: values.high ?? null,
    low: values.low ?? null,
    close: values.close ?? null,
    volume: values.volume ?? null,
    lastTime: lastTime ? new Date(lastTime * 1_000).toISOString() : null,
    callVolume: values.callVolume ?? null,
    putVolume: values.putVolume ?? null,
    callOpenInterest: values.callOpenInterest ?? null,
    putOpenInterest: values.putOpenInterest ?? null,
    historicalVolatility: values.historicalVolatility ?? null,
    impliedVolatility: values.impliedVolatility ?? null,
    // The schema says optional, which the OpenAPI generator understands; JSON has no undefined.
    greeks: Object.keys(greeks).length > 0 ? (greeks as QuoteView['greeks']) : null,
    delayed,
  };
}

/** What an option is worth and how that changes: per dollar, per point of volatility, per day. */
export interface Greeks {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
}

const RATE = 0.04;
const YEAR_DAYS = 365;

/** The normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = density(x) * poly;
  return x >= 0 ? 1 - tail : tail;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Black and Scholes, without dividends.
 * @param days to expiration
 * @param volatility of a year, as a fraction
 */
export function greeks(
  spot: number,
  strike: number,
  days: number,
  volatility: number,
  right: 'C' | 'P',
): Greeks {
  const years = Math.max(days, 0.25) / YEAR_DAYS;
  const deviation = volatility * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (RATE + volatility ** 2 / 2) * years) / deviation;
  const d2 = d1 - deviation;
  const discount = strike * Math.exp(-RATE * years);
  const sign = right === 'C' ? 1 : -1;
  const price = sign * (spot * normal(sign * d1) - discount * normal(sign * d2));
  const decay = (-spot * density(d1) * volatility) / (2 * Math.sqrt(years));
  return {
    price: Math.max(0, price),
    delta: sign * normal(sign * d1),
    gamma: density(d1) / (spot * deviation),
    vega: (spot * density(d1) * Math.sqrt(years)) / 100,
    theta: (decay - sign * RATE * discount * normal(sign * d2)) / YEAR_DAYS,
  };
}

/** The volatility a strike trades at: a smile, higher below the money. */
export function impliedVolatility(volatility: number, spot: number, strike: number): number {
  const money = Math.log(strike / spot);
  return Math.min(2, Math.max(0.05, volatility * (1 - 0.35 * money + 0.5 * money * money)));
}

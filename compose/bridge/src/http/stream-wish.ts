import { BridgeError } from '../errors.ts';
import type { Contract, ContractWish } from '../session/contracts.ts';
import type { AppDeps } from './deps.ts';
import type { Kind } from './stream.ts';

/** What a listener asks for. */
export interface Wish {
  readonly symbols: readonly string[];
  readonly kinds: readonly Kind[];
  readonly exchange: string;
  readonly currency: string;
}

/** The contracts of a wish. @throws BridgeError the session's, and as Contracts.qualify does. */
export function contractsOf(
  { symbols, exchange, currency }: Wish,
  { session, data, timings }: Pick<AppDeps, 'session' | 'data' | 'timings'>,
): Promise<Contract[]> {
  const { client } = session.require('read');
  const call = { deadline: timings.request, priority: 'request' } as const;
  const wishes: ContractWish[] = symbols.map((symbol) => ({ symbol, secType: 'STK', exchange, currency }));
  return Promise.all(wishes.map((wish) => data.contracts.qualify(client, wish, call)));
}

/** @throws BridgeError `shutting-down`: a stream that begins now would only hold the end up. */
export function refuseWhenOver(isClosing: boolean): void {
  if (isClosing) throw shuttingDown();
}

export function shuttingDown(): BridgeError {
  return new BridgeError('shutting-down', 'no new work is taken', { retryAfterSeconds: 5 });
}

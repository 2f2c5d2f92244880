import type { Request, RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import { lookup, type Query } from '../contracts/lookup.ts';
import type { Session } from '../server/session.ts';
import { toEastern } from '../time/zone.ts';
import type { World } from '../world.ts';

/** Answers one kind of request. */
export type Handler<N extends Request['type']> = (
  world: World,
  session: Session,
  request: RequestOf<N>,
) => void;

/** A table of handlers by request type. */
export type Handlers = { [N in Request['type']]?: Handler<N> };

export const NO_DEFINITION = 'No security definition has been found for the request';

/** The only contract that fits a query; sends code 200 under `id` and returns undefined when none or several do. */
export function resolve(world: World, session: Session, id: number, query: Query): Contract | undefined {
  const [contract, another] = lookup(query, toEastern(world.clock.now()).day);
  if (!contract) session.error(id, 200, NO_DEFINITION);
  else if (another) {
    session.error(id, 200, `The contract description specified for ${contract.symbol} is ambiguous.`);
    return undefined;
  }
  return contract;
}

/** The text gateways begin a validation error (code 321) with. */
export function invalid(cause: string): string {
  return `Error validating request.-'bW' : cause - ${cause}`;
}

/** Code 322: the id of a request that still streams, or one stream too many. */
export function duplicate(session: Session, reqId: number): void {
  session.error(reqId, 322, "Error processing request.-'bY' : cause - Duplicate ticker id");
}

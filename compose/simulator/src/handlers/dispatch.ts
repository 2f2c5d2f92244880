import type { Request } from '../../../../tws/index.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { accountHandlers } from './accounts.ts';
import { contractHandlers } from './contracts.ts';
import { depthHandlers } from './depth.ts';
import { executionHandlers } from './executions.ts';
import type { Handlers } from './handler.ts';
import { historyHandlers } from './history.ts';
import { marketHandlers } from './market.ts';
import { orderHandlers } from './orders.ts';
import { realTimeHandlers } from './realtime.ts';
import { referenceHandlers } from './reference.ts';
import { sessionHandlers } from './session.ts';
import { tickByTickHandlers } from './tickbytick.ts';

const handlers: Handlers = {
  ...sessionHandlers,
  ...accountHandlers,
  ...contractHandlers,
  ...marketHandlers,
  ...depthHandlers,
  ...tickByTickHandlers,
  ...historyHandlers,
  ...realTimeHandlers,
  ...referenceHandlers,
  ...orderHandlers,
  ...executionHandlers,
};

/** Answers a request of a session that is logged in. */
export function dispatch(world: World, session: Session, request: Request): void {
  const handler = handlers[request.type] as
    | ((world: World, session: Session, request: Request) => void)
    | undefined;
  if (handler) handler(world, session, request);
  else world.say('problem', `${session.name}: ${request.type} is not answered by this simulator`);
}

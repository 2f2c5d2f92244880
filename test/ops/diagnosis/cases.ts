import { edgeWays } from './cases/edge.ts';
import { gatewayWays } from './cases/gateway.ts';
import { hostWays } from './cases/host.ts';
import { loginWays } from './cases/login.ts';
import { stackWays } from './cases/stack.ts';
import type { Way } from './way.ts';

/** Every way to break a stack that the diagnosis is held to, outermost first; docs/operations.md is made from it. */
export const WAYS: readonly Way[] = [...edgeWays, ...hostWays, ...stackWays, ...gatewayWays, ...loginWays];

import { deploy } from '../deploy/deploy.ts';
import type { VerbContext } from '../verb.ts';

/** Sends the release of a stack to its host and swaps the services that changed; the gateway as the stack file says. */
export function all(context: VerbContext): Promise<number> {
  return deploy({ name: 'all', only: [] }, context);
}

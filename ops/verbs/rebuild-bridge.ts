import { deploy } from '../deploy/deploy.ts';
import type { VerbContext } from '../verb.ts';

/** Sends the release of a stack to its host and swaps the bridge alone, whatever else has changed. */
export function rebuildBridge(context: VerbContext): Promise<number> {
  return deploy({ name: 'rebuild-bridge', only: ['bridge'] }, context);
}

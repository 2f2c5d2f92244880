import { HOST_FOLDER } from '../../compose/host/folders.ts';
import { type Site, siteOf } from '../deploy/site.ts';
import { readTarget, type Target } from '../target.ts';
import { hostOfTarget } from '../target-host.ts';
import type { VerbContext } from '../verb.ts';

/** Where a verb does its work: a stack, and its site on its host. */
export interface Place {
  readonly site: Site;
  readonly target: Target;
}

/** Does the work at the stack's place, and closes the connection to its host however that ends. Throws as it does. */
export async function atPlace(
  context: VerbContext,
  work: (place: Place) => Promise<number>,
): Promise<number> {
  const target = await readTarget(context.root, context.stack);
  const host = await hostOfTarget(target, context);
  try {
    const folder = String(context.options.hostFolder ?? HOST_FOLDER);
    return await work({ target, site: siteOf(host, folder, target.project) });
  } finally {
    await host.close();
  }
}

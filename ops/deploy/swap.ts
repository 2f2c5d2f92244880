import type { ServicePlan } from '../../compose/plan.ts';
import { composeUp } from '../commands/compose.ts';
import { dockerRemove, dockerStop } from '../commands/docker.ts';
import type { Running } from './intent.ts';
import { releaseFolder, type Site } from './site.ts';

/** Puts one service into the state of the release. Throws command-failed when it does not become healthy. */
export async function swap(
  site: Site,
  id: string,
  { name, change }: ServicePlan,
  was: Running | undefined,
): Promise<void> {
  if (change !== 'removed') {
    await site.host.run(composeUp(releaseFolder(site, id), name, { wait: waits(name) }));
  } else if (was) {
    await site.host.run(dockerStop(was.name));
    await site.host.run(dockerRemove(was.name));
  }
}

/** Puts services back to what they were, in the opposite order; the gateway never goes back by itself. */
export async function goBack(
  { host }: Site,
  project: string,
  touched: readonly ServicePlan[],
  running: readonly Running[],
): Promise<void> {
  for (const { name } of touched.toReversed().filter((service) => service.name !== 'gateway')) {
    const was = running.find(({ service }) => service === name);
    if (was) await host.run(composeUp(was.folder, name, { wait: waits(name) }));
    else await host.run(dockerRemove(`${project}-${name}-1`));
  }
}

/** A gateway may wait minutes for its login, or for a person: its health says nothing yet. */
function waits(name: string): boolean {
  return name !== 'gateway';
}

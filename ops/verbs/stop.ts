import { composeStop } from '../commands/compose.ts';
import { putMarker, removeMarkers } from '../commands/host-site.ts';
import { takeBackNoMore } from '../commands/take-back.ts';
import { follow } from '../runbook/follow.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { ended } from '../situation/answers.ts';
import { markerOf } from '../situation/marker.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds all services may take to end. */
const END_SECONDS = 180;

/** Stops a stack so that nothing but a person starts it again: no restart policy, no reboot, no agent, no apply. */
export async function stop(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => follow(runbook(place, context), place, context));
}

function runbook({ site, target }: Place, context: VerbContext): Runbook {
  const { project, services, stack } = target;
  const { where } = site.host;
  return {
    name: 'stop',
    says: [
      `stop ${services.join(', ')} of ${stack} on ${where}; nothing but --${stack}-start starts them again`,
    ],
    costs: [
      services.includes('gateway')
        ? 'nothing is served until then; the gateway logs out, and its next start is a full login'
        : 'nothing is served until then',
    ],
    serious: true,
    services: services.map((name) => `${name} stopped`),
    steps: [
      {
        title: 'writing down that it is stopped',
        run: async (tools) => {
          await tools.site.host.run(putMarker(site.folder, 'stopped', markerOf(context, { what: 'stop' })));
          // A session that was lent is not to be taken back by its timer.
          await tools.site.host.run(removeMarkers(site.folder, 'lent'));
          await tools.site.host.run(takeBackNoMore(site.folder, project));
          return undefined;
        },
        left: `nothing starts the stack any more, and what runs goes on; --${stack}-start takes that back`,
      },
      {
        title: 'stopping its services, the gateway by a logout',
        run: async (tools) => {
          await tools.site.host.run(composeStop(project));
          await tools.until(ended(project, services, END_SECONDS));
          return undefined;
        },
      },
    ],
    done: `${stack} is stopped on ${where}: --${stack}-start brings it back`,
    seconds: END_SECONDS + 300,
  };
}

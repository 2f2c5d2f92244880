import { composeRestart } from '../commands/compose.ts';
import { follow } from '../runbook/follow.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { apiBack, healthy } from '../situation/answers.ts';
import { needContainer, needStarted } from '../situation/refusals.ts';
import { readContainers, readSite } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds the bridge may take to be healthy, and its session to be as good as before. */
const HEALTHY_SECONDS = 120;
const SESSION_SECONDS = 120;

/** Restarts the bridge as it is; the gateway and its session with IBKR stay. */
export async function restartBridge(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    needStarted(await readSite(place.site), place);
    needContainer(await readContainers(place.site, place.target), 'bridge', place);
    return follow(runbook(place), place, context);
  });
}

function runbook({ site, target }: Place): Runbook {
  const { project } = target;
  return {
    name: 'restart-bridge',
    says: [`restart the bridge of ${target.stack} on ${site.host.where}; the gateway is left alone`],
    costs: ['requests wait some seconds at Caddy; one that is under way may fail; no 2FA'],
    serious: false,
    services: ['bridge restarted'],
    steps: [
      {
        title: 'restarting the bridge',
        run: async (tools) => {
          await tools.site.host.run(composeRestart(project, 'bridge'));
          await tools.until(healthy(project, 'bridge', HEALTHY_SECONDS));
          return undefined;
        },
        left: 'the bridge runs anew; nobody has looked whether its session stands',
      },
      {
        title: 'waiting until the API answers as before',
        run: async (tools) => {
          if (tools.before && !tools.before.healthy) return 'it did not before';
          await tools.until(apiBack(target, SESSION_SECONDS));
          return undefined;
        },
      },
    ],
    done: `the bridge of ${target.stack} runs anew`,
    seconds: HEALTHY_SECONDS + SESSION_SECONDS + 300,
  };
}

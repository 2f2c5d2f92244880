import type { Config } from '../../compose/config.ts';
import { costsOf } from '../../compose/plan.ts';
import { systemClock } from '../clock.ts';
import { composeRestart } from '../commands/compose.ts';
import { ibcTell } from '../commands/ibc.ts';
import { opsError } from '../errors.ts';
import { follow } from '../runbook/follow.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook, Step } from '../runbook/runbook.ts';
import { apiBack, apiGone } from '../situation/answers.ts';
import { whyNotNow } from '../situation/deferral.ts';
import { needContainer, needGateway, needStarted } from '../situation/refusals.ts';
import { readContainers, readSite } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

/** IBC sets the restart to the next full minute, or from second 20 on to the one after (its CommandDispatcher). */
const GONE_SECONDS = 180;

/** A JVM start on a shared core takes 2 to 4 minutes, and a person may take a while to approve a 2FA. */
const BACK_SECONDS = 900;

/** Restarts the gateway: by IBC's RESTART, which needs no 2FA, or `--cold` with a full login. */
export async function restartGateway(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    needGateway(place);
    needStarted(await readSite(place.site), place);
    needContainer(await readContainers(place.site, place.target), 'gateway', place);
    return follow(runbook(place, context), place, context);
  });
}

function runbook(place: Place, { options, clock = systemClock }: VerbContext): Runbook {
  const { site, target } = place;
  const { gateway } = target.config;
  const cold = options.cold === true || gateway.dialect === 'simulated';
  return {
    name: 'restart-gateway',
    says: [`restart the gateway of ${target.stack} on ${site.host.where}${words(gateway, cold)}`],
    costs: [costOf(gateway, cold)],
    serious: true,
    services: [cold ? 'gateway restarted cold' : 'gateway restarted'],
    deferred: whyNotNow(gateway, clock.now()),
    steps: [cold ? restartCold(place) : tellRestart(place), back(place)],
    done: `the gateway of ${target.stack} restarted`,
    seconds: GONE_SECONDS + BACK_SECONDS + 300,
    rehearsed: ({ args }) =>
      args.includes('RESTART') ? { stdout: '7462 OK Restart in progress\n' } : undefined,
  };
}

function words({ dialect }: Config['gateway'], cold: boolean): string {
  if (dialect === 'simulated') return ' (the simulated one: its container)';
  return cold ? ' with a full login' : " by IBC's RESTART, with the login it has";
}

function costOf(gateway: Config['gateway'], cold: boolean): string {
  if (cold) return costsOf('gateway', gateway).stopped ?? 'some seconds';
  return 'no 2FA; no orders and data for 2 to 5 minutes; IBC begins at the next full minute or the one after';
}

function tellRestart({ target }: Place): Step {
  return {
    title: 'telling IBC to restart',
    run: async ({ site, until }) => {
      const { exit, stdout } = await site.host.run(ibcTell(target.project, 'RESTART'));
      const refused = exit !== 0 || !/^\d+ OK/m.test(stdout);
      if (refused) throw opsError('ibc-refused', 'RESTART', site.host.where, stdout.trim());
      await until(apiGone(target, GONE_SECONDS));
      return stdout.trim();
    },
    left: 'the gateway restarts by itself; nobody waits for it',
  };
}

function restartCold({ target }: Place): Step {
  return {
    title: 'stopping the gateway, and starting it with a full login',
    run: async ({ site }) => {
      await site.host.run(composeRestart(target.project, 'gateway'));
      return undefined;
    },
    left: 'the gateway logs in; nobody waits for it',
  };
}

function back({ target }: Place): Step {
  return {
    title: 'waiting until the API answers',
    run: async ({ until }) => {
      await until(apiBack(target, BACK_SECONDS));
      return undefined;
    },
  };
}

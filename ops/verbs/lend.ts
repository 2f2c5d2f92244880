import { systemClock } from '../clock.ts';
import { composeStop } from '../commands/compose.ts';
import { dockerRestartPolicy } from '../commands/docker.ts';
import { putMarker, removeMarkers } from '../commands/host-site.ts';
import { ibcTell } from '../commands/ibc.ts';
import { type Lending, takeBackLater, takeBackNoMore } from '../commands/take-back.ts';
import { durationSeconds } from '../options.ts';
import type { Result } from '../remote.ts';
import { follow } from '../runbook/follow.ts';
import { personHere } from '../runbook/holder.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook, Step, Tools } from '../runbook/runbook.ts';
import { ended } from '../situation/answers.ts';
import { moment } from '../situation/deferral.ts';
import { markerOf } from '../situation/marker.ts';
import { needContainer, needGateway, needStarted } from '../situation/refusals.ts';
import { readContainers, readSite, type StackContainer } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

/** Shorter than its own stop and start it is no lending; a longer one is --stop. */
const LIMITS = { least: 300, most: 48 * 3600 };

/** IBC's PAUSE saves the login and ends the gateway, which may take a minute. */
const PAUSE_SECONDS = 180;

/** Gives the session with IBKR to one's phone or desktop, and has the host take it back after a while. */
export async function lend(context: VerbContext): Promise<number> {
  const seconds = durationSeconds('DURATION', context.args[0] ?? '', LIMITS);
  return atPlace(context, async (place) => {
    needGateway(place);
    needStarted(await readSite(place.site), place);
    const gateway = needContainer(await readContainers(place.site, place.target), 'gateway', place);
    return follow(runbook({ place, gateway, seconds, context }), place, context);
  });
}

interface Lent {
  readonly place: Place;
  readonly gateway: StackContainer;
  readonly seconds: number;
  readonly context: VerbContext;
}

function runbook(lent: Lent): Runbook {
  const { place, context, seconds } = lent;
  const { stack, config } = place.target;
  const until = untilOf(lent);
  const zone = 'timeZone' in config.gateway ? config.gateway.timeZone : 'UTC';
  return {
    name: 'lend',
    says: [
      `pause the gateway of ${stack} on ${place.site.host.where}: its IBKR session is free for your phone or desktop`,
      `taken back by the host itself at ${moment(until, zone)} (in ${Math.round(seconds / 60)} min), or by --${stack}-start`,
    ],
    costs: [
      'no orders and data until then; the bridge stays up and says that its gateway is away',
      'no 2FA afterwards where IBC can pause (3.23 and later) and the weekly login does not fall in between; else a full login',
    ],
    serious: true,
    services: [`gateway lent until ${until.toISOString()}`],
    steps: [keptDown(lent), paused(lent)],
    done: `lent until ${moment(until, zone)}: log in on your device now; --${context.stack}-start takes it back at once`,
    seconds: PAUSE_SECONDS + 600,
    rehearsed: ({ args }) => (args.includes('PAUSE') ? { stdout: '7462 OK\n' } : undefined),
  };
}

function untilOf({ seconds, context: { clock = systemClock } }: Lent): Date {
  return new Date(clock.now().getTime() + seconds * 1000);
}

/** First of all its return is certain: should this run end here, the host takes back what nobody has taken. */
function keptDown(lent: Lent): Step {
  const { place, gateway, seconds, context } = lent;
  const { site, target } = place;
  return {
    title: 'setting the time at which the host takes it back',
    run: async ({ site: { host } }) => {
      const until = untilOf(lent);
      const marker = markerOf(context, { until: until.toISOString() });
      const lending = lendingOf(lent, marker, until);
      try {
        await host.run(putMarker(site.folder, 'lent', marker));
        await host.run(dockerRestartPolicy(gateway.name, 'no'));
        await host.run(takeBackNoMore(site.folder, target.project));
        return timerWords(await host.run(takeBackLater(lending)), lending);
      } catch (error) {
        // Without its timer nobody would take it back: it is not lent.
        await host.run(dockerRestartPolicy(gateway.name, 'unless-stopped')).catch(() => {});
        await host.run(removeMarkers(site.folder, 'lent')).catch(() => {});
        throw error;
      }
    },
    left: `the gateway runs on, and the host starts it in any case in ${Math.round(seconds / 60)} min; --${target.stack}-start ends that`,
  };
}

function timerWords({ stdout }: Result, { unit }: Lending): string {
  const timer = stdout.trim() === 'timer';
  return timer ? `systemd timer ${unit}` : 'no systemd there: a process waits, which a reboot ends';
}

function lendingOf(
  { place: { site, target }, gateway, seconds }: Lent,
  marker: string,
  until: Date,
): Lending {
  const audit = {
    at: until.toISOString(),
    who: `timer of ${personHere()}`,
    what: `--${target.stack}-lend`,
    services: ['gateway taken back'],
    outcome: 'done',
  };
  return {
    folder: site.folder,
    marker,
    container: gateway.name,
    seconds,
    unit: `gatehouse-take-back-${target.project}-${Math.round(until.getTime() / 1000)}`,
    audit: JSON.stringify(audit),
  };
}

function paused({ place: { target } }: Lent): Step {
  const { project, config } = target;
  return {
    title: 'pausing the gateway',
    run: async (tools) => {
      if (config.gateway.dialect === 'simulated')
        return stopped(tools, project, 'the simulated gateway was stopped');
      const { exit, stdout } = await tools.site.host.run(ibcTell(project, 'PAUSE'));
      if (exit !== 0 || !/^\d+ OK/m.test(stdout)) {
        return stopped(
          tools,
          project,
          `IBC does not pause (${stdout.trim()}): stopped by a logout, a full login afterwards`,
        );
      }
      await tools.until(ended(project, ['gateway'], PAUSE_SECONDS));
      return 'paused by IBC';
    },
    left: 'the gateway is away',
  };
}

async function stopped({ site, until }: Tools, project: string, how: string): Promise<string> {
  await site.host.run(composeStop(project, 'gateway'));
  await until(ended(project, ['gateway'], PAUSE_SECONDS));
  return how;
}

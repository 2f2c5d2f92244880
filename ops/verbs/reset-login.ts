import type { IbcConfig } from '../../compose/config/gateway.ts';
import { PATHS, USERS } from '../../compose/spec.ts';
import { systemClock } from '../clock.ts';
import { composeLogs, composeStart, composeStop } from '../commands/compose.ts';
import { settingsAside } from '../commands/gateway-settings.ts';
import { putMarker, removeMarkers } from '../commands/host-site.ts';
import { resetLogins } from '../commands/ibc.ts';
import { follow } from '../runbook/follow.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook, Step } from '../runbook/runbook.ts';
import { apiBack, ended } from '../situation/answers.ts';
import { LOCK_OUT_SECONDS, lockOutLeft } from '../situation/lock-out.ts';
import { markerOf } from '../situation/marker.ts';
import { needContainer, needLogin, needStarted } from '../situation/refusals.ts';
import { readContainers, readSite, type StackContainer } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

const NAME = 'reset-login';

/** Lines of the log that reach back to the last sentence of IBKR about its lock-out. */
const LOG_LINES = 500;

const END_SECONDS = 180;

/** A JVM start on a shared core takes 2 to 4 minutes, and a person may take a while to approve a 2FA. */
const BACK_SECONDS = 900;

/** Stops the gateway, waits until IBKR takes logins again, gives the login budget back, and starts it once. */
export async function resetLogin(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    const gateway = needLogin(place);
    const facts = await readSite(place.site);
    // One that was ended while it waited is gone on with.
    if (facts.stopped?.what !== NAME) needStarted(facts, place);
    const container = needContainer(await readContainers(place.site, place.target), 'gateway', place);
    const wait = await waitSeconds(place, context);
    return follow(runbook({ place, gateway, container, wait, context }), place, context);
  });
}

/** As told by --wait, else by what IBKR said to the gateway last, else some minutes. */
async function waitSeconds(
  { site, target }: Place,
  { options, clock = systemClock }: VerbContext,
): Promise<number> {
  if (typeof options.wait === 'number') return options.wait;
  const { stdout, stderr } = await site.host.run(composeLogs(target.project, 'gateway', LOG_LINES));
  return lockOutLeft(`${stdout}\n${stderr}`, clock.now()) ?? LOCK_OUT_SECONDS;
}

interface Reset {
  readonly place: Place;
  readonly gateway: IbcConfig;
  readonly container: StackContainer;
  readonly wait: number;
  readonly context: VerbContext;
}

function runbook(reset: Reset): Runbook {
  const { place, gateway, wait, context } = reset;
  const { stack } = place.target;
  const fresh = context.options.settings === true;
  const minutes = Math.ceil(wait / 60);
  return {
    name: NAME,
    says: [
      `stop the gateway of ${stack} on ${place.site.host.where}, wait ${minutes} min until IBKR takes logins again,`,
      `give its login budget of ${gateway.loginBudget} back, and start it once`,
      ...(fresh ? ['its settings are kept aside on its volume, and it starts from fresh ones'] : []),
      'a user name that IBKR itself has locked stays so for a day: --wait 24h, or unlock it in the Client Portal first',
    ],
    costs: [
      `no orders and data for ${minutes} min and its start; one full login${gateway.tradingMode === 'paper' ? '' : ', which a person must approve by 2FA'}`,
    ],
    serious: true,
    services: [fresh ? 'gateway login and settings reset' : 'gateway login reset'],
    steps: [stopped(reset), rested(reset), ...(fresh ? [aside(reset)] : []), startedOnce(reset), back(reset)],
    done: `the gateway of ${stack} has logged in`,
    seconds: wait + END_SECONDS + BACK_SECONDS + 600,
  };
}

function stopped({ place: { site, target }, context }: Reset): Step {
  return {
    title: 'stopping the gateway by a logout',
    run: async ({ site: { host }, until }) => {
      await host.run(putMarker(site.folder, 'stopped', markerOf(context, { what: NAME })));
      await host.run(composeStop(target.project, 'gateway'));
      await until(ended(target.project, ['gateway'], END_SECONDS));
      return undefined;
    },
    left: `the gateway is stopped and stays so: --${target.stack}-start starts it`,
  };
}

function rested({ wait }: Reset): Step {
  return {
    title: 'waiting until IBKR takes logins again',
    run: async ({ rest }) => {
      await rest(wait, "IBKR's lock-out");
      return undefined;
    },
  };
}

function aside({ gateway, container, context: { clock = systemClock } }: Reset): Step {
  const gnzsnz = gateway.dialect === 'gnzsnz';
  const stamp = clock
    .now()
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '');
  const { name, image } = container;
  const settings = {
    container: name,
    image,
    user: gnzsnz ? USERS.gnzsnz : USERS.extrange,
    folder: gnzsnz ? PATHS.gatewaySettings : PATHS.extrangeSettings,
  };
  return {
    title: 'keeping the settings aside',
    run: async ({ site }) => (await site.host.run(settingsAside(settings, stamp))).stdout.trim(),
  };
}

/** Where the budget is spent the gateway waits after its start until it is given back; where not, it logs in at once. */
function startedOnce({ place: { site, target } }: Reset): Step {
  return {
    title: 'giving the login budget back, and starting it once',
    run: async ({ site: { host } }) => {
      await host.run(removeMarkers(site.folder));
      await host.run(composeStart(target.project, 'gateway'));
      const { stdout } = await host.run(
        resetLogins(target.project, `${PATHS.gatewayScripts}/reset-logins.sh`),
      );
      return stdout.trim();
    },
    left: 'the gateway logs in; nobody waits for it',
  };
}

function back({ place: { target } }: Reset): Step {
  return {
    title: 'waiting until the API answers',
    run: async ({ until }) => {
      await until(apiBack(target, BACK_SECONDS));
      return undefined;
    },
  };
}

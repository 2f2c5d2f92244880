import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { costsOf } from '../../compose/plan.ts';
import { stackSpec } from '../../compose/stack.ts';
import { type Contents, readContents } from '../backup/contents.ts';
import { type Places, placesOf, usersOf } from '../backup/places.ts';
import { stampOf } from '../backup/stamp.ts';
import { systemClock } from '../clock.ts';
import * as data from '../commands/backup.ts';
import { composeStart, composeStop } from '../commands/compose.ts';
import { opsError } from '../errors.ts';
import { follow } from '../runbook/follow.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { Runbook, Step } from '../runbook/runbook.ts';
import { ended, healthy } from '../situation/answers.ts';
import { readContainers } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds a service may take to end, and to be healthy again. */
const END_SECONDS = 180;
const HEALTHY_SECONDS = 180;

/** Puts the data of a backup in the place of what a stack has; what it had is kept aside. */
export async function restore(context: VerbContext): Promise<number> {
  const { args, options } = context;
  const file = resolve(String(args[0]));
  await readable(file);
  return atPlace(context, async (place) => {
    const { project, config } = place.target;
    const places = placesOf(config);
    const identity = options.identity === undefined ? undefined : resolve(String(options.identity));
    const { stdout: packed } = await context.local.run(data.decrypt(file, identity));
    const contents = await readContents(file, Buffer.from(packed, 'base64'), places.names);
    if (contents.project !== project) throw opsError('backup-foreign', file, contents.project, project);
    const only = { ...places, names: contents.names };
    const users = usersOf(stackSpec(config), contents.names);
    const running = (await readContainers(place.site, place.target))
      .filter(({ service, state }) => users.includes(service) && state === 'running')
      .map(({ service }) => service);
    const stamp = stampOf((context.clock ?? systemClock).now());
    const plan: Plan = { ...place, places: only, contents, packed, stamp, running: inOrder(users, running) };
    return follow(runbook(plan), place, context);
  });
}

/** A file that cannot be read is said before a key is asked for. */
async function readable(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw opsError('file-unreadable', file, error.code ?? error.message);
  });
  await handle.close();
}

const inOrder = (all: readonly string[], some: readonly string[]) =>
  all.filter((service) => some.includes(service));

interface Plan extends Place {
  readonly places: Places;
  readonly contents: Contents;
  /** What is in the backup, as base64. */
  readonly packed: string;
  readonly stamp: string;
  /** The services to stop and start again, in the order they start. */
  readonly running: readonly string[];
}

function runbook(plan: Plan): Runbook {
  const { site, target, places, contents, stamp, running } = plan;
  const names = contents.names.join(', ');
  const kept = data.keptAside(places, stamp);
  const count = data.unpacked(places, stamp);
  return {
    name: 'restore',
    says: [
      `put ${names} of the backup of ${contents.at} (${contents.files} files) in the place of what ${site.host.where} has`,
      `what is there now is kept: ${kept}`,
    ],
    costs: costs(plan),
    serious: true,
    services: contents.names.map((name) => `${name} data restored`),
    steps: [
      unpacking(plan),
      stopping(plan),
      ...contents.names.map((name) => exchanging(plan, name)),
      starting(plan),
    ],
    done: `${names} of ${target.stack} are those of ${contents.at}; what was there before: ${kept}`,
    seconds: (END_SECONDS + HEALTHY_SECONDS) * Math.max(1, running.length) + 3600,
    rehearsed: (command) =>
      command.args.join(' ') === count.args.join(' ') ? { stdout: `${contents.files}\n` } : undefined,
  };
}

function costs({ target, running }: Plan): string[] {
  if (running.length === 0) return ['nothing: none of these services runs'];
  const login = running.includes('gateway') ? costsOf('gateway', target.config.gateway).changed : undefined;
  return [
    `${running.join(', ')} stopped and started again: nothing is served for a minute or two`,
    ...(login ? [login] : []),
  ];
}

function unpacking({ places, stamp, packed, contents }: Plan): Step {
  return {
    title: 'unpacking beside what is in use',
    run: async ({ site: { host } }) => {
      try {
        await host.run(data.unpack(places, stamp, packed));
        const found = (await host.run(data.unpacked(places, stamp))).stdout.trim();
        if (Number(found) !== contents.files)
          throw opsError('restore-incomplete', host.where, found, contents.files);
      } catch (error) {
        await host.run(data.sweep(places, stamp)).catch(() => {});
        throw error;
      }
      return `${contents.files} files, ${contents.bytes} bytes`;
    },
    left: `nothing in use was touched; the unpacked files are beside it`,
  };
}

/** The gateway last to start and first to stop would log in twice for nothing: each is stopped and started once. */
function stopping({ target, running }: Plan): Step {
  return {
    title: `stopping ${running.join(', ') || 'nothing'}`,
    run: async ({ site: { host }, until }) => {
      for (const service of running.toReversed()) await host.run(composeStop(target.project, service));
      if (running.length > 0) await until(ended(target.project, running, END_SECONDS));
      return undefined;
    },
    left: `stopped, with the data of before; --${target.stack}-start starts it again`,
  };
}

function exchanging({ target, places, stamp }: Plan, name: string): Step {
  return {
    title: `exchanging the data of ${name}`,
    run: async ({ site: { host } }) => {
      await host.run(data.exchange(places, name, stamp));
      return undefined;
    },
    left: `stopped, some of the data exchanged; the rest of before is in ${data.keptAside(places, stamp)}; --${target.stack}-start starts it again`,
  };
}

function starting({ target, places, stamp, running }: Plan): Step {
  return {
    title: `starting ${running.join(', ') || 'nothing'}`,
    run: async ({ site: { host }, until }) => {
      for (const service of running) {
        await host.run(composeStart(target.project, service));
        // A gateway may wait for a person: its health says nothing yet.
        if (service !== 'gateway') await until(healthy(target.project, service, HEALTHY_SECONDS));
      }
      await host.run(data.sweep(places, stamp));
      return undefined;
    },
  };
}

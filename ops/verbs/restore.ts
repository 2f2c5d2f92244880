import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { costsOf } from '../../compose/plan.ts';
import { stackSpec } from '../../compose/stack.ts';
import { readContents } from '../backup/contents.ts';
import { placesOf, usersOf } from '../backup/places.ts';
import {
  END_SECONDS,
  exchanging,
  HEALTHY_SECONDS,
  type Restore,
  starting,
  stopping,
  unpacking,
} from '../backup/restoring.ts';
import { stampOf } from '../backup/stamp.ts';
import { systemClock } from '../clock.ts';
import * as data from '../commands/backup.ts';
import { opsError } from '../errors.ts';
import { follow } from '../runbook/follow.ts';
import { atPlace } from '../runbook/place.ts';
import type { Runbook } from '../runbook/runbook.ts';
import { readContainers } from '../situation/site-facts.ts';
import type { VerbContext } from '../verb.ts';

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
    const plan: Restore = {
      ...place,
      places: only,
      contents,
      packed,
      stamp,
      running: inOrder(users, running),
    };
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

function runbook(plan: Restore): Runbook {
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

function costs({ target, running }: Restore): string[] {
  if (running.length === 0) return ['nothing: none of these services runs'];
  const login = running.includes('gateway') ? costsOf('gateway', target.config.gateway).changed : undefined;
  return [
    `${running.join(', ')} stopped and started again: nothing is served for a minute or two`,
    ...(login ? [login] : []),
  ];
}

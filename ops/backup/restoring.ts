import * as data from '../commands/backup.ts';
import { composeStart, composeStop } from '../commands/compose.ts';
import { opsError } from '../errors.ts';
import type { Place } from '../runbook/place.ts';
import type { Step } from '../runbook/runbook.ts';
import { ended, healthy } from '../situation/answers.ts';
import type { Contents } from './contents.ts';
import type { Places } from './places.ts';

/** Seconds a service may take to end, and to be healthy again. */
export const END_SECONDS = 180;
export const HEALTHY_SECONDS = 180;

/** One restore, with all it needs. */
export interface Restore extends Place {
  readonly places: Places;
  readonly contents: Contents;
  /** What is in the backup, as base64. */
  readonly packed: string;
  readonly stamp: string;
  /** The services to stop and start again, in the order they start. */
  readonly running: readonly string[];
}

/** Unpacks beside what is in use, and looks whether all of it arrived. */
export function unpacking({ places, stamp, packed, contents }: Restore): Step {
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

/** Stops the services whose data it is, the last to start first. */
export function stopping({ target, running }: Restore): Step {
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

/** Puts one part of the data in the place of what is there, which is kept. */
export function exchanging({ target, places, stamp }: Restore, name: string): Step {
  return {
    title: `exchanging the data of ${name}`,
    run: async ({ site: { host } }) => {
      await host.run(data.exchange(places, name, stamp));
      return undefined;
    },
    left: `stopped, some of the data exchanged; the rest of before is in ${data.keptAside(places, stamp)}; --${target.stack}-start starts it again`,
  };
}

/** Starts what ran before, each after the other. */
export function starting({ target, places, stamp, running }: Restore): Step {
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

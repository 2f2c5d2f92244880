import { uptime } from '../commands/system.ts';
import type { Remote } from '../remote.ts';
import type { Check } from './check.ts';

/** In place of all that looks at the host: nobody said where it is. */
export function hostElsewhere(project: string): Check {
  const summary = `no container of ${project} on this machine: name its host with --ssh [USER@]HOST`;
  return { name: 'host', title: 'host', plan: () => [], run: async () => ({ kind: 'skipped', summary }) };
}

/** The host can be looked at from inside. */
export function hostCheck(remote: Remote): Check {
  return {
    name: 'host',
    title: 'host',
    plan: () => [remote.line(uptime())],
    run: async () => {
      const { stdout } = await remote.run(uptime());
      return { kind: 'passed', summary: `${remote.where}:${stdout.trimEnd()}` };
    },
  };
}

import { dockerVersion } from '../commands/docker.ts';
import type { Remote } from '../remote.ts';
import type { Check } from './check.ts';

/** The engine answers. */
export function dockerCheck(remote: Remote): Check {
  return {
    name: 'docker',
    title: 'docker',
    plan: () => [remote.line(dockerVersion())],
    run: async () => {
      const { stdout } = await remote.run(dockerVersion());
      return { kind: 'passed', summary: `engine ${stdout.trim()}` };
    },
  };
}

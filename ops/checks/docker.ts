import { dockerVersion } from '../commands/docker.ts';
import { startDocker, whoAmI } from '../commands/look.ts';
import { OpsError } from '../errors.ts';
import type { Remote } from '../remote.ts';
import type { Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** The engine answers. */
export function dockerCheck(remote: Remote): Check {
  return {
    name: 'docker',
    title: 'docker',
    plan: () => [remote.line(dockerVersion())],
    run: async () => {
      try {
        const { stdout } = await remote.run(dockerVersion());
        return { kind: 'passed', summary: `engine ${stdout.trim()}` };
      } catch (error) {
        return unanswered(error, remote);
      }
    },
  };
}

/** The client's own words for an engine that is not there and for one that this user may not use. */
const NO_ENGINE =
  /Cannot connect to the Docker daemon|failed to connect to the docker API|Is the docker daemon running/i;
const DENIED = /permission denied/i;

function unanswered(error: unknown, remote: Remote): Outcome {
  if (!(error instanceof OpsError) || error.code !== 'command-failed') throw error;
  const evidence = error.message.split('\n').slice(1);
  if (DENIED.test(error.message)) {
    const found = finding('docker-denied', remote.line(whoAmI()));
    return { kind: 'failed', summary: 'the engine does not let this user in', evidence, finding: found };
  }
  if (!NO_ENGINE.test(error.message)) throw error;
  const found = finding('docker-down', remote.line(startDocker()));
  return { kind: 'failed', summary: 'no engine answers', evidence, finding: found };
}

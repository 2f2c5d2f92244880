import { dockerDefinitions } from '../commands/docker.ts';
import { fileIfThere } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { finding } from './findings.ts';
import { jsonLines, objectIn } from './json-lines.ts';

/** What runs was made from the release deployed last; a change of the gateway that waits is told and no fault. */
export function releaseCheck(remote: Remote, project: string, site: string, actions: Actions): Check {
  const commands = [
    fileIfThere(`${site}/current/manifest.json`),
    fileIfThere(`${site}/pending.json`),
    dockerDefinitions(project),
  ] as const;
  return {
    name: 'release',
    title: 'release',
    plan: () => commands.map((command) => remote.line(command)),
    run: async () => {
      const [manifest, pending, running] = await Promise.all(
        commands.map(async (command) => (await remote.run(command)).stdout),
      );
      return judge(services(manifest), objectIn(pending ?? ''), definitions(running ?? ''), actions);
    },
  };
}

type Definitions = Readonly<Record<string, unknown>>;

function services(manifest = ''): Definitions | undefined {
  return objectIn(manifest)?.services as Definitions | undefined;
}

function definitions(running: string): Definitions {
  return Object.fromEntries(jsonLines(running).map(({ service, definition }) => [service, definition]));
}

function judge(
  deployed: Definitions | undefined,
  pending: Readonly<Record<string, unknown>> | undefined,
  running: Definitions,
  actions: Actions,
): Outcome {
  if (deployed === undefined) return { kind: 'skipped', summary: 'nothing was deployed by gatehouse yet' };
  const waits = pending
    ? `; a change of the gateway waits since ${pending.since}, of release ${pending.release}`
    : '';
  const adrift = Object.keys(deployed).filter((name) => drifted(name, deployed, running, pending));
  if (adrift.length === 0) return { kind: 'passed', summary: `what was deployed last runs${waits}` };
  const summary = `${adrift.join(', ')} made from something else${waits}`;
  return { kind: 'beneath', summary, finding: finding('release-drift', actions.verb('all', '--plan')) };
}

/** A service that does not run at all is told by the check of the containers. */
function drifted(name: string, deployed: Definitions, running: Definitions, pending: unknown): boolean {
  if (running[name] === undefined || running[name] === deployed[name]) return false;
  return !(name === 'gateway' && pending);
}

import { portsOpenIn } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** The forwarder's port inside the gateway's container, and that of the gateway behind it: any of `api` may be open. */
export interface Hop {
  readonly forwarder: number;
  readonly api: readonly number[];
}

/** Inside the gateway's container socat and the gateway's own API socket are open. */
export function hopCheck(remote: Remote, project: string, hop: Hop, actions: Actions): Check {
  const looking = portsOpenIn(project, 'gateway', [hop.forwarder, ...hop.api]);
  return {
    name: 'hop',
    title: 'socat hop',
    plan: () => [remote.line(looking)],
    run: async () => judge((await remote.run(looking)).stdout, hop, actions),
  };
}

function judge(text: string, { forwarder, api }: Hop, actions: Actions): Outcome {
  const open = (port: number) => text.split('\n').includes(`${port} open`);
  const behind = api.find(open);
  const summary = `socat ${forwarder} ${open(forwarder) ? 'open' : 'closed'}, gateway ${behind ?? api.join(' and ')} ${behind ? 'open' : 'closed'}`;
  if (behind !== undefined && open(forwarder)) return { kind: 'passed', summary };
  // The probe would meet a door that closes, and could not say whose it is.
  const found =
    behind === undefined
      ? finding('api-port-closed', actions.logs('gateway'))
      : finding('forwarder-down', actions.verb('restart-gateway'));
  return { kind: 'beneath', summary, finding: found, blocks: ['probe'] };
}

import { socketsIn } from '../commands/look.ts';
import type { Remote } from '../remote.ts';
import type { Actions, Check, Outcome } from './check.ts';
import { finding } from './findings.ts';

/** The most API clients a gateway takes. */
const MOST_CLIENTS = 32;

/** Half-closed connections from which the gateway counts as not letting go: one or two are on their way at any time. */
const HALF_CLOSED = 5;

/** The gateway has room for clients, and lets go of those that went. `ports` are those clients connect to. */
export function socketsCheck(
  remote: Remote,
  project: string,
  ports: readonly number[],
  actions: Actions,
): Check {
  const looking = socketsIn(project, 'gateway');
  return {
    name: 'sockets',
    title: 'client sockets',
    plan: () => [remote.line(looking)],
    run: async () => judge(states((await remote.run(looking)).stdout, ports), actions),
  };
}

/** The kernel's numbers of TCP states (include/net/tcp_states.h). */
const ESTABLISHED = '01';
const CLOSE_WAIT = '08';

/** The state of each connection to one of these ports, from /proc/net/tcp: `sl local:PORT remote:PORT ST ...`, in hex. */
function states(text: string, ports: readonly number[]): string[] {
  return text.split('\n').flatMap((line) => {
    const [, port, state] =
      /^\s*\d+: [\dA-F]+:([\dA-F]{4}) [\dA-F]+:[\dA-F]{4} ([\dA-F]{2}) /.exec(line) ?? [];
    return port !== undefined && state !== undefined && ports.includes(Number.parseInt(port, 16))
      ? [state]
      : [];
  });
}

function judge(found: readonly string[], actions: Actions): Outcome {
  const count = (state: string) => found.filter((one) => one === state).length;
  const [clients, halfClosed] = [count(ESTABLISHED), count(CLOSE_WAIT)];
  const summary = `${clients} connected, ${halfClosed} in CLOSE_WAIT`;
  if (halfClosed >= HALF_CLOSED) {
    const found = finding('sockets-half-closed', actions.verb('restart-gateway'));
    return { kind: 'beneath', summary, finding: found };
  }
  if (clients < MOST_CLIENTS) return { kind: 'passed', summary };
  return { kind: 'beneath', summary, finding: finding('clients-full', actions.logs('gateway')) };
}

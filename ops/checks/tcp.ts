import { once } from 'node:events';
import { connect } from 'node:net';
import type { Actions, Check, Outcome } from './check.ts';
import { type Edge, hostOf, portOf } from './edge.ts';
import { finding } from './findings.ts';

/** Something listens where the stack should. */
export function tcpCheck(edge: Edge, actions: Actions): Check {
  const [host, port] = [hostOf(edge), portOf(edge)];
  return {
    name: 'tcp',
    title: 'TCP',
    plan: () => [`connect to ${host} port ${port} (${edge.timeoutMs / 1000} s)`],
    run: async (): Promise<Outcome> => {
      const socket = connect({ host, port });
      try {
        await once(socket, 'connect', { signal: AbortSignal.timeout(edge.timeoutMs) });
        return { kind: 'passed', summary: `port ${port} of ${socket.remoteAddress} is open` };
      } catch (error) {
        const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
        const summary = refused
          ? `port ${port} of ${host} is closed`
          : `${host} does not answer on port ${port}`;
        const found = refused
          ? finding('port-refused', actions.logs('caddy'))
          : finding('port-silent', actions.machine);
        // The host may say why, if it can be reached another way.
        return {
          kind: 'beneath',
          summary,
          evidence: [(error as Error).message],
          finding: found,
          blocks: ['tls', 'ping', 'health', 'health-connect', 'executions'],
        };
      } finally {
        socket.destroy();
      }
    },
  };
}

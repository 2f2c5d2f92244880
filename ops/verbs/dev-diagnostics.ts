import { PORTS } from '../../compose/spec.ts';
import { readApiKey } from '../api-key.ts';
import type { Actions, Check } from '../checks/check.ts';
import { devRunningCheck } from '../checks/dev-running.ts';
import type { Edge } from '../checks/edge.ts';
import { executionsCheck } from '../checks/executions.ts';
import { healthCheck } from '../checks/health.ts';
import { pingCheck } from '../checks/ping.ts';
import { directProber, PROBE_CLIENT_ID, probeCheck } from '../checks/probe.ts';
import { tcpCheck } from '../checks/tcp.ts';
import { devFolder } from '../dev/folder.ts';
import { BRIDGE_PORT } from '../dev/options.ts';
import { type DevState, readDevState } from '../dev/state.ts';
import type { VerbContext } from '../verb.ts';
import { runDiagnosis } from './run-diagnosis.ts';

/** Milliseconds each step may take: all of it is on this machine, but for a gateway named with --gateway. */
const TIMEOUT_MS = 5000;

/** Looks at what npm start runs on this machine, from the process to the gateway behind it. */
export async function devDiagnostics(context: VerbContext): Promise<number> {
  const { root, options } = context;
  const folder = devFolder(root);
  const state = await readDevState(folder.state);
  const keyFile = options.apiKeyFile ?? (state && folder.apiKeys);
  const apiKey = keyFile === undefined ? undefined : await readApiKey(String(keyFile));
  const edge = edgeOf(state);
  const actions = devActions(state, folder.log);
  const checks: Check[] = [
    devRunningCheck(state, folder.state),
    tcpCheck(edge, actions),
    pingCheck(edge, actions),
    healthCheck(edge, actions, { connect: false }),
    ...(options.connectOnce ? [healthCheck(edge, actions, { connect: true })] : []),
    executionsCheck(edge, actions, apiKey),
    probeCheck(directProber({ ...gatewayOf(state), ...PROBE }, probeLine(state)), actions),
  ];
  return runDiagnosis(checks, context);
}

const PROBE = { clientId: PROBE_CLIENT_ID, level: 'account', timeoutMs: 10_000 } as const;

function edgeOf(state: DevState | undefined): Edge {
  const url = new URL(state?.url ?? `http://127.0.0.1:${BRIDGE_PORT}`);
  return { url, publicAuthority: true, timeoutMs: TIMEOUT_MS };
}

function gatewayOf(state: DevState | undefined): { host: string; port: number } {
  const { host, port } = state?.gateway ?? { host: '127.0.0.1', port: PORTS.api.paper };
  return { host, port };
}

function probeLine(state: DevState | undefined): string {
  const { host, port } = gatewayOf(state);
  return `npm run probe -- --host ${host} --port ${port} --client-id ${PROBE.clientId} --level ${PROBE.level}`;
}

/** There is one process: what is to be looked at is its log, what is to be done is on its terminal. */
function devActions(state: DevState | undefined, log: string): Actions {
  const tail = `tail -n 50 ${log}`;
  return {
    withKey: 'npx gatehouse --dev-diagnostics',
    address: 'npm start',
    machine: 'npm start',
    logs: (service) => (service === 'gateway' ? probeLine(state) : tail),
    probe: probeLine(state),
    verb: (name) => (name === 'diagnostics' ? 'npx gatehouse --dev-diagnostics' : 'npm start'),
  };
}

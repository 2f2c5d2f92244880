import { systemClock } from '../clock.ts';
import { devFolder } from '../dev/folder.ts';
import { type DevState, isRunning, readDevState } from '../dev/state.ts';
import { sessionRows } from '../status/of-edge.ts';
import { foundOut, type Row, span } from '../status/row.ts';
import { printScreen } from '../status/screen.ts';
import type { VerbContext } from '../verb.ts';

/** Milliseconds the bridge may take: all of it is on this machine. */
const TIMEOUT_MS = 5000;

/** One screen of what npm start runs in this checkout. Returns 1 when something is not as it should be. */
export async function devStatus(context: VerbContext): Promise<number> {
  const now = (context.clock ?? systemClock).now();
  const folder = devFolder(context.root);
  const state = await readDevState(folder.state);
  if (!state || !(await isRunning(state, now))) {
    const text = state ? `process ${state.pid} is gone` : 'it does not run here';
    return printScreen([{ name: 'process', title: 'npm start', text, bad: true }], context, now);
  }
  const rows = [...processRows(state, now), ...(await bridgeRows(state, now))];
  return printScreen(rows, context, now);
}

function processRows({ pid, startedAt, url, gateway }: DevState, now: Date): Row[] {
  const kind = gateway?.simulated ? 'the simulated one' : 'named with --gateway';
  return [
    { name: 'process', title: 'npm start', text: `process ${pid}, for ${span(new Date(startedAt), now)}` },
    { name: 'url', title: 'bridge', text: url ?? 'starting' },
    ...(gateway ? [{ name: 'api', title: 'TWS API', text: `${gateway.host}:${gateway.port}, ${kind}` }] : []),
  ];
}

async function bridgeRows({ url }: DevState, now: Date): Promise<Row[]> {
  if (url === undefined) return [];
  const edge = async () => ({ url: new URL(url), publicAuthority: true, timeoutMs: TIMEOUT_MS });
  return foundOut([['session', 'session', () => sessionRows(edge, now)]]);
}

import { systemClock } from '../clock.ts';
import { devFolder } from '../dev/folder.ts';
import { isRunning, readDevState } from '../dev/state.ts';
import { opsError } from '../errors.ts';
import type { VerbContext } from '../verb.ts';

/** Seconds npm start may take to close its bridge and its gateway. */
const END_SECONDS = 20;

const PACE_MS = 200;

/** Ends what npm start runs in this checkout, as Ctrl-C in its terminal would. */
export async function devStop({ root, options, out, clock = systemClock }: VerbContext): Promise<number> {
  const state = await readDevState(devFolder(root).state);
  if (!state || !(await isRunning(state, clock.now()))) throw opsError('dev-not-running');
  if (options.dryRun) {
    out.line(`kill ${state.pid}`);
    return 0;
  }
  process.kill(state.pid, 'SIGTERM');
  const never = new AbortController().signal;
  for (let left = END_SECONDS * 1000; left > 0; left -= PACE_MS) {
    if (!(await isRunning(state, clock.now()))) {
      out.line(`npm start has ended (process ${state.pid})`);
      return 0;
    }
    await clock.sleep(PACE_MS, never);
  }
  throw opsError('dev-not-ending', state.pid, END_SECONDS);
}

import { type DevState, isRunning } from '../dev/state.ts';
import type { Check } from './check.ts';
import { finding } from './findings.ts';

/** npm start runs in this checkout. */
export function devRunningCheck(state: DevState | undefined, path: string): Check {
  return {
    name: 'npm-start',
    title: 'npm start',
    plan: () => [`read ${path}`],
    run: async () => {
      if (state && (await isRunning(state, new Date()))) {
        return { kind: 'passed', summary: `process ${state.pid}, since ${state.startedAt}` };
      }
      const summary = state ? `process ${state.pid} is gone` : `there is no ${path}`;
      return { kind: 'failed', summary, finding: finding('dev-stopped', 'npm start') };
    },
  };
}

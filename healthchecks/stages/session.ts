import type { Answer } from '../answers.ts';
import type { Finding } from '../causes.ts';
import { startApi } from '../messages/session.ts';
import type { Run } from '../run.ts';
import type { Outcome, StageMaker } from '../stage.ts';

/**
 * The API session is ready: managedAccounts and nextValidId have both come. Clients that go on after the first of
 * them meet a gateway that answers nothing.
 */
export const session: StageMaker = (run) => ({
  name: 'session',
  start() {
    run.send(startApi, { clientId: run.options.clientId, optionalCapabilities: '' });
    return undefined;
  },
  see: (seen) => (seen.kind === 'answer' ? learn(run, seen.answer) : undefined),
  silence: () => missing(run),
  ended: () => (nothingCame(run) ? { cause: 'closed-after-hello' } : { cause: 'connection-closed' }),
});

function learn(run: Run, answer: Answer): Outcome {
  if (answer.type === 'managedAccounts') run.accounts = accountsOf(answer.accountsList);
  if (answer.type === 'nextValidId') run.nextValidId = answer.orderId;
  return run.accounts?.length && run.nextValidId !== undefined ? 'done' : undefined;
}

function accountsOf(list: string): string[] {
  return list.split(',').filter((account) => account !== '');
}

function missing(run: Run): Finding {
  if (nothingCame(run)) return { cause: 'silent-after-hello' };
  if (run.accounts === undefined) return { cause: 'no-managed-accounts' };
  if (run.accounts.length === 0) return { cause: 'no-managed-accounts', detail: 'the list it sent is empty' };
  return { cause: 'no-next-valid-id' };
}

function nothingCame(run: Run): boolean {
  return run.accounts === undefined && run.nextValidId === undefined;
}

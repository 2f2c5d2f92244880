import { opsError } from '../errors.ts';
import type { VerbContext } from '../verb.ts';
import type { Runbook } from './runbook.ts';

/**
 * Asks at the terminal whether to go on. Throws not-confirmed, or yes-missing where nobody can be asked and the
 * runbook is serious.
 */
export async function agreed(
  { serious, costs }: Pick<Runbook, 'serious' | 'costs'>,
  { ask, options }: VerbContext,
): Promise<void> {
  if (options.yes) return;
  const answer = await ask?.('Go on? [y/N] ');
  if (answer === undefined && !serious) return;
  if (answer === undefined) throw opsError('yes-missing', costs.join('; '));
  if (!/^y(es)?$/i.test(answer.trim())) throw opsError('not-confirmed');
}

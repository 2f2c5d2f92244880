import { opsError } from '../errors.ts';
import type { VerbContext } from '../verb.ts';
import type { Intent } from './intent.ts';

/** Asks before the gateway is touched. Throws consent-missing where nobody can be asked, or consent-refused. */
export async function consent({ now }: Intent, { ask, options }: VerbContext): Promise<void> {
  const gateway = now.find(({ name }) => name === 'gateway');
  if (gateway === undefined || options.yes) return;
  const cost = gateway.cost ?? gateway.change;
  const answer = await ask?.(`The gateway will be touched: ${cost}. Go on? [y/N] `);
  if (answer === undefined) throw opsError('consent-missing', cost);
  if (!/^y(es)?$/i.test(answer.trim())) throw opsError('consent-refused');
}

import { ConfigError, readConfig } from '../../compose/config.ts';
import { DEV_STACK } from '../stacks.ts';
import { type Answers, sectionsOf } from './answers.ts';
import type { InitQuestion } from './questions.ts';

/** What is wrong with an answer by the rules of its key, beside the answers before it; undefined when nothing is. */
export function complaintOf(
  { name, key, choices }: InitQuestion,
  answer: string,
  before: Answers,
): string | undefined {
  if (choices && !choices.includes(answer)) return got(`must be one of ${choices.join(', ')}`, answer);
  if (key === undefined) return stackComplaint(answer);
  try {
    readConfig(sectionsOf({ ...before, [name]: answer }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const mistake = error.mistakes.find(({ path }) => path === key || path.startsWith(`${key}.`));
    return mistake && got(mistake.rule, mistake.received);
  }
  return undefined;
}

/** It stands in flags, in the name of a file, and with a prefix as the name of what is made. */
function stackComplaint(stack: string): string | undefined {
  if (stack === DEV_STACK) return got('must be another name: dev is what npm start runs', stack);
  if (/^[a-z][a-z0-9-]{0,19}$/.test(stack)) return undefined;
  return got('must be lower-case letters, digits and hyphens, 20 at most', stack);
}

function got(rule: string, answer: unknown): string {
  return `${rule}; got ${JSON.stringify(answer)}`;
}

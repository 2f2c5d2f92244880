import { opsError } from '../errors.ts';
import type { Prompts } from '../prompts.ts';
import { type Answers, STAND_INS } from './answers.ts';
import { complaintOf } from './complaint.ts';
import { flagOf, type InitQuestion, QUESTIONS } from './questions.ts';

/**
 * All answers: from the options, else asked, else the usual ones. Each is checked before the next is asked. Throws
 * init-invalid, init-missing, init-unused or not-answered.
 */
export async function gather(given: Partial<Answers>, prompts: Prompts | undefined): Promise<Answers> {
  let answers = STAND_INS;
  for (const question of QUESTIONS) {
    if (question.asked(answers)) {
      const answer = given[question.name] ?? (await answered(question, given, answers, prompts));
      const complaint = complaintOf(question, answer, answers);
      if (complaint !== undefined) throw opsError('init-invalid', flagOf(question), complaint);
      answers = { ...answers, [question.name]: answer };
    } else if (given[question.name] !== undefined) {
      throw opsError('init-unused', flagOf(question), chosen(answers));
    }
  }
  return answers;
}

async function answered(
  question: InitQuestion,
  given: Partial<Answers>,
  before: Answers,
  prompts: Prompts | undefined,
): Promise<string> {
  const { message, choices } = question;
  const initial = question.initial(given);
  if (prompts === undefined) {
    if (initial === undefined) throw opsError('init-missing', flagOf(question), message);
    return initial;
  }
  if (choices) return prompts.choose(message, choices, initial ?? '');
  return prompts.text({ message, initial, complaint: (answer) => complaintOf(question, answer, before) });
}

function chosen({ host, dialect, tradingMode, tls }: Answers): string {
  return `--host ${host}, --dialect ${dialect}, --trading-mode ${tradingMode}, --tls ${tls}`;
}

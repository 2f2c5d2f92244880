import { stackText } from '../../compose/config/stack-text.ts';
import { readConfig } from '../../compose/config.ts';
import { type Answers, sectionsOf } from '../init/answers.ts';
import { gather } from '../init/gather.ts';
import { nextCommands } from '../init/next.ts';
import { QUESTIONS } from '../init/questions.ts';
import { existing, replaceStackFile, stackFileName } from '../init/write.ts';
import type { VerbContext } from '../verb.ts';

/** Asks what a stack needs, checks each answer, writes Pulumi.<stack>.yaml and says what to type next. */
export async function init(context: VerbContext): Promise<number> {
  const { root, options, out } = context;
  const given = givenAnswers(options);
  const force = options.force === true;
  // Before anything is asked: nobody answers a dozen questions to be refused.
  if (given.stack !== undefined) await existing(root, given.stack, force);
  const answers = await gather(given, options.yes || options.dryRun ? undefined : context.prompts);
  const before = await existing(root, answers.stack, force);
  const sections = sectionsOf(answers);
  const config = readConfig(sections);
  const text = stackText({ stack: answers.stack, sections, before });
  if (options.dryRun) {
    out.line(text.trimEnd());
    return 0;
  }
  const kept = await replaceStackFile(root, answers.stack, text, before);
  if (kept !== undefined) out.note(`the file of before is ${kept}`);
  out.note(`${stackFileName(answers.stack)} is written. What comes next (docs/deploy.md):`);
  for (const command of nextCommands(answers.stack, config)) out.line(command);
  return 0;
}

function givenAnswers(options: VerbContext['options']): Partial<Answers> {
  const given = QUESTIONS.map(({ name }) => [name, options[name]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

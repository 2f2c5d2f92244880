import { Option } from 'commander';
import { DRY_RUN_OPTION } from '../options.ts';
import { flagOf, QUESTIONS } from './questions.ts';

/** An option for each question, so that nothing has to be asked. */
export const INIT_OPTIONS: readonly Option[] = [
  ...QUESTIONS.map((question) => {
    const value = question.choices ? question.choices.join('|') : question.name;
    return new Option(`${flagOf(question)} <${value}>`, question.message);
  }),
  new Option('--yes', 'ask nothing: what no option says is as usual'),
  new Option('--force', 'replace the file of a stack that has one; a copy is kept beside it'),
  DRY_RUN_OPTION,
];

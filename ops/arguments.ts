import { Command, CommanderError } from 'commander';
import { nearest } from '../compose/config/nearest.ts';
import { opsError } from './errors.ts';
import type { Output } from './output.ts';
import type { StackVerb } from './stacks.ts';

/** What the command line asks for: a verb with its options, or a help text that was printed already. */
export type Request =
  | {
      readonly kind: 'verb';
      readonly chosen: StackVerb;
      readonly options: Readonly<Record<string, unknown>>;
      readonly args: readonly string[];
    }
  | { readonly kind: 'help' };

const HELP = new Set(['-h', '--help', 'help']);

/**
 * Reads a command line. The verb may stand anywhere in it: `--json --prod-diagnostics` is as good as the other way.
 * Throws verb-missing, verb-unknown, usage-wrong, or what an option's own parser throws.
 */
export function readArguments(argv: readonly string[], verbs: readonly StackVerb[], out: Output): Request {
  const chosen = verbs.find(({ flag }) => argv.includes(flag));
  if (chosen) return readOptions(chosen, argv.toSpliced(argv.indexOf(chosen.flag), 1), out);
  const first = argv.find((argument) => !HELP.has(argument));
  if (first !== undefined) throw unknownVerb(first, verbs);
  if (argv.length === 0) throw opsError('verb-missing');
  out.line(overview(verbs));
  return { kind: 'help' };
}

function readOptions(chosen: StackVerb, argv: readonly string[], out: Output): Request {
  const command = verbCommand(chosen, out);
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { kind: 'help' };
    if (error.code === 'commander.excessArguments' && chosen.verb.tooMany) throw chosen.verb.tooMany();
    throw opsError('usage-wrong', tidy(error.message), chosen.flag);
  }
  return { kind: 'verb', chosen, options: command.opts(), args: command.args };
}

function verbCommand({ flag, verb }: StackVerb, out: Output): Command {
  const command = new Command(`npx gatehouse ${flag}`)
    .description(verb.summary)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.line(text.trimEnd()), writeErr: () => {} });
  for (const option of verb.options) command.addOption(option);
  for (const operand of verb.operands ?? []) command.addArgument(operand);
  return command;
}

/** commander's sentence without its prefix, its guess behind the sentence, and no value of an option it does not know. */
function tidy(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/(unknown option '--[\w-]+)=[^']*/, '$1')
    .replaceAll('\n', ' ');
}

function unknownVerb(argument: string, verbs: readonly StackVerb[]) {
  const near = nearest(
    argument,
    verbs.map(({ flag }) => flag),
  );
  // Behind a = may stand a secret that was meant for another verb.
  return opsError('verb-unknown', argument.replace(/=.*/s, ''), near);
}

function overview(verbs: readonly StackVerb[]): string {
  const width = Math.max(...verbs.map(({ flag }) => flag.length));
  return [
    'Usage: npx gatehouse --<stack>-<verb> [options]',
    '',
    ...verbs.map(({ flag, verb }) => `  ${flag.padEnd(width)}  ${verb.summary}`),
    '',
    '  --<stack>-<verb> --help lists the options of a verb. A stack is dev (what npm start runs),',
    '  prod, or any other with a Pulumi.<stack>.yaml.',
    '',
    'Exit status: 0 done or healthy, 1 failed or unhealthy, 2 not understood. NO_COLOR=1 for no colours.',
  ].join('\n');
}

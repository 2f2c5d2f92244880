import { Command, CommanderError, type Option } from 'commander';
import { nearest } from '../compose/config/nearest.ts';
import { type OpsError, opsError } from './errors.ts';
import type { Output } from './output.ts';
import { overview } from './overview.ts';
import type { StackVerb } from './stacks.ts';
import { clashOf } from './together.ts';

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
 * Throws verb-missing, verb-unknown, verb-not-for-dev, verbs-several, operand-missing, option-unknown, option-bare,
 * options-apart, option-alone, usage-wrong, or what an option's own parser throws.
 */
export function readArguments(argv: readonly string[], verbs: readonly StackVerb[], out: Output): Request {
  const chosen = chosenOf(argv, verbs);
  if (chosen) return readOptions(chosen, without(argv, chosen.flag), out);
  const first = argv.find((argument) => !HELP.has(argument));
  if (first !== undefined) throw unknownVerb(first, verbs);
  if (argv.length === 0) throw opsError('verb-missing');
  out.line(overview(verbs));
  return { kind: 'help' };
}

/** What of a command line is ours: behind -- stands what is for somebody else. */
export function beforeDashes(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--');
  return at < 0 ? argv : argv.slice(0, at);
}

/** The one verb on the line. Throws verbs-several. */
function chosenOf(argv: readonly string[], verbs: readonly StackVerb[]): StackVerb | undefined {
  const ours = beforeDashes(argv);
  const named = [...new Set(ours)].flatMap((word) => verbs.find(({ flag }) => flag === word) ?? []);
  const flags = named.filter(({ flag }) => flag.startsWith('--'));
  const [first, second] = flags.length > 0 ? flags : named;
  if (first && second) throw opsError('verbs-several', first.flag, second.flag);
  return first;
}

/** Said twice it is still one verb. */
function without(argv: readonly string[], flag: string): string[] {
  const ours = beforeDashes(argv);
  return [...ours.filter((word) => word !== flag), ...argv.slice(ours.length)];
}

function readOptions(chosen: StackVerb, argv: readonly string[], out: Output): Request {
  const command = verbCommand(chosen, out);
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { kind: 'help' };
    throw refusal(error, chosen);
  }
  const given = chosen.verb.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const clash = clashOf(chosen, given.map(longOf));
  if (clash) throw clash;
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

function refusal(error: CommanderError, { flag, verb }: StackVerb): OpsError {
  if (error.code === 'commander.excessArguments' && verb.tooMany) return verb.tooMany();
  const missing = verb.operands?.find(({ required }) => required);
  if (error.code === 'commander.missingArgument' && missing)
    return opsError('operand-missing', flag, missing.name().toUpperCase(), missing.description);
  // Behind a = may stand a secret that was meant for another option.
  const unknown = /unknown option '([^'=]+)/.exec(error.message)?.[1];
  if (unknown === undefined) return opsError('usage-wrong', tidy(error.message), flag);
  const takes = verb.options.map(longOf);
  if (takes.includes(unknown)) return opsError('option-bare', unknown, flag);
  return opsError('option-unknown', unknown, flag, nearest(unknown, takes), takes.join(', '));
}

/** `--json` of an option. */
export const longOf = (option: Option): string => option.long ?? option.flags;

/** commander's sentence without its prefix. */
function tidy(message: string): string {
  return message.replace(/^error: /, '').replaceAll('\n', ' ');
}

function unknownVerb(argument: string, verbs: readonly StackVerb[]): OpsError {
  const near = nearest(
    argument,
    verbs.map(({ flag }) => flag),
  );
  // Behind a = may stand a secret that was meant for another verb.
  const typed = argument.replace(/=.*/s, '');
  const ofDev = /^--dev-(.+)$/.exec(typed)?.[1];
  const elsewhere = verbs.find(
    ({ stack, verb }) => stack !== 'dev' && verb.on === 'deployed' && verb.name === ofDev,
  );
  if (elsewhere) {
    const own = verbs.filter(({ stack }) => stack === 'dev').map(({ flag }) => flag);
    return opsError('verb-not-for-dev', typed, own.join(', '), String(ofDev));
  }
  return opsError('verb-unknown', typed, near);
}

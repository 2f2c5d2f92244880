import { fileURLToPath } from 'node:url';
import type { Typed } from './again.ts';
import { beforeDashes, readArguments } from './arguments.ts';
import { quote } from './commands/command.ts';
import { createOutput, type TextStream } from './output.ts';
import { printError } from './print-error.ts';
import { pipedText, terminalPrompts } from './prompts.ts';
import { localRemote, sshRemote } from './remote.ts';
import { findStacks, type StackVerb, stackVerbs } from './stacks.ts';
import type { Surroundings, VerbContext } from './verb.ts';
import { VERBS } from './verbs/table.ts';

/** The checkout this file is in. */
const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));

/** The command line `gatehouse` on a checkout: sets the exit status of this process. */
export async function main(argv: readonly string[], root = CHECKOUT): Promise<void> {
  const status = await gatehouse(argv, ofThisProcess(root));
  process.exitCode = status;
  // Cut short by a second Ctrl-C: what is still being closed must not keep the process.
  if (status > SIGNALLED) process.exit(status);
}

/** A shell's statuses for a process ended by signal N are 128 + N. */
const SIGNALLED = 128;

/** Parses, runs the verb, prints what went wrong. Returns the exit status and never throws. */
export async function gatehouse(argv: readonly string[], around: Surroundings): Promise<number> {
  let typed: Partial<Typed> = {};
  try {
    const request = readArguments(argv, stackVerbs(await findStacks(around.root), VERBS), around.out);
    if (request.kind === 'help') return 0;
    const { chosen, options, args } = request;
    typed = { stack: chosen.stack, options };
    const context = { ...around, stack: chosen.stack, verb: chosen.flag, options, args };
    if (options.dryRun && options.json) return await asDocument(chosen, context);
    return await chosen.verb.run(context);
  } catch (error) {
    const debug = Boolean(around.env.GATEHOUSE_DEBUG);
    const json = beforeDashes(argv).includes('--json');
    return printError(error, around.out, { json, debug, ...typed, line: lineAgain(argv) });
  }
}

/** A dry run for machines: one object with every line that it would print. One that begins with # is no command. */
async function asDocument({ verb, flag }: StackVerb, context: VerbContext): Promise<number> {
  const commands: string[] = [];
  const out = { ...context.out, line: (text = '') => void commands.push(text) };
  const status = await verb.run({ ...context, out });
  context.out.line(JSON.stringify({ stack: context.stack, verb: flag, dryRun: true, commands }));
  return status;
}

/** What was typed, to be typed again: but for a --break-lock, which an error may want to add. */
function lineAgain(argv: readonly string[]): string {
  const at = argv.indexOf('--break-lock');
  const kept = at < 0 ? argv : argv.toSpliced(at, 2);
  return ['npx gatehouse', ...kept.map(quote)].join(' ');
}

function ofThisProcess(root: string): Surroundings {
  // A reader that has gone (`| head`) is no reason to leave anything half done, nor to print a stack.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return {
    root,
    env: process.env,
    out: createOutput(process.stdout as TextStream, process.stderr as TextStream, process.env),
    local: localRemote(),
    reach: sshRemote,
    ask: async (question) => (await import('./ask.ts')).askOnTerminal(question),
    prompts: terminalPrompts(process.stdin, process.stderr),
    piped: () => pipedText(process.stdin),
    onStop,
  };
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function onStop(listener: () => void): () => void {
  for (const signal of STOP_SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, listener);
  };
}

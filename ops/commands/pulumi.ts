import { type Command, command } from './command.ts';

/** One output of a stack, as plain text. */
export function stackOutput(stack: string, output: string): Command {
  return command('pulumi', 'stack', 'output', output, '--stack', stack);
}

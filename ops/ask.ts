import { createInterface } from 'node:readline/promises';
import { opsError } from './errors.ts';

type Terminal<S> = S & { readonly isTTY?: boolean };

/**
 * Asks on a terminal; undefined where either stream is none. Throws not-answered at Ctrl-C and at the end of the
 * input (Ctrl-D).
 */
export async function askOnTerminal(
  question: string,
  input: Terminal<NodeJS.ReadableStream> = process.stdin,
  output: Terminal<NodeJS.WritableStream> = process.stderr,
): Promise<string | undefined> {
  if (!input.isTTY || !output.isTTY) return undefined;
  const terminal = createInterface({ input, output });
  try {
    return await terminal.question(question);
  } catch (error) {
    // The prompt stands on the line yet.
    output.write('\n');
    if ((error as NodeJS.ErrnoException).code === 'ABORT_ERR') throw opsError('not-answered');
    throw error;
  } finally {
    terminal.close();
  }
}

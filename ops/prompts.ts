import type { Readable } from 'node:stream';
import { opsError } from './errors.ts';

/** Says what is wrong with an answer; undefined when nothing is. */
export type Complaint = (answer: string) => string | undefined;

export interface Question {
  readonly message: string;
  readonly initial?: string | undefined;
  readonly complaint?: Complaint;
}

/** Questions to the person at a terminal. Each throws not-answered at Ctrl-C. */
export interface Prompts {
  /** An answer in text; asked again as long as there is a complaint. */
  text(question: Question): Promise<string>;
  /** One of some values. */
  choose(message: string, values: readonly string[], initial: string): Promise<string>;
  /** An answer that is never shown. */
  hidden(message: string): Promise<string>;
}

type Stream<S> = S & { readonly isTTY?: boolean };

/** Prompts on a terminal; undefined where either stream is none. The library is loaded by the first question. */
export function terminalPrompts(
  input: Stream<NodeJS.ReadableStream>,
  output: Stream<NodeJS.WritableStream>,
): Prompts | undefined {
  if (!input.isTTY || !output.isTTY) return undefined;
  const library = () => import('@inquirer/prompts');
  const on = { input, output };
  return {
    text: ({ message, initial, complaint }) =>
      answered(async () => {
        const { input: ask } = await library();
        const validate = (text: string) => complaint?.(text.trim()) ?? true;
        return (
          await ask({ message, validate, ...(initial !== undefined && { default: initial }) }, on)
        ).trim();
      }),
    choose: (message, values, initial) =>
      answered(async () => {
        const { select } = await library();
        return select({ message, choices: [...values], default: initial }, on);
      }),
    hidden: (message) =>
      answered(async () => {
        const { password } = await library();
        // Without toggleMask: false a key press would show what was typed.
        return password({ message, mask: false, toggleMask: false }, on);
      }),
  };
}

/** All text of a stream; undefined where it is a terminal. */
export async function pipedText(stream: Stream<Readable>): Promise<string | undefined> {
  if (stream.isTTY) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Ctrl-C in a prompt is an error of the library's own. */
async function answered(asking: () => Promise<string>): Promise<string> {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw opsError('not-answered');
    throw error;
  }
}

import { styleText } from 'node:util';

/** Where text goes: process.stdout and process.stderr, or a test's collector. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export type Style = Parameters<typeof styleText>[0];

/** What a verb prints with. */
export interface Output {
  /** A line of the answer, on standard output. */
  line(text?: string): void;
  /** A line beside the answer (progress, errors), on standard error. */
  note(text: string): void;
  /** A line about what is under way, on standard error where that is a terminal: cron wants results and errors only. */
  progress(text: string): void;
  /** The text in a style where standard output is a terminal and NO_COLOR is not set; the bare text elsewhere. */
  style(style: Style, text: string): string;
}

export function createOutput(stdout: TextStream, stderr: TextStream, env: NodeJS.ProcessEnv): Output {
  const colours = stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    line: (text = '') => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`${text}\n`);
    },
    style: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
  };
}

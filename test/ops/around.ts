import type { Clock } from '../../ops/clock.ts';
import type { SshTarget } from '../../ops/commands/ssh.ts';
import { gatehouse } from '../../ops/main.ts';
import type { Prompts } from '../../ops/prompts.ts';
import { type RecordingRemote, recordingRemote } from '../../ops/recording.ts';
import { localRemote, type Remote } from '../../ops/remote.ts';
import { collector } from './helpers.ts';

/** What a verb did and said. */
export interface Ran {
  readonly status: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** The hosts it reached for. */
  readonly reached: readonly SshTarget[];
}

export interface RunOptions {
  readonly local?: Remote;
  readonly host?: RecordingRemote;
  /** What the person at the terminal answers; without it there is no terminal. */
  readonly answer?: string;
  /** Questions of other kinds, and what they are answered. */
  readonly prompts?: Prompts;
  /** What is piped in; without it standard input is a terminal. */
  readonly piped?: string;
  /** Standard error is a terminal: progress is told. */
  readonly terminal?: boolean;
  /** Time in place of the system's. */
  readonly clock?: Clock;
  /** Is handed what Ctrl-C calls. */
  readonly onStop?: (listener: () => void) => void;
}

/** Runs a command line in this process, on a folder in place of the checkout. */
export async function run(root: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { local = localRemote(), host = recordingRemote(), answer } = options;
  const onStop = (listener: () => void) => {
    options.onStop?.(listener);
    return () => {};
  };
  const out = collector({ isTTY: options.terminal ?? false, env: { NO_COLOR: '1' } });
  const reached: SshTarget[] = [];
  const reach = async (target: SshTarget) => {
    reached.push(target);
    return host;
  };
  const ask = async () => answer;
  const { prompts, clock } = options;
  const piped = async () => options.piped;
  const around = { root, env: {}, out, local, reach, ask, prompts, piped, onStop, ...(clock && { clock }) };
  const status = await gatehouse(argv, around);
  return { status, stdout: out.stdout, stderr: out.stderr, reached };
}

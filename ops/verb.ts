import type { Argument, Option } from 'commander';
import type { Clock } from './clock.ts';
import type { SshTarget } from './commands/ssh.ts';
import type { OpsError } from './errors.ts';
import type { Output } from './output.ts';
import type { Prompts } from './prompts.ts';
import type { Remote } from './remote.ts';

/** What the world around a verb is: everything it may touch comes in here, so that a test can bring its own. */
export interface Surroundings {
  /** The checkout. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly out: Output;
  /** This machine, to run commands on. */
  readonly local: Remote;
  /** A host by ssh. The caller closes it. */
  readonly reach: (target: SshTarget) => Promise<Remote>;
  /** Asks the person at the terminal; undefined where there is none. Without it nobody can be asked. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Questions with a check, choices, hidden answers; undefined where there is no terminal. */
  readonly prompts?: Prompts | undefined;
  /** All of standard input; undefined where that is a terminal. */
  readonly piped?: () => Promise<string | undefined>;
  /** Time, for verbs that wait; the system's own where none is given. */
  readonly clock?: Clock;
  /** Calls back at each SIGINT, SIGTERM and SIGHUP; returns what takes the listener away. */
  readonly onStop: (listener: () => void) => () => void;
}

/** One run of a verb. */
export interface VerbContext extends Surroundings {
  readonly stack: string;
  /** The verb as it is typed: `--prod-all`. */
  readonly verb: string;
  /** By commander's names: --api-key-file is apiKeyFile. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What was given beside the options, in the order of the verb's operands. */
  readonly args: readonly string[];
}

/** One thing one wants: `--<stack>-<name>`, or `<name>` for what is of no stack. */
export interface Verb {
  readonly name: string;
  /**
   * dev is what npm start runs on this machine; deployed is every stack with a Pulumi.<stack>.yaml; checkout is a verb
   * of no stack.
   */
  readonly on: 'dev' | 'deployed' | 'checkout';
  /** One line for --help. */
  readonly summary: string;
  readonly options: readonly Option[];
  /** What it takes beside options, such as NAME; VerbContext.args has them. */
  readonly operands?: readonly Argument[];
  /** The error for more operands than it takes; without one it is usage-wrong. */
  readonly tooMany?: () => OpsError;
  /** Returns the exit status: 0, or 1 for unhealthy. What goes wrong on the way is thrown, with code and hint. */
  readonly run: (context: VerbContext) => Promise<number>;
}

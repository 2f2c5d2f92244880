import type { ServerHello } from '../tws/hello.ts';
import type { Answer } from './answers.ts';
import type { Finding } from './causes.ts';
import type { Run } from './run.ts';
import type { StageName } from './verdict.ts';

/** What a stage can see happen. */
export type Seen =
  | { readonly kind: 'opened' }
  | { readonly kind: 'hello'; readonly hello: ServerHello }
  | { readonly kind: 'answer'; readonly answer: Answer };

/** The stage is through, or it failed. */
export type Decision = 'done' | Finding;
/** Undefined while the stage has to wait for more. */
export type Outcome = Decision | undefined;

/**
 * One step of a probe. It decides and never waits: the one who runs it keeps the time and the socket, and asks it
 * what silence and an ended connection mean at this point.
 */
export interface Stage {
  readonly name: StageName;
  /** Sends what the stage has to ask. */
  start(): Outcome;
  see(seen: Seen): Outcome;
  /** The deadline passed. */
  silence(): Decision;
  /** The connection ended, with the system's error if it gave one. */
  ended(error?: NodeJS.ErrnoException): Finding;
}

/** Makes a stage for one conversation. */
export type StageMaker = (run: Run) => Stage;

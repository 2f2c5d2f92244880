import type { Command } from '../commands/command.ts';
import type { Site } from '../deploy/site.ts';
import type { Seen } from '../deploy/verdict.ts';
import type { OpsError } from '../errors.ts';
import type { Result } from '../remote.ts';

/** A command that is run again and again until it answers as wanted. */
export interface Waiting {
  /** What is waited for: `the API answers`. */
  readonly what: string;
  readonly command: Command;
  readonly wanted: (result: Result) => boolean;
  readonly limitSeconds: number;
  /** What it comes to so far, in a few words, for the error. */
  readonly words?: (result: Result) => string;
}

/** What a step works with; in a dry run commands are printed, waits are named, and no time passes. */
export interface Tools {
  readonly site: Site;
  /** What the probe said before the first step. */
  readonly before: Seen;
  /** The lock as it was taken, for an apply that is to work under it. */
  readonly lock: string;
  /** Throws wait-over, or interrupted at Ctrl-C. */
  until(waiting: Waiting): Promise<Result>;
  /** Lets time pass and says each minute how much is left. Throws interrupted at Ctrl-C. */
  rest(seconds: number, why: string): Promise<void>;
}

/** One step: what it leaves behind is consistent, so that a run may end after it. */
export interface Step {
  readonly title: string;
  /** Returns what came of it, in a few words, or nothing. */
  readonly run: (tools: Tools) => Promise<string | undefined>;
  /** How the host is left when the run ends in or after this step, and what brings it on. */
  readonly left?: string;
}

/** What a verb does to a host, as data but for its steps; follow.ts says it, asks, locks, does it and writes it down. */
export interface Runbook {
  /** The verb's name: `restart-gateway`. */
  readonly name: string;
  readonly says: readonly string[];
  readonly costs: readonly string[];
  /** It takes the gateway's session or the whole stack away: where nobody can be asked, --yes must be given. */
  readonly serious: boolean;
  /** For the audit line: `bridge restarted`. */
  readonly services: readonly string[];
  /** Why it is not to be done now; --force does it all the same. */
  readonly deferred?: OpsError | undefined;
  readonly steps: readonly Step[];
  /** One line for when it is done. */
  readonly done: string;
  /** Seconds all steps together take at most: until then the lock is ours. */
  readonly seconds: number;
  /** An apply on the host writes the audit line; else it is written here. */
  readonly auditedByApply?: boolean;
  /** What commands answer in a dry run where nothing is not enough. */
  readonly rehearsed?: (command: Command) => Partial<Result> | undefined;
}

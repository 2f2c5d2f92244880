/** What is wrong, in words a person can act on. Codes of the bridge and of the probe are passed on as they are. */
export interface Finding {
  /** kebab-case. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The one safe next step, as a command to paste. */
  readonly action: string;
}

/**
 * What a check saw. `beneath`: the trouble may be further in; the checks go on but for those it `blocks`, which would
 * say the same less exactly, and the innermost finding is the one that is told. `failed`: nothing behind this layer can
 * be seen.
 */
export type Outcome =
  | { readonly kind: 'passed' | 'skipped'; readonly summary: string; readonly evidence?: readonly string[] }
  | {
      readonly kind: 'beneath' | 'failed';
      readonly summary: string;
      readonly evidence?: readonly string[];
      readonly finding: Finding;
      /** Names of checks. */
      readonly blocks?: readonly string[];
    };

/** What came of a check. */
export type CheckResult = Outcome['kind'] | 'not-reached';

/** One layer between a user and the gateway. */
export interface Check {
  /** For --json. */
  readonly name: string;
  /** For the table. */
  readonly title: string;
  /** What it would do, line by line: `--dry-run` prints this and nothing is done. */
  plan(): readonly string[];
  /**
   * `before` is what the checks before it came to, by name. Throws only an error with code and hint: that is a failed
   * check too.
   */
  run(before?: ReadonlyMap<string, CheckResult>): Promise<Outcome>;
}

/** Commands to paste that a finding may end with; where the stack is decides how they read. */
export interface Actions {
  /** The same diagnosis once more, with an API key. */
  readonly withKey: string;
  /** Where the stack's machine really is. */
  readonly address: string;
  /** Whether the stack's machine runs. */
  readonly machine: string;
  /** The last lines of a service's log. */
  readonly logs: (service: 'caddy' | 'bridge' | 'gateway') => string;
  /** What the gateway says to a client of its own. */
  readonly probe: string;
  /** Another verb on the same stack. */
  readonly verb: (name: string, ...more: readonly string[]) => string;
}

import type { Result } from '../../../ops/remote.ts';

/** What commands on the host answer, by a part of their line; the first that fits counts. */
export type Answers = Readonly<Record<string, string | Partial<Result>>>;

/** How a stack is broken. The first kinds happen to a real one, the others are recorded. */
export type Breaking =
  /** A fault of the simulated gateway, set at its control port; `log` is what its container prints beside. */
  | { readonly kind: 'gateway'; readonly fault?: Readonly<Record<string, unknown>>; readonly log?: string }
  /** A command of docker compose, and the one that takes it back. */
  | { readonly kind: 'compose'; readonly run: readonly string[]; readonly undo: readonly string[] }
  /** Files below the stack's folder on its host. */
  | { readonly kind: 'site'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'key'; readonly key: string }
  /** What the host answered. */
  | { readonly kind: 'host'; readonly answers: Answers }
  /** What stands between a client and the host. */
  | { readonly kind: 'edge'; readonly edge: 'no-address' | 'other-address' | 'expired' };

/** One way to break a stack, and what the diagnosis must say. */
export interface Way {
  /** What was done to it, for the documentation. */
  readonly broken: string;
  readonly by: Breaking;
  readonly state: string;
  /** The next step, as it reads on the stack prod of the project gatehouse, on its host. */
  readonly action: string;
}

const REAL: readonly Breaking['kind'][] = ['gateway', 'compose', 'site', 'key'];

/** Whether it is tried on a real engine, with a real Caddy and a real sshd. */
export const isReal = ({ by }: Way) => REAL.includes(by.kind);

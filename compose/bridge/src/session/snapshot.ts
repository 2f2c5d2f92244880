import { maskAccount } from '../../../../tws/accounts.ts';
import { CATALOGUE, type SessionCause } from '../catalogue.ts';
import type { Farm } from './farms.ts';
import type { Link } from './link.ts';
import { nightlyCause } from './nightly.ts';
import type { SessionHistory } from './record.ts';
import type { Standing } from './standing.ts';
import type { SessionState } from './state.ts';

/** What GET /health sums up: busy is a first attempt with nothing known to be wrong. */
export type SessionStatus = 'ok' | 'degraded' | 'busy' | 'down';

/** The session as a person may see it: no account number in clear, everything from memory. */
export interface SessionSnapshot extends Readonly<SessionHistory> {
  readonly status: SessionStatus;
  readonly connected: boolean;
  readonly state: SessionState;
  readonly since: string;
  readonly serverVersion: number | null;
  readonly clientId: number;
  readonly accounts: readonly string[];
  /** True once the gateway refused something because its API is read-only. */
  readonly readOnly: boolean;
  readonly farms: readonly Farm[];
  readonly cause: SessionCause | null;
  readonly hint: string | null;
}

export interface SnapshotSource {
  readonly standing: Pick<Standing, 'state' | 'since' | 'cause' | 'wellUntil'>;
  readonly now: number;
  readonly isNightly: ((moment: number) => boolean) | undefined;
  readonly failedBefore: boolean;
  readonly clientId: number;
  readonly readOnly: boolean;
  readonly link: Link | undefined;
  readonly history: SessionHistory;
}

/**
 * Sums a session up. While nothing is different the answer is the same object, so that whoever made a text of it
 * need not make it again: /health is asked more often than anything happens.
 */
export class Snapshots {
  #facts: readonly unknown[] = [];
  #last: SessionSnapshot | undefined;

  of(source: SnapshotSource): SessionSnapshot {
    const { standing, link } = source;
    const cause = nightlyCause(standing.cause, standing.wellUntil, source.now, source.isNightly);
    const facts = [
      ...[cause, standing.state, standing.since, source.failedBefore, source.clientId, source.readOnly],
      ...[source.history, link?.serverVersion, link?.accounts, link?.farms.list],
    ];
    if (!this.#last || facts.some((fact, index) => fact !== this.#facts[index])) {
      this.#facts = facts;
      this.#last = snapshotOf(source, cause);
    }
    return this.#last;
  }
}

/** Of nothing but what `Snapshots.of` compares. */
function snapshotOf(source: SnapshotSource, cause: SessionCause | undefined): SessionSnapshot {
  const { link } = source;
  const { state, since } = source.standing;
  return {
    status: cause === 'nightly-reset' ? 'degraded' : statusOf(state, source.failedBefore),
    connected: state === 'ready' || state === 'degraded',
    state,
    since,
    serverVersion: link?.serverVersion ?? null,
    clientId: source.clientId,
    accounts: (link?.accounts ?? []).map(maskAccount),
    readOnly: source.readOnly,
    farms: link?.farms.list ?? [],
    cause: cause ?? null,
    hint: cause ? CATALOGUE[cause].hint : null,
    ...source.history,
  };
}

function statusOf(state: SessionState, failedBefore: boolean): SessionStatus {
  if (state === 'ready') return 'ok';
  if (state === 'degraded') return 'degraded';
  return state === 'down' || failedBefore ? 'down' : 'busy';
}

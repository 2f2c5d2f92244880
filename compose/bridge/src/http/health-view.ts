import type { SessionSnapshot } from '../session/snapshot.ts';
import type { AppDeps } from './deps.ts';
import type { Health } from './schemas/health.ts';

/** The answer of GET /health. */
export function healthOf(session: SessionSnapshot, about: AppDeps['about']): Health {
  const readOnly = session.readOnly || about.readOnly;
  return { ...session, ...about, readOnly, accounts: [...session.accounts], farms: [...session.farms] };
}

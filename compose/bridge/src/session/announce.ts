import { maskAccounts } from '../../../../tws/accounts.ts';
import { explain } from '../../../../tws/codes.ts';
import { CATALOGUE } from '../catalogue.ts';
import type { IbMessage } from '../errors.ts';
import type { BridgeEvent } from '../events.ts';
import { roleOf } from './client-ids.ts';
import type { SessionSnapshot } from './snapshot.ts';

type Announcement = Omit<BridgeEvent, 'at'>;

/** The line for what the session came to: ready, degraded or down. */
export function announce(session: SessionSnapshot, detail?: string): Announcement {
  if (session.cause === null) return { kind: 'session', text: readyText(session) };
  const { title, hint } = CATALOGUE[session.cause];
  const text = `session ${session.state}: ${title}${detail ? ` (${maskAccounts(detail)})` : ''}`;
  return { kind: 'session', text, hint };
}

/** The line for a client id that was given up for another. */
export function announceMove(from: number, to: number): Announcement {
  const role = roleOf(from);
  const text = `client id ${from}${role ? ` (${role})` : ''} is in use by another client: ${to} is tried next`;
  return { kind: 'session', text, hint: CATALOGUE['client-id-in-use'].hint };
}

function readyText(session: SessionSnapshot): string {
  const accounts = session.accounts.join(', ');
  return `session ready: ${accounts}, client id ${session.clientId}, server version ${session.serverVersion}`;
}

/**
 * The line for a notice of the gateway, unless it needs nothing done. Codes 501 to 599 are made by the client
 * library itself about the connection, which the session tells better.
 */
export function announceNotice(message: IbMessage): Announcement | undefined {
  const explanation = explain(message.code);
  const fromLibrary = message.code > 500 && message.code < 600;
  if (fromLibrary || explanation?.severity === 'info') return undefined;
  const text = `gateway ${message.code}: ${maskAccounts(message.message)}`;
  return { kind: 'notice', text, ...(explanation && { hint: explanation.hint }) };
}

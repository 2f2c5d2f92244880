import { explain, isReadOnlyRefusal } from '../tws/codes.ts';
import type { GatewayError } from './answers.ts';
import type { CauseCode, Finding } from './causes.ts';

/** Ids under which no request of ours stands: notices come with -1, some with the largest int. */
const NO_REQUEST: ReadonlySet<number> = new Set([-1, 0, 2147483647]);

/** What the gateway's notices say about its own connections. */
export interface GatewayState {
  /** The link to IBKR is broken: 1100 or 2110 came, and neither 1101 nor 1102 since. */
  linkLost: boolean;
  /** Market data farms named by a 2103 and by no 2104 since. */
  readonly brokenFarms: Set<string>;
  /** A request was refused because the API is in Read-Only mode, whichever id the refusal came with. */
  readOnly: boolean;
}

export function gatewayState(): GatewayState {
  return { linkLost: false, brokenFarms: new Set(), readOnly: false };
}

/** Keeps the state up with one notice. */
export function noticed(state: GatewayState, { errorCode, errorMsg }: GatewayError): void {
  if (errorCode === 1100 || errorCode === 2110) state.linkLost = true;
  if (errorCode === 1101 || errorCode === 1102) state.linkLost = false;
  if (isReadOnlyRefusal(errorCode, errorMsg)) state.readOnly = true;
  if (errorCode === 2103) state.brokenFarms.add(farmOf(errorMsg));
  if (errorCode === 2104) state.brokenFarms.delete(farmOf(errorMsg));
}

/** `Market data farm connection is broken:usfarm` names the farm behind its last colon. */
function farmOf(message: string): string {
  return message.slice(message.lastIndexOf(':') + 1).trim();
}

/** What ends a session at whatever stage it comes. */
export function endsSession({ errorCode, errorMsg }: GatewayError, clientId: number): Finding | undefined {
  if (errorCode === 326) return { cause: 'client-id-in-use', detail: `id ${clientId}` };
  if (errorCode === 1300) return { cause: 'port-changed', detail: withoutPeriod(errorMsg) };
  return undefined;
}

/** Codes that have a cause of their own, because a person has to do something else about them. */
const CAUSE_OF: Readonly<Record<number, CauseCode>> = {
  354: 'not-subscribed',
  10089: 'not-subscribed',
  10090: 'not-subscribed',
  10091: 'not-subscribed',
  10167: 'not-subscribed',
  10168: 'not-subscribed',
  10197: 'competing-session',
};

/**
 * What an error for one of our requests means. `certain` when no answer can follow: warnings are followed by one,
 * and so may codes be that nobody here knows.
 */
export function refusal(error: GatewayError): { readonly finding: Finding; readonly certain: boolean } {
  const { errorCode, errorMsg } = error;
  const explanation = explain(errorCode);
  const certain = explanation?.severity === 'error' || explanation?.severity === 'fatal';
  const detail = `error ${errorCode}, ${withoutPeriod(errorMsg)}`;
  if (isReadOnlyRefusal(errorCode, errorMsg)) return { finding: { cause: 'read-only' }, certain };
  const cause = CAUSE_OF[errorCode];
  if (cause) return { finding: { cause, detail }, certain };
  const hint = explanation && { hint: explanation.hint };
  return { finding: { cause: 'request-refused', detail, ...hint }, certain };
}

/** A notice or an error as a line of evidence. */
export function line({ id, errorCode, errorMsg }: GatewayError): string {
  const about = NO_REQUEST.has(id) ? 'notice' : `error for request ${id},`;
  return `${about} ${errorCode}: ${errorMsg}`;
}

function withoutPeriod(message: string): string {
  return message.replace(/\.\s*$/, '');
}

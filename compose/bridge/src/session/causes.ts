import type { SessionCause } from '../catalogue.ts';
import type { Closing } from '../client/types.ts';

/** What the end of a connection says about its cause; how far it got says more than the library's error code. */
export function causeOf(closing: Closing, wasReady: boolean): SessionCause {
  const code = closing.fault?.code;
  if (code === 506 || code === 503) return 'version-unsupported';
  if (code === 508) return 'wire-garbled';
  if (closing.stage === 'dialling') return dialCause(closing.fault?.message ?? '');
  if (closing.stage === 'tcp') return 'closed-before-hello';
  return wasReady ? 'gateway-closed' : 'closed-after-hello';
}

/**
 * The system's error name stands in the message. A host name with several addresses gives an empty message
 * (AggregateError): each address was tried, and refused is the likeliest.
 */
function dialCause(message: string): SessionCause {
  if (/ENOTFOUND|EAI_AGAIN|EAI_/.test(message)) return 'gateway-name-unknown';
  if (/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN/.test(message)) return 'gateway-unreachable';
  return 'gateway-refused';
}

/** What can be wrong with bytes that claim to be TWS wire protocol. */
export type WireErrorCode =
  | 'oversized-frame'
  | 'negative-length'
  | 'unterminated'
  | 'non-ascii'
  | 'empty-message'
  | 'missing-field'
  | 'bad-field'
  | 'bad-count'
  | 'unknown-message'
  | 'not-a-client'
  | 'bad-hello'
  | 'unsupported-version'
  | 'cannot-encode';

/**
 * The one error this room throws. `code` is for programs, `message` names the thing, the rule and what came.
 * Nothing else escapes a decoder: whoever reads from a socket catches this and closes the connection.
 */
export class WireError extends Error {
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.name = 'WireError';
    this.code = code;
  }
}

/** A foreign value cut to a length that is safe to print on one line. */
export function excerpt(value: string, length = 40): string {
  const printable = value.replace(/[^\x20-\x7e]/g, '.');
  return printable.length > length ? `${printable.slice(0, length)}...` : printable;
}

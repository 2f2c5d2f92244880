import { explain } from '../../../tws/codes.ts';
import { type BridgeErrorCode, CATALOGUE, type CatalogueEntry } from './catalogue.ts';

/** A TWS error or notice: the code and the text the gateway sent with it. */
export interface IbMessage {
  readonly code: number;
  readonly message: string;
}

/** What may be told beside the code. */
export interface ErrorDetails {
  readonly ib?: IbMessage;
  /** Overrides the catalogue's hint where something more precise is known. */
  readonly hint?: string;
  readonly retryAfterSeconds?: number;
  /** The methods the path takes, for the Allow header. */
  readonly allowed?: readonly string[];
  /** Further members of the problem document, such as `candidates`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error of the bridge. `code` is in the catalogue; the message names the thing, the rule and the value. */
export class BridgeError extends Error {
  readonly code: BridgeErrorCode;
  readonly details: ErrorDetails;

  constructor(code: BridgeErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'BridgeError';
    this.code = code;
    this.details = details;
  }

  get entry(): CatalogueEntry {
    return CATALOGUE[this.code];
  }

  /** What to do: the most precise of what the thrower, the TWS code and the catalogue know. */
  get hint(): string {
    const { hint, ib } = this.details;
    return hint ?? (ib && explain(ib.code)?.hint) ?? this.entry.hint;
  }
}

/**
 * True when a TWS code tells that something failed, and not only that something should be known. A code nobody
 * explained is a failure, but for 2100 to 2169, which IBKR keeps for warnings.
 */
export function isFailure(code: number): boolean {
  return isKnownFailure(code) || (explain(code) === undefined && (code < 2100 || code > 2169));
}

/** As `isFailure`, but false for a code nobody explained. */
export function isKnownFailure(code: number): boolean {
  const severity = explain(code)?.severity;
  return severity === 'error' || severity === 'fatal';
}

import { GATEWAY_ERRORS } from './catalogue/gateway-errors.ts';
import { REQUEST_ERRORS } from './catalogue/request-errors.ts';
import { SESSION_CAUSES } from './catalogue/session-causes.ts';
import { START_ERRORS } from './catalogue/start-errors.ts';

export type { CatalogueEntry } from './catalogue/entry.ts';

/** Every error the bridge itself can name, by code. */
export const CATALOGUE = { ...REQUEST_ERRORS, ...GATEWAY_ERRORS, ...SESSION_CAUSES, ...START_ERRORS };

export type BridgeErrorCode = keyof typeof CATALOGUE;
export type SessionCause = keyof typeof SESSION_CAUSES;

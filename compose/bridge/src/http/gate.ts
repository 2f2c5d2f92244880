import { type Admission, createAdmission } from './admission.ts';
import type { AppDeps } from './deps.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';

/** What every request passes on its way in and out, whoever answers it. */
export interface Gate {
  readonly admit: Admission;
  readonly answered: RequestLog;
}

export function gateOf(deps: AppDeps): Gate {
  return { admit: createAdmission(deps), answered: createRequestLog(deps) };
}

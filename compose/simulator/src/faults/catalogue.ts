import { connecting } from './connecting.ts';
import type { FaultKind } from './fault.ts';
import { outages } from './outages.ts';
import { pacing } from './pacing.ts';
import { requestFaults } from './requests.ts';
import { wire } from './wire.ts';

/** Every kind of fault, in the order a connection meets them. */
export const catalogue: readonly FaultKind[] = [
  ...connecting,
  ...wire,
  ...outages,
  ...pacing,
  ...requestFaults,
] as readonly FaultKind[];

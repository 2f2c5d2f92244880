import { type Command, command } from './command.ts';
import { LOCK_HELD } from './host-lock.ts';

/** When the gateway may be touched by an apply; without one it is gateway.changes of the release. */
const GATEWAY_WHEN = ['leave', 'window', 'ask', 'now'] as const;
export type GatewayWhen = (typeof GATEWAY_WHEN)[number];

/** What an apply is told beside its release, which is the folder it lies in. */
export interface ApplyOrder {
  readonly by: string;
  readonly verb: string;
  /** Services it is to touch; all when empty. */
  readonly only: readonly string[];
  readonly gateway?: GatewayWhen | undefined;
  /** The owner of the lock it is to work under, and takes over. */
  readonly underLock?: string;
  /** Says what it would do, or the commands it would run, and does nothing. */
  readonly rehearse?: 'plan' | 'dry-run';
}

/** Milliseconds an apply may take: an image of a gateway is pulled and unpacked onto a slow disk. */
const APPLY_TIMEOUT_MS = 7_200_000;

/** The release's own apply on the host (compose/host/apply): statuses 0, 1 and LOCK_HELD are answers. */
export function hostApply(folder: string, id: string, order: ApplyOrder): Command {
  const { by, verb, only, gateway, underLock, rehearse } = order;
  return {
    ...command(
      `${folder}/releases/${id}/host/apply`,
      ...['--site', folder, '--by', by, '--verb', verb],
      ...only.flatMap((service) => ['--only', service]),
      ...(gateway === undefined ? [] : ['--gateway', gateway]),
      ...(underLock === undefined ? [] : ['--under-lock', underLock]),
      ...(rehearse === undefined ? [] : [`--${rehearse}`]),
    ),
    okExits: [0, 1, LOCK_HELD],
    timeoutMs: APPLY_TIMEOUT_MS,
  };
}

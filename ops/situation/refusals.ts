import type { IbcConfig } from '../../compose/config/gateway.ts';
import { opsError } from '../errors.ts';
import type { Place } from '../runbook/place.ts';
import type { SiteFacts, StackContainer } from './site-facts.ts';

/** Throws gateway-elsewhere for a stack without a gateway of its own. */
export function needGateway({ target: { config, stack } }: Place): void {
  if (config.gateway.dialect === 'external') throw opsError('gateway-elsewhere', stack);
}

/** The gateway's configuration, of one that logs in. Throws gateway-elsewhere or gateway-simulated. */
export function needLogin(place: Place): IbcConfig {
  needGateway(place);
  const { gateway } = place.target.config;
  if (gateway.dialect === 'gnzsnz' || gateway.dialect === 'extrange') return gateway;
  throw opsError('gateway-simulated', place.target.stack);
}

/** Throws stack-stopped where a person stopped the stack, or lent its gateway's session. */
export function needStarted({ stopped, lent }: SiteFacts, { site, target }: Place): void {
  const { where } = site.host;
  if (stopped)
    throw opsError(
      'stack-stopped',
      where,
      `${stopped.by} stopped the stack, ${stopped.since},`,
      target.stack,
    );
  const until = lent?.until === undefined ? '' : ` until ${lent.until}`;
  if (lent)
    throw opsError(
      'stack-stopped',
      where,
      `${lent.by} lent the session of the gateway${until}`,
      target.stack,
    );
}

/** The container of a service. Throws container-none. */
export function needContainer(
  containers: readonly StackContainer[],
  service: string,
  { site, target }: Place,
): StackContainer {
  const found = containers.find((one) => one.service === service);
  if (found === undefined) throw opsError('container-none', service, site.host.where, target.stack);
  return found;
}

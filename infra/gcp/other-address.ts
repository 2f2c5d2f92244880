import { log, type Output } from '@pulumi/pulumi';
import type { Config } from '../../compose/config.ts';

/** A certificate for a bare address needs that address in the configuration, and Google gives it after the first up. */
export function otherAddress({ caddy }: Pick<Config, 'caddy'>, real: string): string | undefined {
  if (caddy.tls !== 'address' || caddy.address === real) return undefined;
  return `caddy.address is ${caddy.address}, and the address of the machine is ${real}: no certificate is issued until they are the same. Set it in the configuration, and run pulumi up again.`;
}

/** Warns of it, as soon as the address is known. */
export function warnOfOtherAddress(config: Pick<Config, 'caddy'>, address: Output<string>): void {
  address.apply(async (real) => {
    const warning = otherAddress(config, real);
    if (warning !== undefined) await log.warn(warning);
  });
}

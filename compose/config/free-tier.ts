import type { Mistake } from './mistakes.ts';
import type { Config } from './schema.ts';

/** Where one e2-micro costs nothing (https://cloud.google.com/free/docs/free-cloud-features#compute). */
export const FREE_REGIONS: readonly string[] = ['us-west1', 'us-central1', 'us-east1'];

/** GB of pd-standard that cost nothing, all disks of the billing account together (the same page). */
export const FREE_DISK_GB = 30;

/** us-west1-b is in us-west1. */
export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** What is easily chosen without knowing that it costs; `policy.allow` with a reason lets it through. */
export function* freeTierOf({ host, policy }: Partial<Config>): Generator<Mistake> {
  if (host?.kind !== 'gcp' || !policy) return;
  if (!FREE_REGIONS.includes(regionOf(host.zone)) && policy.allow['free-tier-region'] === undefined) {
    const rule = `must be in ${FREE_REGIONS.join(', ')}, where a machine is free; or give policy.allow.free-tier-region a reason`;
    yield { path: 'host.zone', rule, received: host.zone };
  }
  const totalGb = host.bootDiskGb + host.dataDiskGb;
  if (totalGb > FREE_DISK_GB && policy.allow['free-tier-disks'] === undefined) {
    const rule = `must be ${FREE_DISK_GB} GB at most with host.bootDiskGb, which is what is free; or give policy.allow.free-tier-disks a reason`;
    yield { path: 'host.dataDiskGb', rule, received: host.dataDiskGb };
  }
}

import { isLoopback } from './config/edge.ts';
import { FREE_DISK_GB, FREE_REGIONS, regionOf } from './config/free-tier.ts';
import type { GcpHostConfig } from './config/host.ts';
import type { Config } from './config.ts';
import { stackSecrets } from './secrets.ts';

/** One line of what a month costs, in US dollars. */
export interface CostLine {
  readonly what: string;
  /** The least and the most it may come to; they differ where sources do, or where it depends on use. */
  readonly least: number;
  readonly most: number;
  /** What the figure rests on. */
  readonly why: string;
  /** Google's pages and users' bills disagree on it. */
  readonly contested?: true;
}

/** Hours of an average month, as Google reckons. */
const HOURS = 730;

/**
 * List prices in US dollars for the free tier's regions; others are dearer by up to a third. Machines: from memory, since
 * Google's page shows its figures by script; others saw $0.0084 an hour for an e2-micro. Address in use and traffic:
 * cloud.google.com/vpc/network-pricing. Disks: cloud.google.com/compute/disks-image-pricing ($8 for 200 GB). Snapshots kept in
 * a region: cloud.google.com/compute/pricing-announce (since April 2023). Secrets: cloud.google.com/secret-manager/pricing.
 * Alerts: cloud.google.com/stackdriver/observability-pricing-examples.
 */
const PRICE = {
  machineMonth: { 'e2-micro': 6.11, 'e2-small': 12.23, 'e2-medium': 24.46 },
  addressHour: 0.005,
  diskGbMonth: 0.04,
  snapshotGbMonth: 0.05,
  secretVersionMonth: 0.06,
  alertMetricMonth: 0.35,
  alertMillionPoints: 0.5,
};

/** An alert is judged every 30 seconds, and ours reads one point each time. */
const ALERT_POINTS = (HOURS * 3600) / 30;

/** What is free a month. */
const FREE = { secretVersions: 6 };

/** Snapshots that are kept, by schedule. */
const KEPT_SNAPSHOTS = { none: 0, daily: 7, weekly: 4 };

/**
 * What a stack on Google Cloud costs a month, line by line; nothing for one on another host. Pure. The free tier is
 * the billing account's: with other machines or disks in it, less is left for this one.
 */
export function monthlyCost(config: Config): CostLine[] {
  const { host } = config;
  if (host.kind !== 'gcp') return [];
  return [
    machineLine(host),
    addressLine(),
    diskLine(host),
    trafficLine(host),
    ...(host.snapshots === 'none' ? [] : [snapshotLine(host)]),
    secretsLine(config),
    free(
      'release bucket',
      '5 GB are free in a US region; releases are some MB, backups are kept for 90 days',
    ),
    ...(config.services.caddy && !isLoopback(config.caddy.bind) ? watchLines() : []),
    free('logs', '50 GB are free; the machine writes far less'),
  ];
}

function machineLine({ machineType, zone }: GcpHostConfig): CostLine {
  const what = `machine ${machineType}`;
  if (machineType === 'e2-micro' && FREE_REGIONS.includes(regionOf(zone)))
    return free(what, `one e2-micro is free in ${regionOf(zone)}`);
  const price = PRICE.machineMonth[machineType];
  return { what, least: price, most: cents(price * dearer(zone)), why: 'list price, all month' };
}

/**
 * Sources say all of it, 720 hours or one hour a month is credited for the free machine. The page of the free tier has said
 * both that an address is included and that it is not; bills of 2026 that were shown in public had it at $0.
 */
function addressLine(): CostLine {
  const most = cents(PRICE.addressHour * HOURS);
  const why = 'whether the address of the free machine is credited is contested';
  return { what: 'address', least: 0, most, why, contested: true };
}

function diskLine({ bootDiskGb, dataDiskGb, zone }: GcpHostConfig): CostLine {
  const total = bootDiskGb + dataDiskGb;
  const what = `disks, ${total} GB`;
  const paid = FREE_REGIONS.includes(regionOf(zone)) ? Math.max(0, total - FREE_DISK_GB) : total;
  if (paid === 0) return free(what, `${FREE_DISK_GB} GB of pd-standard are free`);
  const price = cents(paid * PRICE.diskGbMonth);
  return { what, least: price, most: cents(price * dearer(zone)), why: `${paid} GB beyond what is free` };
}

/** cloud.google.com/network-tiers/pricing: free limits are for premium alone; users' bills show 200 GB of standard at $0. */
function trafficLine({ networkTier }: GcpHostConfig): CostLine {
  const what = `traffic out, ${networkTier}`;
  if (networkTier === 'premium')
    return free(what, '1 GB is free (not to China or Australia); beyond it some $0.12 a GB');
  const why = '200 GB are free by one page, none by another ($0.085 a GB); 1 GB reckoned';
  return { what, least: 0, most: 0.09, why, contested: true };
}

/** At least one full copy of what is used; at most each snapshot a full one. */
function snapshotLine({ snapshots, dataDiskGb }: GcpHostConfig): CostLine {
  const full = dataDiskGb * PRICE.snapshotGbMonth;
  const most = cents(full * KEPT_SNAPSHOTS[snapshots]);
  return { what: `snapshots, ${snapshots}`, least: 0.01, most, why: 'by the GB that changed, compressed' };
}

function secretsLine(config: Config): CostLine {
  const versions = stackSecrets(config).length;
  const price = cents(Math.max(0, versions - FREE.secretVersions) * PRICE.secretVersionMonth);
  const why = `${FREE.secretVersions} versions are free; disabled ones count, destroyed ones do not`;
  return { what: `secrets, ${versions}`, least: price, most: price, why };
}

/** Google has said several times from when alerts are billed, and put it off each time; the prices changed too. */
function watchLines(): CostLine[] {
  const most = cents(PRICE.alertMetricMonth + (ALERT_POINTS / 1e6) * PRICE.alertMillionPoints);
  const why = 'one metric and its points by list price; from when Google bills alerts is contested';
  return [
    free('uptime check', '13,000 checks a month; 1,000,000 are free'),
    { what: 'alert', least: 0, most, why, contested: true },
  ];
}

function free(what: string, why: string): CostLine {
  return { what, least: 0, most: 0, why };
}

/** Prices beyond the regions of the free tier, relative to theirs. */
function dearer(zone: string): number {
  return FREE_REGIONS.includes(regionOf(zone)) ? 1 : 1.35;
}

function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}

/** The lines as text, the sum last: `address: $0 to $3.65 (contested): ...`. */
export function costLines(lines: readonly CostLine[]): string[] {
  const total = {
    least: cents(lines.reduce((sum, { least }) => sum + least, 0)),
    most: cents(lines.reduce((sum, { most }) => sum + most, 0)),
  };
  return [
    ...lines.map(({ why, ...line }) => `${line.what}: ${range(line)}${mark(line)}: ${why}`),
    `together: ${range(total)} a month`,
  ];
}

function range({ least, most }: Pick<CostLine, 'least' | 'most'>): string {
  return least === most ? `$${amount(least)}` : `$${amount(least)} to $${amount(most)}`;
}

function amount(dollars: number): string {
  return dollars === 0 ? '0' : dollars.toFixed(2);
}

function mark({ contested }: Pick<CostLine, 'contested'>): string {
  return contested ? ' (contested)' : '';
}

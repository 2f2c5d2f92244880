import type { PolicyResource } from '@pulumi/policy';
import { FREE_DISK_GB, FREE_REGIONS, regionOf } from '../../compose/config/free-tier.ts';
import { allResources, eachResource, group, type Inputs, type Rule, TYPES } from './rule.ts';

/** Versions of secrets that cost nothing; disabled ones count (cloud.google.com/secret-manager/pricing). */
const FREE_SECRET_VERSIONS = 6;

const region = eachResource(
  {
    name: 'free-tier-region',
    description: `Machine, disks, address and bucket are in ${FREE_REGIONS.join(', ')}: elsewhere they are billed.`,
    remedy: `Set host.zone to a zone of ${FREE_REGIONS.join(', ')}`,
  },
  function* ({ type, props }) {
    const place = placeOf(type, props);
    if (place !== undefined && !FREE_REGIONS.includes(place)) yield `${place} is no region of the free tier`;
  },
);

/** The region a resource says it is in; one that says none takes the provider's, which is the machine's. */
function placeOf(type: string, { zone, region, location }: Inputs): string | undefined {
  if ((type === TYPES.instance || type === TYPES.disk) && zone !== undefined) return regionOf(String(zone));
  if (type === TYPES.address && region !== undefined) return String(region);
  return type === TYPES.bucket ? String(location).toLowerCase() : undefined;
}

const machine = allResources(
  {
    name: 'free-tier-machine',
    description: 'There is one machine, an e2-micro: no other is free.',
    remedy: 'Set host.machineType to e2-micro',
  },
  function* (resources) {
    const machines = ofType(resources, TYPES.instance);
    for (const one of machines) {
      if (one.props.machineType !== 'e2-micro') yield [`${one.props.machineType} is billed`, one];
    }
    if (machines.length > 1) yield [`there are ${machines.length} machines, and one is free`];
  },
);

const disks = allResources(
  {
    name: 'free-tier-disks',
    description: `Disks are of type pd-standard and have ${FREE_DISK_GB} GB in all: more is billed.`,
    remedy: `Keep host.bootDiskGb and host.dataDiskGb within ${FREE_DISK_GB} together, of pd-standard`,
  },
  function* (resources) {
    const all = resources.flatMap(disksOf);
    for (const { type, of } of all) {
      if (type !== 'pd-standard') yield [`a disk of type ${type} is billed from the first GB`, of];
    }
    const total = all.reduce((sum, { sizeGb }) => sum + sizeGb, 0);
    if (total > FREE_DISK_GB) yield [`disks have ${total} GB, and ${FREE_DISK_GB} are free`];
  },
);

interface DiskSeen {
  readonly type: string;
  readonly sizeGb: number;
  readonly of: PolicyResource;
}

/** A disk of its own, or the one a machine boots from. Google's defaults: pd-standard, and 10 GB of an image. */
function disksOf(of: PolicyResource): DiskSeen[] {
  const seen = ({ type, size }: Readonly<Record<string, unknown>>) => [
    { type: String(type ?? 'pd-standard'), sizeGb: Number(size ?? 10), of },
  ];
  if (of.type === TYPES.disk) return seen(of.props);
  return of.type === TYPES.instance ? seen(group(group(of.props.bootDisk).initializeParams)) : [];
}

const snapshots = eachResource(
  {
    name: 'free-tier-snapshots',
    description: 'There are no snapshots: each GB is billed.',
    remedy: 'Set host.snapshots to none, and make backups with `gatehouse --<stack>-backup`',
  },
  function* ({ type, props }) {
    if (type === TYPES.snapshot) yield 'a snapshot is billed by the GB';
    if (type === TYPES.resourcePolicy && props.snapshotSchedulePolicy !== undefined)
      yield 'scheduled snapshots are billed by the GB';
  },
);

const address = allResources(
  {
    name: 'free-tier-address',
    description: 'There is one static address for the machine: one without a machine costs twice as much.',
    remedy: 'Remove the address that no machine uses',
  },
  function* (resources) {
    const external = resources.filter(({ type, props }) => isExternalAddress(type, props.addressType));
    const machines = ofType(resources, TYPES.instance);
    if (external.length > machines.length)
      yield [`there are ${external.length} addresses for ${machines.length} machines`];
  },
);

function isExternalAddress(type: string, addressType: unknown): boolean {
  return (type === TYPES.address || type === TYPES.globalAddress) && addressType !== 'INTERNAL';
}

const secretVersions = allResources(
  {
    name: 'secret-versions',
    description: `There are ${FREE_SECRET_VERSIONS} versions of secrets at most: further ones are billed.`,
    remedy: 'Put what belongs together into one secret, as JSON',
  },
  function* (resources) {
    // Each secret has one version as soon as it is filled, whoever fills it.
    const secrets = ofType(resources, TYPES.secret).length;
    const versions = Math.max(secrets, ofType(resources, TYPES.secretVersion).length);
    if (versions > FREE_SECRET_VERSIONS)
      yield [`${versions} versions of secrets, and ${FREE_SECRET_VERSIONS} are free`];
  },
);

function ofType(resources: readonly PolicyResource[], wanted: string): PolicyResource[] {
  return resources.filter(({ type }) => type === wanted);
}

export const FREE_TIER: readonly Rule[] = [region, machine, disks, snapshots, address, secretVersions];

/**
 * Inputs whose change replaces the resource, where Google's provider does so (schema fields with ForceNew in
 * hashicorp/terraform-provider-google, which @pulumi/gcp bridges). `*` is every input: grants are made anew.
 */
const REPLACES: Readonly<Record<string, readonly string[]>> = {
  'gcp:compute/instance:Instance': [
    'name',
    'zone',
    'description',
    'metadataStartupScript',
    'resourcePolicies',
    'bootDisk.initializeParams',
    'bootDisk.source',
    'networkInterfaces',
  ],
  'gcp:compute/disk:Disk': ['name', 'zone', 'type', 'image', 'snapshot'],
  'gcp:compute/address:Address': ['name', 'region', 'address', 'addressType', 'networkTier'],
  'gcp:compute/network:Network': ['name', 'autoCreateSubnetworks'],
  'gcp:compute/subnetwork:Subnetwork': ['name', 'network', 'region', 'ipCidrRange'],
  'gcp:compute/firewall:Firewall': ['name', 'network', 'direction'],
  'gcp:compute/resourcePolicy:ResourcePolicy': ['name', 'region', 'snapshotSchedulePolicy'],
  'gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment': ['*'],
  'gcp:compute/instanceIAMMember:InstanceIAMMember': ['*'],
  'gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember': ['*'],
  'gcp:projects/iAMMember:IAMMember': ['*'],
  'gcp:projects/service:Service': ['project', 'service'],
  'gcp:secretmanager/secret:Secret': ['secretId', 'replication'],
  'gcp:secretmanager/secretIamMember:SecretIamMember': ['*'],
  'gcp:serviceaccount/account:Account': ['accountId', 'project'],
  'gcp:serviceaccount/iAMMember:IAMMember': ['*'],
  'gcp:storage/bucket:Bucket': ['name', 'location', 'project'],
  'gcp:storage/bucketIAMMember:BucketIAMMember': ['*'],
  'gcp:storage/bucketObject:BucketObject': ['bucket', 'name', 'contentType'],
  'gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig': ['monitoredResource', 'project'],
  'gcp:monitoring/notificationChannel:NotificationChannel': ['project'],
  'gcp:monitoring/alertPolicy:AlertPolicy': ['project'],
  'gcp:billing/budget:Budget': ['billingAccount'],
};

/** A machine is stopped for a change of these, which it must be told it may be (allowStoppingForUpdate). */
const STOPS = ['machineType', 'serviceAccount', 'shieldedInstanceConfig'];

/** A change: where it is, as Pulumi writes a path, and its names alone. */
export interface Change {
  readonly path: string;
  readonly names: readonly string[];
}

/** The changes between two values of a resource, at their deepest. */
export function changesBetween(before: unknown, after: unknown): Change[] {
  return [...changes(before, after, '', [])];
}

function* changes(
  before: unknown,
  after: unknown,
  path: string,
  names: readonly string[],
): Generator<Change> {
  if (isAsset(before) && isAsset(after) && before.hash === after.hash) return;
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const own = Array.isArray(before) ? names : [...names, key];
      yield* changes(before[key], after[key], step(path, key, Array.isArray(before)), own);
    }
  } else if (before !== after) yield { path, names };
}

function step(path: string, key: string, index: boolean): string {
  if (index) return `${path}[${key}]`;
  if (!/^\w+$/.test(key)) return `${path}["${key}"]`;
  return path === '' ? key : `${path}.${key}`;
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isAsset(value);
}

/** An asset is what its bytes are, wherever its file stands. */
function isAsset(value: unknown): value is { hash: unknown } {
  return typeof value === 'object' && value !== null && 'hash' in value && 'path' in value;
}

/** Whether a change replaces a resource of this type. Throws an Error for a type nobody has looked up. */
export function replaces(type: string, { names }: Change): boolean {
  const known = REPLACES[type];
  if (!known) throw new Error(`what replaces a ${type} is not in google-replaces.ts`);
  const own = names.join('.');
  return known.some((path) => path === '*' || own === path || own.startsWith(`${path}.`));
}

/** Whether a machine must be stopped for a change. */
export function stops(type: string, { names }: Change): boolean {
  return type === 'gcp:compute/instance:Instance' && STOPS.includes(names[0] ?? '');
}

import type { asset } from '@pulumi/pulumi';
import { beforeAll, describe, expect, test } from 'vitest';
import { regionOf } from '../../compose/config/free-tier.ts';
import { stackSpec } from '../../compose/stack.ts';
import { accountId } from '../../infra/gcp/host-account.ts';
import { publicPorts } from '../../infra/gcp/published.ts';
import type { Made } from '../support/pulumi/mocks.ts';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

const PLAIN = gcpConfig({ caddy: { httpsPort: 8443 } });
const HOST = 'serviceAccount:gate-host@test.iam.gserviceaccount.com';

describe('the resources of a host', () => {
  let stack: Made;
  beforeAll(async () => {
    stack = await madeOf(PLAIN);
  });

  test('are these and no others', () => {
    expect(stack.all.map(({ type, name }) => `${type.replace(/\/.*:/, ':')} ${name}`).sort()).toEqual([
      'gcp:compute:Address gate',
      'gcp:compute:Disk gate-data',
      'gcp:compute:Firewall gate-iap-ssh',
      'gcp:compute:Firewall gate-public',
      'gcp:compute:Instance gate',
      'gcp:compute:Network gate',
      'gcp:compute:Subnetwork gate',
      'gcp:monitoring:AlertPolicy gate',
      'gcp:monitoring:UptimeCheckConfig gate',
      'gcp:projects:IAMMember gate-logs',
      'gcp:projects:Service gate-cloudresourcemanager',
      'gcp:projects:Service gate-compute',
      'gcp:projects:Service gate-iam',
      'gcp:projects:Service gate-iap',
      'gcp:projects:Service gate-logging',
      'gcp:projects:Service gate-monitoring',
      'gcp:projects:Service gate-secretmanager',
      'gcp:projects:Service gate-storage',
      'gcp:secretmanager:Secret gate-alerts',
      'gcp:secretmanager:Secret gate-api-keys',
      'gcp:secretmanager:Secret gate-tws-password',
      'gcp:secretmanager:Secret gate-tws-userid',
      'gcp:secretmanager:SecretIamMember gate-alerts',
      'gcp:secretmanager:SecretIamMember gate-api-keys',
      'gcp:secretmanager:SecretIamMember gate-tws-password',
      'gcp:secretmanager:SecretIamMember gate-tws-userid',
      'gcp:serviceaccount:Account gate',
      'gcp:storage:Bucket gate',
      'gcp:storage:BucketIAMMember gate-backups',
      'gcp:storage:BucketIAMMember gate-releases',
      'gcp:storage:BucketObject gate-release',
      'pulumi:providers:gcp gate-gcp',
    ]);
  });

  test('the provider takes project, region and zone from the configuration alone', () => {
    expect(stack.one('pulumi:providers:gcp')).toMatchObject({
      project: 'acme-trading',
      region: 'us-central1',
      zone: 'us-central1-c',
    });
  });

  test('APIs stay on when the stack goes', () => {
    expect(stack.one('gcp:projects/service:Service', 'gate-secretmanager')).toEqual({
      project: 'acme-trading',
      service: 'secretmanager.googleapis.com',
      disableOnDestroy: false,
      disableDependentServices: false,
    });
  });

  test('the network has no subnet but ours', () => {
    expect(stack.one('gcp:compute/network:Network')).toEqual({ name: 'gate', autoCreateSubnetworks: false });
    expect(stack.one('gcp:compute/subnetwork:Subnetwork')).toEqual({
      name: 'gate',
      network: 'gate-id',
      region: 'us-central1',
      ipCidrRange: '10.80.0.0/24',
    });
  });

  test('the world reaches the ports the stack publishes, and no other', () => {
    expect(stack.one('gcp:compute/firewall:Firewall', 'gate-public')).toEqual({
      name: 'gate-public',
      network: 'gate-id',
      direction: 'INGRESS',
      sourceRanges: ['0.0.0.0/0'],
      targetTags: ['gate-host'],
      allows: [{ protocol: 'tcp', ports: ['80', '8443'] }],
    });
  });

  test('ssh is let in from IAP alone', () => {
    expect(stack.one('gcp:compute/firewall:Firewall', 'gate-iap-ssh')).toEqual({
      name: 'gate-iap-ssh',
      network: 'gate-id',
      direction: 'INGRESS',
      sourceRanges: ['35.235.240.0/20'],
      targetTags: ['gate-host'],
      allows: [{ protocol: 'tcp', ports: ['22'] }],
    });
  });

  test('the account is its own, and may write logs', () => {
    expect(stack.one('gcp:serviceaccount/account:Account')).toEqual({
      accountId: 'gate-host',
      displayName: 'Machine of the Gatehouse stack gate',
    });
    expect(stack.one('gcp:projects/iAMMember:IAMMember')).toEqual({
      project: 'acme-trading',
      role: 'roles/logging.logWriter',
      member: HOST,
    });
  });

  test('secrets are empty, in the region, and each is readable by the machine', () => {
    expect(stack.one('gcp:secretmanager/secret:Secret', 'gate-tws-password')).toEqual({
      secretId: 'gate-tws-password',
      replication: { userManaged: { replicas: [{ location: 'us-central1' }] } },
    });
    expect(stack.one('gcp:secretmanager/secretIamMember:SecretIamMember', 'gate-tws-password')).toEqual({
      secretId: 'gate-tws-password-id',
      role: 'roles/secretmanager.secretAccessor',
      member: HOST,
    });
  });

  test('the bucket keeps old versions for a while, and nobody can make it public', () => {
    expect(stack.one('gcp:storage/bucket:Bucket')).toEqual({
      name: 'acme-trading-gate',
      location: 'US-CENTRAL1',
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: true,
      versioning: { enabled: true },
      softDeletePolicy: { retentionDurationSeconds: 0 },
      lifecycleRules: [
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: 30 } },
        { action: { type: 'Delete' }, condition: { age: 90, matchesPrefixes: ['backups/'] } },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
      ],
    });
  });

  test('the machine reads releases and adds backups, and no more', () => {
    const grants = stack.all.filter(({ type }) => type === 'gcp:storage/bucketIAMMember:BucketIAMMember');
    const below = (folder: string) => ({
      title: `${folder} only`,
      expression: `resource.name.startsWith("projects/_/buckets/acme-trading-gate/objects/${folder}/")`,
    });
    const bucket = 'acme-trading-gate';
    expect(grants.map(({ inputs }) => inputs)).toEqual([
      { bucket, role: 'roles/storage.objectViewer', member: HOST, condition: below('releases') },
      { bucket, role: 'roles/storage.objectCreator', member: HOST, condition: below('backups') },
    ]);
  });

  test('the release is an object under its id', async () => {
    const object = stack.one('gcp:storage/bucketObject:BucketObject');
    expect(object).toMatchObject({
      bucket: 'acme-trading-gate',
      name: 'releases/r-0123456789abcdef.tar.gz',
      contentType: 'application/gzip',
    });
    const source = object.source as asset.FileAsset;
    expect(await source.path).toBe('/out/r-0123456789abcdef.tar.gz');
  });

  test('the address is static, and named by its tier: a change of it is another address', () => {
    expect(stack.one('gcp:compute/address:Address')).toEqual({
      name: 'gate-premium',
      region: 'us-central1',
      addressType: 'EXTERNAL',
      networkTier: 'PREMIUM',
    });
  });

  test('the data disk is of the type that is free', () => {
    expect(stack.one('gcp:compute/disk:Disk')).toEqual({
      name: 'gate-data',
      zone: 'us-central1-c',
      type: 'pd-standard',
      size: 12,
    });
  });

  test('the machine', () => {
    expect(stack.one('gcp:compute/instance:Instance')).toEqual({
      name: 'gate',
      zone: 'us-central1-c',
      machineType: 'e2-micro',
      deletionProtection: false,
      allowStoppingForUpdate: true,
      bootDisk: { initializeParams: { image: 'debian-cloud/debian-13', size: 18, type: 'pd-standard' } },
      attachedDisks: [
        { source: 'https://compute/disks/gate-data', deviceName: 'gatehouse-data', mode: 'READ_WRITE' },
      ],
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      metadata: {
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'enable-guest-attributes': 'TRUE',
        'gatehouse-bucket': 'acme-trading-gate',
        'gatehouse-release': 'r-0123456789abcdef',
        'startup-script': '#!/bin/bash\n',
      },
      tags: ['gate-host'],
      networkInterfaces: [
        { subnetwork: 'gate-id', accessConfigs: [{ natIp: '203.0.113.7', networkTier: 'PREMIUM' }] },
      ],
      serviceAccount: { email: 'gate-host@test.iam.gserviceaccount.com', scopes: ['cloud-platform'] },
    });
  });

  test('what holds data is protected, and nothing else', () => {
    const names = stack.all.filter(({ protect }) => protect).map(({ name }) => name);
    expect(names.sort()).toEqual(['gate', 'gate-data']);
  });

  test('the uptime check asks for /ping every ten minutes, from three places', () => {
    expect(stack.one('gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig')).toEqual({
      displayName: 'Gatehouse gate: /ping',
      period: '600s',
      timeout: '10s',
      selectedRegions: ['USA_OREGON', 'USA_IOWA', 'USA_VIRGINIA'],
      httpCheck: { path: '/ping', port: 8443, useSsl: true, validateSsl: true },
      monitoredResource: {
        type: 'uptime_url',
        labels: { project_id: 'acme-trading', host: 'gate.example.com' },
      },
    });
  });

  test('the alert follows that check, and two places must miss it', () => {
    const policy = stack.one('gcp:monitoring/alertPolicy:AlertPolicy');
    expect(policy).toMatchObject({
      combiner: 'OR',
      notificationChannels: [],
      documentation: { content: expect.stringContaining('`npx gatehouse --prod-diagnostics`') },
    });
    const [condition] = policy.conditions as { conditionThreshold: Record<string, unknown> }[];
    expect(condition?.conditionThreshold).toMatchObject({
      filter:
        'metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND metric.label.check_id="gate-check" AND resource.type="uptime_url"',
      comparison: 'COMPARISON_GT',
      thresholdValue: 1,
    });
  });
});

describe('by a line of the configuration', () => {
  const channel = 'projects/acme-trading/notificationChannels/42';
  let stack: Made;
  beforeAll(async () => {
    const host = {
      networkTier: 'standard',
      deletionProtection: true,
      bucket: 'my-own-bucket',
      snapshots: 'daily',
      budget: { billingAccount: '012345-6789AB-CDEF01', amount: 3 },
      operators: ['user:ada@example.com'],
    };
    const alerts = { emails: ['ada@example.com', 'ada@example.com'], channels: [channel] };
    stack = await madeOf(gcpConfig({ host, alerts }));
  });

  test('the standard tier, for address and machine alike', () => {
    expect(stack.one('gcp:compute/address:Address')).toMatchObject({ networkTier: 'STANDARD' });
    expect(stack.one('gcp:compute/instance:Instance')).toMatchObject({
      networkInterfaces: [{ accessConfigs: [{ networkTier: 'STANDARD' }] }],
    });
  });

  test('deletion protection, and a bucket by another name', () => {
    expect(stack.one('gcp:compute/instance:Instance')).toMatchObject({ deletionProtection: true });
    expect(stack.one('gcp:storage/bucket:Bucket')).toMatchObject({ name: 'my-own-bucket' });
  });

  test('daily snapshots of the data disk', () => {
    expect(stack.one('gcp:compute/resourcePolicy:ResourcePolicy')).toEqual({
      name: 'gate-snapshots-daily',
      region: 'us-central1',
      snapshotSchedulePolicy: {
        schedule: { dailySchedule: { daysInCycle: 1, startTime: '07:00' } },
        retentionPolicy: { maxRetentionDays: 7, onSourceDiskDelete: 'KEEP_AUTO_SNAPSHOTS' },
        snapshotProperties: { storageLocations: 'us-central1' },
      },
    });
    expect(stack.one('gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment')).toEqual({
      name: 'gate-snapshots-daily',
      disk: 'gate-data',
      zone: 'us-central1-c',
    });
  });

  test('alerts go to mail addresses and to channels that exist', () => {
    expect(stack.one('gcp:monitoring/notificationChannel:NotificationChannel')).toEqual({
      displayName: 'Gatehouse gate: ada@example.com',
      type: 'email',
      labels: { email_address: 'ada@example.com' },
    });
    expect(stack.one('gcp:monitoring/alertPolicy:AlertPolicy').notificationChannels).toEqual([
      'projects/test/notificationChannels/gate-ada@example.com',
      channel,
    ]);
  });

  test('a budget, asked for in the name of the project, and told by mail: other channels it would be refused for', () => {
    expect(stack.one('gcp:billing/budget:Budget')).toEqual({
      billingAccount: '012345-6789AB-CDEF01',
      displayName: 'Gatehouse gate',
      budgetFilter: { projects: ['projects/123456789012'] },
      amount: { specifiedAmount: { units: '3' } },
      thresholdRules: [
        { thresholdPercent: 0.5 },
        { thresholdPercent: 1 },
        { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
      ],
      allUpdatesRule: {
        monitoringNotificationChannels: ['projects/test/notificationChannels/gate-ada@example.com'],
      },
    });
    expect(stack.one('pulumi:providers:gcp', 'gate-billing')).toMatchObject({
      billingProject: 'acme-trading',
      userProjectOverride: 'true',
    });
    expect(stack.all.map(({ name }) => name)).toContain('gate-billingbudgets');
  });

  test('operators get four grants on this machine alone', () => {
    const own = 'gate-user:ada@example.com';
    const member = 'user:ada@example.com';
    const zone = 'us-central1-c';
    expect(stack.one('gcp:iap/tunnelInstanceIAMMember:TunnelInstanceIAMMember', own)).toEqual({
      zone,
      instance: 'gate',
      role: 'roles/iap.tunnelResourceAccessor',
      member,
    });
    expect(stack.one('gcp:compute/instanceIAMMember:InstanceIAMMember', own)).toEqual({
      zone,
      instanceName: 'gate',
      role: 'roles/compute.osAdminLogin',
      member,
    });
    expect(stack.one('gcp:compute/instanceIAMMember:InstanceIAMMember', `${own}-look`)).toEqual({
      zone,
      instanceName: 'gate',
      role: 'roles/compute.viewer',
      member,
    });
    expect(stack.one('gcp:serviceaccount/iAMMember:IAMMember', own)).toEqual({
      serviceAccountId: 'projects/test/serviceAccounts/gate-host@test.iam.gserviceaccount.com',
      role: 'roles/iam.serviceAccountUser',
      member,
    });
  });
});

test('weekly snapshots are kept for longer', async () => {
  const { all } = await madeOf(gcpConfig({ host: { snapshots: 'weekly' } }));
  expect(
    all.find(({ type }) => type.endsWith(':ResourcePolicy'))?.inputs.snapshotSchedulePolicy,
  ).toMatchObject({
    schedule: { weeklySchedule: { dayOfWeeks: [{ day: 'SUNDAY', startTime: '07:00' }] } },
    retentionPolicy: { maxRetentionDays: 28 },
  });
});

describe('what the uptime check asks', () => {
  const asked = async (changes: Parameters<typeof gcpConfig>[0]) =>
    (await madeOf(gcpConfig(changes))).all.find(({ type }) => type.endsWith(':UptimeCheckConfig'))?.inputs;

  test.each([[{ tls: 'internal' }], [{ tls: 'address', address: '203.0.113.7' }]])(
    'the bare address under %j, whose certificate it does not judge',
    async (caddy) => {
      const inputs = await asked({ caddy: { domain: undefined, ...caddy } });
      expect(inputs).toMatchObject({
        httpCheck: { path: '/ping', validateSsl: false },
        monitoredResource: { labels: { host: '203.0.113.7' } },
      });
      // Caddy answers /ping under any name then: whether a check may name another host is not documented.
      expect(inputs?.httpCheck).not.toHaveProperty('headers');
    },
  );

  test('nothing, where the world reaches nothing', async () => {
    expect(await asked({ caddy: { bind: '127.0.0.1' } })).toBeUndefined();
    expect(await asked({ services: { caddy: false } })).toBeUndefined();
  });
});

test('a stack published on loopback alone opens nothing to the world', async () => {
  const config = gcpConfig({ caddy: { bind: '127.0.0.1' } });
  expect(publicPorts(stackSpec(config))).toEqual([]);
  const rules = (await madeOf(config)).all.filter(({ type }) => type === 'gcp:compute/firewall:Firewall');
  expect(rules.map(({ name }) => name)).toEqual(['gate-iap-ssh']);
});

test('names that follow from others', () => {
  expect(regionOf('us-west1-b')).toBe('us-west1');
  expect(regionOf('northamerica-northeast1-a')).toBe('northamerica-northeast1');
  expect(accountId('g')).toBe('g-host');
});

test('an account id keeps a name that fits, and tells long ones apart', () => {
  const fits = 'a-name-of-25-characters-x';
  expect(accountId(fits)).toBe(`${fits}-host`);
  const long = [
    'trading-desk-of-the-family-a',
    'trading-desk-of-the-family-b',
    'a-name-of-thirty-one-characters',
  ];
  const ids = long.map(accountId);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  expect(new Set(ids).size).toBe(long.length);
  expect(ids[0]).toMatch(/^trading-desk-of-th-[\da-f]{6}-host$/);
});

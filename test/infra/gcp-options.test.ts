import { beforeAll, describe, expect, test } from 'vitest';
import type { Made } from '../support/pulumi/mocks.ts';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

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

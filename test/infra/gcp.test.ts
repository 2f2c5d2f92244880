import { beforeAll, describe, expect, test } from 'vitest';
import { stackSpec } from '../../compose/stack.ts';
import { publicPorts } from '../../infra/gcp/published.ts';
import type { Made } from '../support/pulumi/mocks.ts';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

const PLAIN = gcpConfig({ caddy: { httpsPort: 8443 } });

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
});

test('a stack published on loopback alone opens nothing to the world', async () => {
  const config = gcpConfig({ caddy: { bind: '127.0.0.1' } });
  expect(publicPorts(stackSpec(config))).toEqual([]);
  const rules = (await madeOf(config)).all.filter(({ type }) => type === 'gcp:compute/firewall:Firewall');
  expect(rules.map(({ name }) => name)).toEqual(['gate-iap-ssh']);
});

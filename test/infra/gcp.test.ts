import { beforeAll, describe, expect, test } from 'vitest';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import { readConfig } from '../../compose/config.ts';
import { stackSpec } from '../../compose/stack.ts';
import { accountId } from '../../infra/gcp/host-account.ts';
import { GcpStack, publicPorts, regionOf } from '../../infra/gcp/stack.ts';
import { type Made, made } from '../support/pulumi/mocks.ts';

const config = readConfig({
  name: 'gate',
  host: { kind: 'gcp', project: 'acme-trading', zone: 'us-central1-c', dataDiskGb: 12, bootDiskGb: 21 },
  gateway: { dialect: 'gnzsnz' },
  caddy: { tls: 'domain', domain: 'gate.example.com', httpPort: 80, httpsPort: 8443 },
});
const spec = stackSpec(config);

describe('the resources of a host', () => {
  let stack: Made;
  beforeAll(async () => {
    const release = { id: 'r-0123456789abcdef', spec };
    stack = await made(
      'prod',
      () => new GcpStack(config.name, { host: config.host as GcpHostConfig, release }),
    );
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
      'gcp:projects:Service gate-compute',
      'gcp:projects:Service gate-iam',
      'gcp:projects:Service gate-iap',
      'gcp:serviceaccount:Account gate',
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
    const services = stack.all.filter(({ type }) => type === 'gcp:projects/service:Service');
    expect(services.map(({ inputs }) => inputs)).toEqual(
      ['compute', 'iam', 'iap'].map((api) => ({
        project: 'acme-trading',
        service: `${api}.googleapis.com`,
        disableOnDestroy: false,
        disableDependentServices: false,
      })),
    );
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

  test('the account is its own', () => {
    expect(stack.one('gcp:serviceaccount/account:Account')).toEqual({
      accountId: 'gate-host',
      displayName: 'Machine of the Gatehouse stack gate',
    });
  });

  test('the address is static', () => {
    expect(stack.one('gcp:compute/address:Address')).toEqual({
      name: 'gate',
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
      allowStoppingForUpdate: true,
      bootDisk: { initializeParams: { image: 'debian-cloud/debian-13', size: 21, type: 'pd-standard' } },
      attachedDisks: [
        { source: 'https://compute/disks/gate-data', deviceName: 'gatehouse-data', mode: 'READ_WRITE' },
      ],
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      metadata: {
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'gatehouse-release': 'r-0123456789abcdef',
      },
      tags: ['gate-host'],
      networkInterfaces: [
        { subnetwork: 'gate-id', accessConfigs: [{ natIp: '203.0.113.7', networkTier: 'PREMIUM' }] },
      ],
      serviceAccount: { email: 'gate-host@test.iam.gserviceaccount.com', scopes: ['cloud-platform'] },
    });
  });
});

test('a stack published on loopback alone opens nothing to the world', async () => {
  const services = spec.services.map((service) => ({
    ...service,
    publish: service.publish.map((port) => ({ ...port, bind: '127.0.0.1' })),
  }));
  const closed = { ...spec, services };
  expect(publicPorts(closed)).toEqual([]);
  const args = { host: config.host as GcpHostConfig, release: { id: 'r-1', spec: closed } };
  const stack = await made('prod', () => new GcpStack('gate', args));
  const rules = stack.all.filter(({ type }) => type === 'gcp:compute/firewall:Firewall');
  expect(rules.map(({ name }) => name)).toEqual(['gate-iap-ssh']);
});

test('names that follow from others', () => {
  expect(regionOf('us-west1-b')).toBe('us-west1');
  expect(regionOf('northamerica-northeast1-a')).toBe('northamerica-northeast1');
  expect(accountId('g')).toBe('g-host');
  expect(accountId('a-name-of-thirty-one-characters')).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
});

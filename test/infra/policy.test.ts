import { describe, expect, test } from 'vitest';
import { POLICY_NAMES } from '../../compose/config/policy.ts';
import { startupScript } from '../../compose/host/startup.ts';
import { policies } from '../../infra/policy/policies.ts';
import { type Judged, verdicts } from '../support/pulumi/policies.ts';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

const judged = (...resources: Judged[]) => verdicts(policies(), resources);

/** The name of each rule that is broken. */
const broken = async (...resources: Judged[]) =>
  (await judged(...resources)).map((said) => said.split(':')[0]);

const instance = (inputs: object): Judged => ({
  type: 'gcp:compute/instance:Instance',
  name: 'gate',
  inputs: { zone: 'us-west1-b', machineType: 'e2-micro', ...inputs },
});

const disk = (inputs: object, protect = true): Judged => ({
  type: 'gcp:compute/disk:Disk',
  name: 'gate-data',
  inputs: { zone: 'us-west1-b', type: 'pd-standard', size: 10, ...inputs },
  protect,
});

const firewall = (sourceRanges: string[], ports: string[], more: object = {}): Judged => ({
  type: 'gcp:compute/firewall:Firewall',
  name: 'gate-rule',
  inputs: { direction: 'INGRESS', sourceRanges, allows: [{ protocol: 'tcp', ports }], ...more },
});

const other = (type: string, inputs: object, name = 'gate'): Judged => ({
  type,
  name,
  inputs: inputs as Record<string, unknown>,
});

describe('our own stacks', () => {
  test('break no rule', async () => {
    const budget = { billingAccount: '012345-6789AB-CDEF01' };
    const more = {
      host: { budget, operators: ['group:ops@example.com'] },
      alerts: { emails: ['a@example.com'] },
    };
    const { all } = await madeOf(gcpConfig(more));
    expect(await verdicts(policies(), all)).toEqual([]);
  });

  test('break none with their startup script in them', async () => {
    const { all } = await madeOf(gcpConfig(), undefined, startupScript(gcpConfig()));
    expect(await verdicts(policies(), all)).toEqual([]);
  });

  test('are told what their configuration costs them', async () => {
    const host = { machineType: 'e2-small', snapshots: 'daily' };
    const { all } = await madeOf(gcpConfig({ host }));
    expect(await verdicts(policies(), all)).toEqual([
      "free-tier-machine: gate: e2-small is billed. Set host.machineType to e2-micro; or give policy.allow.free-tier-machine in the stack's configuration a reason.",
      "free-tier-snapshots: gate-snapshots: scheduled snapshots are billed by the GB. Set host.snapshots to none, and make backups with `gatehouse --<stack>-backup`; or give policy.allow.free-tier-snapshots in the stack's configuration a reason.",
    ]);
  });
});

describe('a rule', () => {
  test('has the name by which the configuration switches it off', () => {
    expect(
      policies()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...POLICY_NAMES].sort());
  });

  test('does not hold where it is allowed not to, and every other does', async () => {
    const allow = { 'free-tier-machine': 'two gateways' } as const;
    const left = policies(allow).map(({ name }) => name);
    expect(left).toHaveLength(POLICY_NAMES.length - 1);
    expect(left).not.toContain('free-tier-machine');
    expect(await verdicts(policies(allow), [instance({ machineType: 'e2-small' })])).toEqual([]);
  });

  test.each(policies().map((rule) => [rule.name, rule] as const))('%s says what to do', (_name, rule) => {
    expect(rule.remediationSteps).toMatch(/^[A-Z]\w+ /);
    expect(rule.description).toMatch(/\.$/);
  });
});

const MEMBER = 'gcp:projects/iAMMember:IAMMember';
const twice = (one: Judged) => [one, one];

describe('what is refused', () => {
  test.each<[string, string[], Judged[]]>([
    ['a machine elsewhere', ['free-tier-region'], [instance({ zone: 'europe-west6-a' })]],
    ['a disk elsewhere', ['free-tier-region'], [disk({ zone: 'us-east4-a' })]],
    [
      'an address elsewhere',
      ['free-tier-region'],
      [instance({}), other('gcp:compute/address:Address', { region: 'us-east4' })],
    ],
    [
      'a bucket in all of the US',
      ['free-tier-region'],
      [other('gcp:storage/bucket:Bucket', { location: 'US' })],
    ],
    ['a bigger machine', ['free-tier-machine'], [instance({ machineType: 'n2-standard-2' })]],
    ['a second machine', ['free-tier-machine'], twice(instance({}))],
    ['a faster disk', ['free-tier-disks'], [disk({ type: 'pd-balanced' })]],
    [
      'a faster disk to boot from',
      ['free-tier-disks'],
      [instance({ bootDisk: { initializeParams: { type: 'pd-ssd', size: 10 } } })],
    ],
    [
      'disks of more than 30 GB together',
      ['free-tier-disks'],
      [instance({ bootDisk: { initializeParams: { type: 'pd-standard', size: 20 } } }), disk({ size: 11 })],
    ],
    [
      'scheduled snapshots',
      ['free-tier-snapshots'],
      [other('gcp:compute/resourcePolicy:ResourcePolicy', { snapshotSchedulePolicy: {} })],
    ],
    ['a snapshot', ['free-tier-snapshots'], [other('gcp:compute/snapshot:Snapshot', {})]],
    [
      'an address without a machine',
      ['free-tier-address'],
      [other('gcp:compute/address:Address', { region: 'us-west1' })],
    ],
    [
      'a seventh secret',
      ['secret-versions'],
      Array.from({ length: 7 }, (_, n) => other('gcp:secretmanager/secret:Secret', {}, `secret-${n}`)),
    ],
    ['another port for the world', ['public-ports'], [firewall(['0.0.0.0/0'], ['80', '8080'])]],
    ['a range of ports for the world', ['public-ports'], [firewall(['0.0.0.0/0'], ['80-443'])]],
    ['the same by IPv6', ['public-ports'], [firewall(['::/0'], ['4001'])]],
    ['half the world', ['public-ports'], [firewall(['0.0.0.0/1', '128.0.0.0/1'], ['4001'])]],
    [
      'a rule that names nobody, and so means everybody',
      ['public-ports'],
      [firewall([], ['4001'], { sourceRanges: undefined })],
    ],
    [
      'every port for the world',
      ['public-ports', 'ssh-by-iap'],
      [firewall(['0.0.0.0/0'], [], { allows: [{ protocol: 'all' }] })],
    ],
    ['ssh from the world', ['public-ports', 'ssh-by-iap'], [firewall(['0.0.0.0/0'], ['22'])]],
    ['ssh from an office', ['ssh-by-iap'], [firewall(['203.0.113.0/24'], ['20-30'])]],
    [
      "the project's default account",
      ['own-account'],
      [instance({ serviceAccount: { email: '1234-compute@developer.gserviceaccount.com' } })],
    ],
    [
      'scopes without an account, which mean the default one',
      ['own-account'],
      [instance({ serviceAccount: { scopes: ['cloud-platform'] } })],
    ],
    ['an owner', ['narrow-roles'], [other(MEMBER, { role: 'roles/owner' })]],
    [
      'an editor of one thing',
      ['narrow-roles'],
      [other('gcp:storage/bucketIAMBinding:BucketIAMBinding', { role: 'roles/editor' })],
    ],
    [
      'every secret of the project',
      ['narrow-roles'],
      [other(MEMBER, { role: 'roles/secretmanager.secretAccessor' })],
    ],
    [
      'a script that replaces the machine',
      ['startup-in-place'],
      [instance({ metadataStartupScript: '#!/bin/sh\n' })],
    ],
    ['a data disk that one command can delete', ['data-protected'], [disk({}, false)]],
    [
      'the version of a secret',
      ['no-secret-values', 'no-secret-values'],
      [other('gcp:secretmanager/secretVersion:SecretVersion', { secretData: 'hunter2' })],
    ],
    [
      'a password in a script',
      ['no-secret-values'],
      [instance({ metadata: { 'startup-script': 'export TWS_PASSWORD=correcthorse\n' } })],
    ],
    ['a password under its name', ['no-secret-values'], [instance({ metadata: { 'tws-password': 'x' } })]],
    [
      'the token of a chat',
      ['no-secret-values'],
      [
        other('gcp:monitoring/notificationChannel:NotificationChannel', {
          sensitiveLabels: { authToken: 'anything' },
        }),
      ],
    ],
  ])('%s', async (_what, names, resources) => {
    expect(await broken(...resources)).toEqual(names);
  });
});

describe('what is let through', () => {
  test.each<[string, Judged[]]>([
    ['ports 80 and 443', [firewall(['0.0.0.0/0'], ['80', '443'])]],
    ['ssh from IAP', [firewall(['35.235.240.0/20'], ['22'])]],
    [
      'a rule that denies',
      [firewall(['0.0.0.0/0'], [], { allows: undefined, denies: [{ protocol: 'all' }] })],
    ],
    ['a rule of what goes out', [firewall([], [], { direction: 'EGRESS', allows: [{ protocol: 'all' }] })]],
    ['a machine without an account', [instance({})]],
    ['writing logs', [other(MEMBER, { role: 'roles/logging.logWriter' })]],
    [
      'an internal address',
      [other('gcp:compute/address:Address', { region: 'us-west1', addressType: 'INTERNAL' })],
    ],
    [
      'the path of a password',
      [instance({ metadata: { x: 'TWS_PASSWORD_FILE=/run/secrets/TWS_PASSWORD' } })],
    ],
    ['a password that is read', [instance({ metadata: { x: 'TOKEN="$(cat /run/token)"' } })]],
  ])('%s', async (_what, resources) => {
    expect(await broken(...resources)).toEqual([]);
  });
});

test('an input that a preview does not know yet is passed over', async () => {
  const metadata = Object.defineProperty({ 'api-token': 'x' }, 'unknown', {
    enumerable: true,
    get: () => {
      throw new Error('unknown');
    },
  });
  expect(await broken(instance({ metadata }))).toEqual(['no-secret-values']);
});

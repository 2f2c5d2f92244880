import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { recordingCheckout } from '../support/pulumi/checkout.ts';
import { Deployment, type State } from '../support/pulumi/deployment.ts';
import { Google, type Values } from '../support/pulumi/google.ts';

const INSTANCE = 'gcp:compute/instance:Instance';

const machine: Values = {
  name: 'gate',
  zone: 'us-west1-b',
  machineType: 'e2-micro',
  metadata: { 'gatehouse-release': 'r-1', 'startup-script': '#!/bin/bash\n' },
  bootDisk: { initializeParams: { image: 'debian-cloud/debian-13', size: 20 } },
  networkInterfaces: [{ subnetwork: 's', accessConfigs: [{ natIp: '203.0.113.7' }] }],
};

const google = () => new Google(new Map());

describe('the recording provider', () => {
  test('takes what @pulumi/gcp declares', () => {
    expect(google().check(INSTANCE, machine)).toEqual([]);
  });

  test.each<[string, Values, string]>([
    ['a misspelt input', { machinetype: 'e2-micro' }, 'machinetype: is no input'],
    [
      'one deep inside',
      { networkInterfaces: [{ accessConfigs: [{ natIP: '203.0.113.7' }] }] },
      'networkInterfaces[0].accessConfigs[0].natIP: is no input',
    ],
    ['a missing one', { machineType: undefined }, 'machineType: must be given'],
    [
      'a text for a number',
      { bootDisk: { initializeParams: { size: '20' } } },
      'bootDisk.initializeParams.size: must be number, not string',
    ],
    ['a number in the metadata', { metadata: { n: 5 } }, 'metadata["n"]: must be string, not number'],
    ['one for a list of them', { tags: 'gate' }, 'tags: must be list, not string'],
  ])('refuses %s', (_what, changed, message) => {
    const failures = google().check(INSTANCE, { ...machine, ...changed });
    expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).toEqual([message]);
  });

  test('does not know a type that @pulumi/gcp does not have', () => {
    expect(() => google().check('gcp:compute/machine:Machine', {})).toThrow(
      'has no resource compute/machine',
    );
  });

  const replacing = (changed: Values) =>
    google().diff(INSTANCE, machine, machine, { ...machine, ...changed }).replaces;

  test.each<[string, Values, string[]]>([
    ['a value of the metadata', { metadata: { ...(machine.metadata as object), 'startup-script': 'x' } }, []],
    ['the machine type', { machineType: 'e2-small' }, []],
    ['a script by its own field', { metadataStartupScript: 'x' }, ['metadataStartupScript']],
    ['the name', { name: 'other' }, ['name']],
    ['the description', { description: 'other' }, ['description']],
    [
      'the image',
      { bootDisk: { initializeParams: { image: 'debian-cloud/debian-12', size: 20 } } },
      ['bootDisk.initializeParams.image'],
    ],
    ['the list of its policies', { resourcePolicies: 'daily' }, ['resourcePolicies']],
    [
      'an interface',
      { networkInterfaces: [{ subnetwork: 'other' }] },
      ['networkInterfaces[0].subnetwork', 'networkInterfaces[0].accessConfigs'],
    ],
  ])('replaces where the Google provider does: %s', (_what, changed, paths) => {
    expect(replacing(changed)).toEqual(paths);
  });

  test('stops a machine only where it may, and deletes none that is protected', () => {
    const cloud = google();
    const id = cloud.create(INSTANCE, 'gate', machine);
    const bigger = { ...machine, machineType: 'e2-small' };
    const { changes } = cloud.diff(INSTANCE, machine, machine, bigger);
    expect(() => cloud.update(id, INSTANCE, 'gate', changes, bigger)).toThrow('requires stopping it');
    cloud.update(id, INSTANCE, 'gate', changes, { ...bigger, allowStoppingForUpdate: true });
    cloud.update(id, INSTANCE, 'gate', [], { ...machine, deletionProtection: true });
    expect(() => cloud.delete(id)).toThrow('Deletion Protection');
  });
});

test('it is a process of its own for a real engine, and its cloud a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-cloud-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await recordingCheckout(join(folder, 'checkout'), 'config: {}\n');
  const cloud = join(folder, 'cloud.json');
  const env = { PATH: process.env.PATH ?? '', RECORDING_CLOUD: cloud };
  const plugin = join(folder, 'checkout/plugin/pulumi-resource-gcp');
  const child = spawn(plugin, ['127.0.0.1:1'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string];

  const state: State = new Map();
  const deployment = new Deployment(state, `127.0.0.1:${port}`);
  onTestFinished(() => deployment.close());
  const life = { custom: true, protect: false, ignoreChanges: [], deleteBeforeReplace: false, provider: '' };
  const urn = `urn:pulumi:prod::gatehouse::${INSTANCE}::gate`;
  await deployment.register({ urn, type: INSTANCE, name: 'gate', inputs: machine, ...life });
  expect(JSON.parse(await readFile(cloud, 'utf8'))).toEqual([
    [`${INSTANCE}/gate`, { type: INSTANCE, name: 'gate', inputs: machine }],
  ]);
  const last = new Deployment(state, `127.0.0.1:${port}`);
  onTestFinished(() => last.close());
  await last.finish();
  expect(JSON.parse(await readFile(cloud, 'utf8'))).toEqual([]);
});

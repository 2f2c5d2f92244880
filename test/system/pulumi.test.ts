import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalWorkspace, type Stack } from '@pulumi/pulumi/automation/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordingCheckout } from '../support/pulumi/checkout.ts';
import type { Recorded } from '../support/pulumi/google.ts';
import { pulumiOnPath } from './parts/pulumi.ts';

const cli = pulumiOnPath();
// With CI=true too: the engine is on no package registry, and test/infra/lifecycle.slow.test.ts drives the same cases.
if (cli === undefined)
  console.warn('skipped: there is no pulumi on the PATH (https://www.pulumi.com/docs/install)');

const STACK = `config:
  gatehouse:name: gate
  gatehouse:host: { kind: gcp, project: acme-trading }
  gatehouse:gateway: { dialect: simulated }
  gatehouse:caddy: { tls: domain, domain: gate.example.com }
`;

const INSTANCE = 'gcp:compute/instance:Instance';

describe.skipIf(cli === undefined)('the real engine', () => {
  let folder: string;
  let stack: Stack;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-pulumi-'));
    await mkdir(join(folder, 'backend'));
    await recordingCheckout(join(folder, 'checkout'), STACK);
    // The engine starts the `node` of the PATH, and beside the CLI there may be an older one.
    process.env.PATH = [dirname(process.execPath), cli, process.env.PATH].join(delimiter);
    stack = await LocalWorkspace.createStack(
      { stackName: 'prod', workDir: join(folder, 'checkout') },
      { envVars: environment(folder) },
    );
  });

  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const cloud = async (): Promise<[string, Recorded][]> =>
    JSON.parse(await readFile(join(folder, 'cloud.json'), 'utf8'));
  const machines = async () => (await cloud()).filter(([, { type }]) => type === INSTANCE);
  const up = async () => (await stack.up()).summary.resourceChanges ?? {};
  const setHost = (host: object) =>
    stack.setConfig('gatehouse:host', {
      value: JSON.stringify({ kind: 'gcp', project: 'acme-trading', ...host }),
    });

  test('a preview passes our policies', async () => {
    const pack = join(folder, 'checkout/infra/policy');
    const { changeSummary } = await stack.preview({ policyPacks: [pack] });
    expect(changeSummary.create).toBeGreaterThan(20);
  });

  test('up makes everything', async () => {
    const { create, ...others } = await up();
    expect(create).toBeGreaterThan(20);
    expect(others).toEqual({});
    const outputs = await stack.outputs();
    expect(outputs.url?.value).toBe('https://gate.example.com');
    const [[, machine]] = (await machines()) as [[string, Recorded]];
    expect(machine.inputs.metadata).toMatchObject({ 'gatehouse-release': outputs.release?.value });
  });

  test('up again changes nothing', async () => {
    expect(Object.keys(await up())).toEqual(['same']);
  });

  test('a changed release is an update of the same machine', async () => {
    const before = await machines();
    await stack.setConfig('gatehouse:gateway', { value: JSON.stringify({ dialect: 'simulated', seed: 8 }) });
    expect(await up()).toMatchObject({ update: 1 });
    const after = await machines();
    expect(after.map(([id]) => id)).toEqual(before.map(([id]) => id));
    expect(after[0]?.[1].inputs.metadata).not.toEqual(before[0]?.[1].inputs.metadata);
  });

  test('another machine type is an update of the same machine', async () => {
    const before = await machines();
    await setHost({ machineType: 'e2-small' });
    expect(await up()).toMatchObject({ update: 1 });
    expect((await machines()).map(([id]) => id)).toEqual(before.map(([id]) => id));
  });

  test('refresh sees what somebody changed by hand, and up puts it back', async () => {
    const drifted = (await cloud()).map(([id, one]) => {
      const inputs = one.type === INSTANCE ? { ...one.inputs, machineType: 'e2-medium' } : one.inputs;
      return [id, { ...one, inputs }];
    });
    await writeFile(join(folder, 'cloud.json'), JSON.stringify(drifted));
    expect((await stack.refresh()).summary.resourceChanges).toMatchObject({ update: 1 });
    expect(await up()).toMatchObject({ update: 1 });
    expect((await machines())[0]?.[1].inputs.machineType).toBe('e2-small');
  });

  test('destroy stops before what is protected, and takes everything once that is lifted', async () => {
    await expect(stack.destroy()).rejects.toThrow(/protect/);
    expect(await machines()).toHaveLength(1);
    await promisify(execFile)('pulumi', ['state', 'unprotect', '--all', '--yes', '--stack', 'prod'], {
      cwd: stack.workspace.workDir,
      env: { ...process.env, ...environment(folder) },
    });
    await stack.destroy();
    expect(await cloud()).toEqual([]);
  });
});

/** A backend of files, a home of its own, and nothing fetched. */
function environment(folder: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${join(folder, 'backend')}`,
    PULUMI_HOME: join(folder, 'home'),
    PULUMI_CONFIG_PASSPHRASE: 'a test',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    RECORDING_CLOUD: join(folder, 'cloud.json'),
  };
}

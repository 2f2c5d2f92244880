import { beforeAll, describe, expect, test } from 'vitest';
import type { State } from '../support/pulumi/deployment.ts';
import { Google, type Recorded, type Refusals } from '../support/pulumi/google.ts';
import { handedOver, type ProgramRun, runProgram } from '../support/pulumi/run-program.ts';

const INSTANCE = 'gcp:compute/instance:Instance';

const config = (host: object = {}, gateway: object = {}) =>
  handedOver({
    'gatehouse:name': 'gate',
    'gatehouse:host': { kind: 'gcp', project: 'acme-trading', ...host },
    'gatehouse:gateway': { dialect: 'simulated', ...gateway },
    'gatehouse:caddy': { tls: 'domain', domain: 'gate.example.com' },
  });

/** One `pulumi up` after another, of one stack in one cloud. */
class Stack {
  readonly state: State = new Map();
  readonly cloud = new Map<string, Recorded>();

  async up(changed = config(), refusals: Refusals = {}): Promise<ProgramRun> {
    const google = new Google(this.cloud, refusals);
    const run = await runProgram({ stack: 'prod', config: changed, state: this.state, google });
    return run;
  }

  get machines(): Recorded[] {
    return [...this.cloud.values()].filter(({ type }) => type === INSTANCE);
  }
}

describe('one stack, from nothing on', () => {
  const stack = new Stack();
  let first: ProgramRun;
  beforeAll(async () => {
    first = await stack.up();
  });

  test('the first up makes everything, and the machine after all it needs', () => {
    expect(first, first.printed).toMatchObject({ exit: 0, logs: [] });
    expect(new Set(first.steps.map(({ op }) => op))).toEqual(new Set(['create']));
    const at = (type: string) => first.steps.findIndex((step) => step.type === type);
    const lastAt = (type: string) => first.steps.findLastIndex((step) => step.type === type);
    for (const before of [
      'gcp:storage/bucketObject:BucketObject',
      'gcp:storage/bucketIAMMember:BucketIAMMember',
      'gcp:secretmanager/secretIamMember:SecretIamMember',
      'gcp:projects/iAMMember:IAMMember',
    ]) {
      expect(lastAt(before), before).toBeGreaterThanOrEqual(0);
      expect(lastAt(before), before).toBeLessThan(at(INSTANCE));
    }
    expect(at('gcp:storage/bucket:Bucket')).toBeLessThan(at('gcp:compute/network:Network'));
    expect(lastAt('gcp:projects/service:Service')).toBeLessThan(at('gcp:storage/bucket:Bucket'));
  });

  test('the metadata carries the release, the bucket and the startup script', () => {
    expect(stack.machines[0]?.inputs.metadata).toMatchObject({
      'gatehouse-release': first.outputs()?.release,
      'gatehouse-bucket': 'acme-trading-gate',
      'startup-script': expect.stringMatching(/^#!\/bin\/bash\n/),
    });
  });

  test('the second finds nothing to do', async () => {
    const run = await stack.up();
    expect(run, run.printed).toMatchObject({ exit: 0, logs: [], steps: [] });
  });

  test('a changed release is another object, and a value of the metadata of the same machine', async () => {
    const [before] = stack.cloud.keys().filter((id) => id.startsWith(INSTANCE));
    const run = await stack.up(config({}, { seed: 8 }));
    expect(run, run.printed).toMatchObject({ exit: 0, logs: [] });
    expect(run.steps).toEqual([
      {
        op: 'replace',
        type: 'gcp:storage/bucketObject:BucketObject',
        name: 'gate-release',
        changed: ['name', 'source'],
      },
      { op: 'update', type: INSTANCE, name: 'gate', changed: ['metadata["gatehouse-release"]'] },
    ]);
    expect(run.outputs()?.release).not.toBe(first.outputs()?.release);
    expect([...stack.cloud.keys()].filter((id) => id.startsWith(INSTANCE))).toEqual([before]);
    const releases = [...stack.cloud.values()].filter(({ type }) => type.endsWith(':BucketObject'));
    expect(releases.map(({ inputs }) => inputs.name)).toEqual([`releases/${run.outputs()?.release}.tar.gz`]);
  });

  test('what the startup script is made of changes it in place, and a boot disk that was is left alone', async () => {
    const run = await stack.up(config({ swapMb: 512, bootDiskGb: 19 }, { seed: 8 }));
    expect(run, run.printed).toMatchObject({ exit: 0, logs: [] });
    expect(run.steps).toEqual([
      { op: 'update', type: INSTANCE, name: 'gate', changed: ['metadata["startup-script"]'] },
    ]);
  });

  test('another machine type stops the machine, and keeps it', async () => {
    const run = await stack.up(config({ swapMb: 512, machineType: 'e2-small' }, { seed: 8 }));
    expect(run.steps, run.printed).toMatchObject([{ op: 'update', type: INSTANCE, name: 'gate' }]);
    expect(run.steps[0]?.changed).toContain('machineType');
    expect(stack.machines.map(({ inputs }) => inputs.machineType)).toEqual(['e2-small']);
  });

  test('a check that fails changes nothing of what it is about, and is told', async () => {
    const refused = { property: 'machineType', reason: 'e2-medium is not to be had in us-west1-b' };
    const check = (type: string) => (type === INSTANCE ? [refused] : []);
    const run = await stack.up(config({ swapMb: 512, machineType: 'e2-medium' }, { seed: 8 }), { check });
    expect(run.exit, run.printed).not.toBe(0);
    expect(run.logs.join('\n')).toContain(
      `${INSTANCE} gate has problems: machineType: e2-medium is not to be had in us-west1-b`,
    );
    expect(run.steps.filter(({ type }) => type === INSTANCE)).toEqual([]);
    expect(stack.machines.map(({ inputs }) => inputs.machineType)).toEqual(['e2-small']);
  });
});

test('a bucket name that is taken stops everything before it costs anything', async () => {
  const stack = new Stack();
  const run = await stack.up(config(), { takenBuckets: ['acme-trading-gate'] });
  expect(run.exit, run.printed).not.toBe(0);
  expect(run.logs.join('\n')).toContain('The requested bucket name is not available');
  const kinds = new Set([...stack.cloud.values()].map(({ type }) => type));
  expect(kinds).toEqual(new Set(['gcp:projects/service:Service']));
});

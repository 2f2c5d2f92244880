import { describe, expect, test } from 'vitest';
import type { State } from '../support/pulumi/deployment.ts';
import { Google, type Recorded, type Refusals } from '../support/pulumi/google.ts';
import { handedOver, type ProgramRun, runProgram } from '../support/pulumi/run-program.ts';

const INSTANCE = 'gcp:compute/instance:Instance';

/** A name for the bucket that nobody else has, and a line for each thing that is off by default. */
const OWN = {
  bucket: 'gate-of-acme',
  snapshots: 'daily',
  budget: { billingAccount: '012345-6789AB-CDEF01' },
  operators: ['user:ada@example.com'],
};

const config = (host: object = {}, gateway: object = {}) =>
  handedOver({
    'gatehouse:name': 'gate',
    'gatehouse:host': { kind: 'gcp', project: 'acme-trading', ...host },
    'gatehouse:gateway': { dialect: 'simulated', ...gateway },
    'gatehouse:alerts': { emails: ['ada@example.com'] },
    'gatehouse:caddy': { tls: 'domain', domain: 'gate.example.com' },
  });

/** One `pulumi up` after another, of one stack in one cloud. */
class Stack {
  readonly state: State = new Map();
  readonly cloud = new Map<string, Recorded>();

  async up(changed = config(), refusals: Refusals = {}): Promise<ProgramRun> {
    const google = new Google(this.cloud, refusals);
    return runProgram({ stack: 'prod', config: changed, state: this.state, google });
  }

  get machines(): Recorded[] {
    return [...this.cloud.values()].filter(({ type }) => type === INSTANCE);
  }
}

describe('one stack, from nothing on', () => {
  const stack = new Stack();
  let first: ProgramRun;

  test('a bucket name that is taken stops everything before it costs anything', async () => {
    const run = await stack.up(config(), { takenBuckets: ['acme-trading-gate'] });
    expect(run.exit, run.printed).not.toBe(0);
    expect(run.logs.join('\n')).toContain('The requested bucket name is not available');
    const kinds = new Set([...stack.cloud.values()].map(({ type }) => type));
    expect(kinds).toEqual(new Set(['gcp:projects/service:Service']));
  });

  test('the first up makes everything, and the machine after all it needs', async () => {
    first = await stack.up(config(OWN));
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
  });

  test('the metadata carries the release, the bucket and the startup script', () => {
    expect(stack.machines[0]?.inputs.metadata).toMatchObject({
      'gatehouse-release': first.outputs()?.release,
      'gatehouse-bucket': OWN.bucket,
      'startup-script': expect.stringMatching(/^#!\/bin\/bash\n/),
    });
  });

  test('the second finds nothing to do', async () => {
    const run = await stack.up(config(OWN));
    expect(run, run.printed).toMatchObject({ exit: 0, logs: [], steps: [] });
  });

  test('a changed release and script are values of the metadata of the same machine', async () => {
    const machines = () => [...stack.cloud.keys()].filter((id) => id.startsWith(INSTANCE));
    const before = machines();
    // Another seed is another release; the swap is in the script; the boot disk is as it was at the first boot.
    const run = await stack.up(config({ ...OWN, swapMb: 512, bootDiskGb: 19 }, { seed: 8 }));
    expect(run, run.printed).toMatchObject({ exit: 0, logs: [] });
    const object = 'gcp:storage/bucketObject:BucketObject';
    expect(run.steps).toEqual([
      { op: 'replace', type: object, name: 'gate-release', changed: ['name', 'source'] },
      {
        op: 'update',
        type: INSTANCE,
        name: 'gate',
        changed: ['metadata["gatehouse-release"]', 'metadata["startup-script"]'],
      },
    ]);
    expect(machines()).toEqual(before);
    expect(run.outputs()?.release).not.toBe(first.outputs()?.release);
    const releases = [...stack.cloud.values()].filter(({ type }) => type === object);
    expect(releases.map(({ inputs }) => inputs.name)).toEqual([`releases/${run.outputs()?.release}.tar.gz`]);
  });

  test('another machine type stops the machine, and keeps it', async () => {
    const run = await stack.up(config({ ...OWN, swapMb: 512, machineType: 'e2-small' }, { seed: 8 }));
    expect(run.steps, run.printed).toMatchObject([{ op: 'update', type: INSTANCE, name: 'gate' }]);
    expect(run.steps[0]?.changed).toContain('machineType');
    expect(stack.machines.map(({ inputs }) => inputs.machineType)).toEqual(['e2-small']);
  });

  test('a check that fails changes nothing of what it is about, and is told', async () => {
    const refused = { property: 'machineType', reason: 'e2-medium is not to be had in us-west1-b' };
    const check = (type: string) => (type === INSTANCE ? [refused] : []);
    const run = await stack.up(config({ ...OWN, swapMb: 512, machineType: 'e2-medium' }, { seed: 8 }), {
      check,
    });
    expect(run.exit, run.printed).not.toBe(0);
    expect(run.logs.join('\n')).toContain(
      `${INSTANCE} gate has problems: machineType: e2-medium is not to be had in us-west1-b`,
    );
    expect(run.steps.filter(({ type }) => type === INSTANCE)).toEqual([]);
    expect(stack.machines.map(({ inputs }) => inputs.machineType)).toEqual(['e2-small']);
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { handedOver, PRETENDING_TO_BE_OLD, runProgram } from '../support/pulumi/run-program.ts';

const read = (name: string): Record<string, unknown> =>
  parse(readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8'));

const prod = handedOver(read('Pulumi.prod.yaml').config as Record<string, unknown>);

test('Pulumi.yaml leaves the loading to Node', () => {
  expect(read('Pulumi.yaml')).toMatchObject({
    name: 'gatehouse',
    main: 'infra/',
    runtime: { name: 'nodejs', options: { typescript: false } },
  });
});

describe('the program under Pulumi’s own runner', () => {
  test('makes the host of Pulumi.prod.yaml and hands over its outputs', async () => {
    const run = await runProgram({ stack: 'prod', config: prod });
    expect(run, run.printed).toMatchObject({ exit: 0, logs: [] });
    const outputs = run.outputs();
    expect(outputs).toMatchObject({
      address: '203.0.113.7',
      url: 'https://localhost:8443, by tunnel',
      release: expect.stringMatching(/^r-[0-9a-f]{16}$/),
      bucket: 'my-project-gatehouse',
    });
    const find = (type: string) => run.resources.find((resource) => resource.type === type);
    expect(find('gcp:compute/instance:Instance')).toMatchObject({
      inputs: { machineType: 'e2-micro', metadata: { 'gatehouse-release': outputs?.release } },
      ignoreChanges: ['bootDisk.initializeParams'],
      provider: expect.stringContaining('::gatehouse-gcp::'),
    });
    expect(find('gcp:compute/disk:Disk')).toMatchObject({ protect: true });
  });

  test('every mistake of a configuration is told at once, before anything is made', async () => {
    const host = JSON.stringify({ kind: 'gcp', project: 'X', machineType: 'e2-huge' });
    const run = await runProgram({ stack: 'prod', config: { ...prod, 'gatehouse:host': host } });
    expect(run.exit, run.printed).not.toBe(0);
    expect(run.resources.filter(({ type }) => type !== 'pulumi:pulumi:Stack')).toEqual([]);
    const told = run.logs.join('\n');
    expect(told).toContain('Pulumi.prod.yaml:\nhost.project: must be a project id');
    expect(told).toContain('host.machineType: must be one of e2-micro, e2-small, e2-medium; got "e2-huge"');
    expect(told).not.toMatch(/\n\s+at /);
  });

  test('an old Node is told what to do', async () => {
    const run = await runProgram({ stack: 'prod', config: prod, nodeFlags: PRETENDING_TO_BE_OLD });
    expect(run.exit, run.printed).not.toBe(0);
    expect(run.logs.join('\n')).toMatch(
      /^Node 22\.1\.0 is too old, 24 or later is needed: run npm ci, then npx pulumi .*$/,
    );
  });
});

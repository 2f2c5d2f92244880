import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import services from '@pulumi/pulumi/proto/analyzer_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/analyzer_pb.js';
import { expect, onTestFinished, test } from 'vitest';
import { POLICY_NAMES } from '../../compose/config/policy.ts';
import { ask, empty, grpc, toStruct } from '../support/pulumi/grpc.ts';
import { handedOver, PRETENDING_TO_BE_OLD } from '../support/pulumi/run-program.ts';

const PACK = fileURLToPath(new URL('../../infra/policy', import.meta.url));

/** Loads the pack as `pulumi preview --policy-pack infra/policy` does: the first line it prints, else its complaint. */
async function firstLine(
  config: Readonly<Record<string, unknown>>,
  nodeFlags: readonly string[] = [],
): Promise<string> {
  const runner = fileURLToPath(import.meta.resolve('@pulumi/pulumi/cmd/run-policy-pack/index.js'));
  const env = { PATH: process.env.PATH ?? '', PULUMI_CONFIG: JSON.stringify(handedOver(config)) };
  const args = [...nodeFlags, runner, '127.0.0.1:1', '.'];
  const child = spawn(process.execPath, args, { cwd: PACK, env, stdio: 'pipe' });
  onTestFinished(() => void child.kill());
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const ended = once(child, 'close').then(([code]) => [`ended with ${code}: ${complaint}`]);
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  return line;
}

async function loaded(config: Readonly<Record<string, unknown>>) {
  const port = await firstLine(config);
  expect(port).toMatch(/^\d+$/);
  const client = new services.AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure() as never);
  onTestFinished(() => client.close());
  return client;
}

const stack = (policy: object) => ({
  'gatehouse:host': { kind: 'gcp', project: 'acme-trading' },
  'gatehouse:gateway': { dialect: 'simulated' },
  'gatehouse:caddy': { tls: 'internal' },
  'gatehouse:policy': policy,
});

test('the pack loads by Node alone, and judges what it is asked', async () => {
  const client = await loaded(stack({ allow: { 'data-protected': 'a test of it' } }));
  const info = await ask<InstanceType<typeof empty.Empty>, InstanceType<typeof messages.AnalyzerInfo>>(
    (request, done) => client.getAnalyzerInfo(request as never, done),
    new empty.Empty(),
  );
  const names = info.getPoliciesList().map((policy) => policy.getName());
  expect(names.sort()).toEqual(POLICY_NAMES.filter((name) => name !== 'data-protected').sort());

  const request = new messages.AnalyzeRequest()
    .setType('gcp:compute/firewall:Firewall')
    .setName('gate-open')
    .setUrn('urn:pulumi:prod::gatehouse::gcp:compute/firewall:Firewall::gate-open')
    .setProperties(toStruct({ sourceRanges: ['0.0.0.0/0'], allows: [{ protocol: 'tcp', ports: ['4001'] }] }))
    .setOptions(new messages.AnalyzerResourceOptions());
  const response = await ask<typeof request, InstanceType<typeof messages.AnalyzeResponse>>(
    (one, done) => client.analyze(one, done),
    request,
  );
  const said = response.getDiagnosticsList();
  expect(said.map((one) => [one.getPolicyname(), one.getEnforcementlevel()])).toEqual([
    ['public-ports', messages.EnforcementLevel.MANDATORY],
  ]);
  expect(said[0]?.getMessage()).toContain('gate-open: the world reaches tcp 4001. Publish nothing but');
});

test('what keeps the pack from loading is said without a trace: an old Node, a mistake in the configuration', async () => {
  const old = await firstLine(stack({}), PRETENDING_TO_BE_OLD);
  expect(old).toMatch(/^ended with 32: error: .*Node 22\.1\.0 is too old, 24 or later is needed: .*\n$/);
  const mistaken = await firstLine(stack({ allow: { 'data-protected': '' } }));
  expect(mistaken).toContain('policy.allow.data-protected: must be the reason, in words; got ""');
  expect(mistaken).not.toMatch(/\n\s+at /);
});

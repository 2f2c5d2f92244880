import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../compose/config.ts';
import { buildRelease } from '../../compose/release.ts';
import { LocalStack } from '../../infra/local/stack.ts';
import { stubBundler } from '../compose/stacks.ts';
import { type Made, made } from '../support/pulumi/mocks.ts';
import { asCompose, pairs, type Values } from './as-compose.ts';

interface Compose {
  readonly services: Readonly<Record<string, Values>>;
  readonly networks: Readonly<Record<string, Values>>;
  readonly volumes?: Readonly<Record<string, Values>>;
}

const host = { kind: 'local' };
const dataDir = '/srv/gate';
const image = 'ghcr.io/extrange/ibkr:10.37.1o';

const STACKS: readonly [string, Record<string, unknown>][] = [
  ['a simulated gateway', { host, gateway: { dialect: 'simulated' } }],
  [
    'the image of gnzsnz, its ports on loopback, data in folders',
    { host: { ...host, dataDir }, gateway: { dialect: 'gnzsnz', apiPort: 4001, vncPort: 5900 } },
  ],
  ['the image of extrange', { host: { ...host, dataDir }, gateway: { dialect: 'extrange', image } }],
  [
    'a gateway of the host, no edge',
    { host, gateway: { dialect: 'external', host: 'host.docker.internal' }, services: { caddy: false } },
  ],
];

test.each(STACKS)('with %s compose and Pulumi say the same', async (_what, sections) => {
  const config = readConfig({ name: 'gate', caddy: { tls: 'internal', bind: '127.0.0.1' }, ...sections });
  const out = await mkdtemp(join(tmpdir(), 'gatehouse-out-'));
  onTestFinished(() => rm(out, { recursive: true }));
  const release = await buildRelease(config, { bundler: stubBundler });
  const stack = await made('local', () => LocalStack.of('gate', { config, release, out }));
  const text = release.files.find(({ path }) => path === 'compose.yaml')?.bytes.toString() ?? '';
  const compose: Compose = parse(text.replaceAll('$$', '$'), { version: '1.1' });

  expect(named(stack, 'network:Network')).toEqual(
    Object.entries(compose.networks).map(([name, { internal = false }]) => ({
      name: `gate_${name}`,
      internal,
    })),
  );
  expect(named(stack, 'volume:Volume')).toEqual(
    Object.keys(compose.volumes ?? {}).map((name) => ({ name: `gate_${name}` })),
  );
  const waitedFor = Object.values(compose.services).flatMap(({ depends_on = {} }) =>
    Object.keys(depends_on as object),
  );
  const containers = named(stack, 'container:Container');
  expect(containers.map(({ name }) => name).sort()).toEqual(
    Object.keys(compose.services)
      .map((name) => `gate-${name}`)
      .sort(),
  );
  for (const [name, service] of Object.entries(compose.services)) {
    const container = stack.one('docker:index/container:Container', `gate-${name}`);
    const pulled = stack.one('docker:index/remoteImage:RemoteImage', `gate-${name}`);
    expect(asCompose(container, pulled, join(out, release.id)), name).toEqual(withoutHostOnly(service));
    expect(container, name).toMatchObject({
      image: `sha256:of ${pulled.name}`,
      logDriver: 'json-file',
      destroyGraceSeconds: container.stopTimeout,
    });
    expect(container.wait, name).toBe(waitedFor.includes(name));
    expect(container.networksAdvanced).toEqual(
      (service.networks as string[]).map((network) => ({ name: `gate_${network}`, aliases: [name] })),
    );
  }
});

function named(stack: Made, type: string): Values[] {
  return stack.all.filter((one) => one.type.endsWith(type)).map(({ inputs }) => inputs);
}

/** @pulumi/docker knows neither (local.test.ts holds that); the order of starts is Pulumi's own dependency. */
function withoutHostOnly({ pids_limit, oom_score_adj, depends_on, ...service }: Values): Values {
  const { environment, tmpfs, ...others } = service;
  const inAnyOrder = tmpfs === undefined ? {} : { tmpfs: [...(tmpfs as string[])].sort() };
  return { ...others, ...inAnyOrder, environment: pairs(environment as Values, '=') };
}

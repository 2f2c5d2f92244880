import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureNodeBaseImage } from './parts/images.ts';
import { ensurePrivateEngine, type PrivateEngine } from './parts/private-engine.ts';
import { sh } from './parts/shell.ts';
import { ensureShellcheck } from './parts/shellcheck.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';

const METADATA = '169.254.169.254';
const IMAGE = 'gatehouse-test/node:24.21.0';
const GUARD = 'compose/host/metadata-guard.sh';

/** Stands in for the cloud's: a token for whoever asks, and names. One A record, whatever the question. */
const METADATA_SERVICE = `
  require('node:http').createServer((_, res) => res.end('token')).listen(80, '${METADATA}');
  const dns = require('node:dgram').createSocket('udp4');
  dns.on('message', (q, { port, address }) => {
    const end = q.indexOf(0, 12) + 5;
    const head = Buffer.from([q[0], q[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]);
    dns.send(Buffer.concat([head, q.subarray(12, end), answer]), port, address);
  });
  dns.bind(53, '${METADATA}', () => console.log('up'));`;

describe('the guard', () => {
  const shellcheck = usePart(ensureShellcheck);

  it('is found clean by shellcheck', async () => {
    const { exitCode, stdout } = await sh({ nothrow: true })`${shellcheck().path} ${GUARD}`;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });
});

describe('containers and the metadata service of the cloud', () => {
  const engine = usePart(ensurePrivateEngine);
  const cloud = `gatehouse-cloud-${process.pid}`;
  let end = () => {};

  beforeAll(async () => {
    await ensureNodeBaseImage(engine(), IMAGE);
    await engine().docker('network', 'create', 'outward');
    await engine().docker('network', 'create', '--internal', 'inward');
    end = await serveMetadata(engine(), cloud);
  });
  afterAll(async () => {
    end();
    await sh({ nothrow: true })`ip netns delete ${cloud}`;
  });

  /** In a container that names are resolved for by the metadata address, as on Google's machines. */
  const inContainer = (program: string, network = 'outward') =>
    engine().docker(
      ...['run', '--rm', '--network', network, '--dns', METADATA, IMAGE, 'node', '-e', program],
    );
  const fetchToken = `require('node:http').get('http://${METADATA}/', (r) => r.pipe(process.stdout))
    .on('error', ({ code }) => console.log(code))`;
  const lookUp =
    "require('node:dns').resolve4('example.com', (error, found) => console.log(error?.code ?? found[0]))";

  it('would get a token without the guard', async () => {
    expect(await inContainer(fetchToken)).toBe('token');
  });

  it('get nothing at all on an internal network, as the bridge is on', async () => {
    const patient = `setTimeout(() => { console.log('no answer'); process.exit() }, 3000); ${fetchToken}`;
    expect(await inContainer(patient, 'inward')).toMatch(/no answer|ENETUNREACH|EHOSTUNREACH/);
  });

  it('get none with it, and still resolve names', async () => {
    await engine().inside('bash', GUARD);
    expect(await inContainer(fetchToken)).toBe('ECONNREFUSED');
    expect(await inContainer(lookUp)).toBe('192.0.2.7');
  });

  it('get none after the daemon was restarted, nor after the guard ran again', async () => {
    await engine().end('SIGTERM');
    await engine().inside('bash', GUARD);
    await engine().start();
    expect(await inContainer(fetchToken)).toBe('ECONNREFUSED');
    expect(await inContainer(lookUp)).toBe('192.0.2.7');
    const rules = (await engine().inside('iptables', '-S', 'DOCKER-USER')).split('\n');
    expect(rules.filter((rule) => rule.includes(METADATA))).toHaveLength(3);
  });
});

/** A machine beside the engine's that has the metadata address. @returns what ends it */
async function serveMetadata(engine: PrivateEngine, cloud: string): Promise<() => void> {
  await sh`ip netns add ${cloud}`;
  await engine.inside('ip', 'link', 'add', 'cloud0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', cloud);
  await engine.inside('ip', 'address', 'add', '169.254.169.1/24', 'dev', 'cloud0');
  await engine.inside('ip', 'link', 'set', 'cloud0', 'up');
  for (const command of [
    `address add ${METADATA}/24 dev eth0`,
    'link set eth0 up',
    'link set lo up',
    'route add default via 169.254.169.1',
  ]) {
    await sh`ip -n ${cloud} ${command.split(' ')}`;
  }
  const node = spawn('ip', ['netns', 'exec', cloud, process.execPath, '-e', METADATA_SERVICE]);
  let said = '';
  node.stdout.on('data', (part) => (said += part));
  node.stderr.on('data', (part) => (said += part));
  await until('the metadata service is up', () => said.includes('up'), {
    givenUp: () => (node.exitCode === null ? undefined : said),
  });
  return () => node.kill();
}

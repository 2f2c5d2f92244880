import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bundle } from '../../compose/release/bundle.ts';
import { buildRelease, type Release, writeRelease } from '../../compose/release.ts';
import { applyRelease } from '../../ops/deploy/apply.ts';
import { syncRelease } from '../../ops/deploy/sync.ts';
import { sshRemote } from '../../ops/remote.ts';
import { ensureDockerEngine } from '../system/parts/docker-engine.ts';
import { sh } from '../system/parts/shell.ts';
import { ensureSshd, type Sshd } from '../system/parts/sshd.ts';
import { ask } from '../system/support/https.ts';
import { type RunningStack, startStack } from '../system/support/stack.ts';
import { median, table } from './figures.ts';
import { present } from './present.ts';

/** A swap takes seconds: of the rounds asked for, one in seven. */
const ROUNDS_EACH = 7;

/** Milliseconds between one request and the next while a change is on its way. */
const PACE = 20;

/** What one change of one line cost. */
interface Change {
  readonly bytes: number;
  /** Milliseconds until it was done. */
  readonly ms: number;
  /** The longest time in which no request was answered, in milliseconds. */
  readonly gapMs: number;
}

/**
 * One line of the bridge changed and brought to a stack that runs: by our own sync and apply, and as one does it by
 * hand, by scp of the folder and compose down and up. Bytes are those of the ssh connection, both ways.
 */
export async function benchDeploy(rounds: number): Promise<string> {
  const engine = await present(ensureDockerEngine);
  const sshd = engine && (await present(() => ensureSshd({ environment: environmentOf(engine.env) })));
  if (!engine || !sshd) return 'left out: it needs a Docker engine and an sshd';
  const wire = await counting(sshd);
  const [ours, byHand] = [await startStack(engine), await startStack(engine)];
  const turns = Math.max(1, Math.round(rounds / ROUNDS_EACH));
  try {
    const results: Record<string, Change[]> = { ours: [], byHand: [] };
    await symlink(`releases/${ours.release.id}`, join(ours.home, 'current'));
    for (let turn = 1; turn <= turns; turn += 1) {
      results.ours?.push(await measured(ours, wire, await changed(ours, turn), applied));
      results.byHand?.push(await measured(byHand, wire, await changed(byHand, turn), copied));
    }
    return report(results.ours ?? [], results.byHand ?? []);
  } finally {
    for (const part of [ours, byHand, wire, sshd, engine]) await part.close();
  }
}

/** The release of the stack with one more line in the bridge. */
function changed({ config }: RunningStack, turn: number): Promise<Release> {
  const oneLine = async (root: string, entry: string) => {
    const made = await bundle(root, entry);
    if (entry !== 'compose/bridge/src/main.ts') return made;
    return Buffer.concat([made, Buffer.from(`globalThis.turn = ${turn};\n`)]);
  };
  return buildRelease(config, { bundler: oneLine });
}

type Way = (stack: RunningStack, release: Release, wire: Wire) => Promise<void>;

async function measured(stack: RunningStack, wire: Wire, release: Release, way: Way): Promise<Change> {
  const ca = await stack.compose('exec', '-T', 'caddy', 'cat', '/data/caddy/pki/authorities/local/root.crt');
  const watch = watching(() => ask({ port: stack.httpsPort, path: '/ping', ca }));
  const [bytes, start] = [wire.bytes(), performance.now()];
  await way(stack, release, wire);
  const ms = performance.now() - start;
  return { bytes: wire.bytes() - bytes, ms, gapMs: await watch.end() };
}

/** As --<stack>-rebuild-bridge does it. */
async function applied({ home, release: before }: RunningStack, release: Release, wire: Wire): Promise<void> {
  const host = await sshRemote(wire.target);
  const site = { host, folder: home };
  try {
    await syncRelease(site, release.id, () => writeRelease(release, join(home, 'made')), before.id);
    const order = { by: 'bench', verb: 'bench', only: ['bridge'], gateway: 'leave' } as const;
    const { outcome, why } = await applyRelease(site, release.id, order, () => {});
    if (outcome !== 'applied') throw new Error(`${outcome}: ${why?.message}`);
  } finally {
    await host.close();
  }
}

/** As one does it by hand. `up --build` needs a builder that is not everywhere: what it would build is built alone. */
async function copied({ home }: RunningStack, release: Release, { target }: Wire): Promise<void> {
  const made = await writeRelease(release, join(home, 'made'));
  const options = ['-i', target.identityFile, '-o', `UserKnownHostsFile=${target.knownHostsFile}`];
  const there = `${target.user}@${target.host}`;
  await rm(join(home, 'there'), { recursive: true, force: true });
  // -O: by scp's own protocol, since the tests' sshd has no sftp.
  await sh`scp -O -q -r -P ${target.port} ${options} ${made} ${there}:${home}/there`;
  const bridge = release.spec.services.find(({ name }) => name === 'bridge')?.image;
  if (bridge?.kind !== 'built') throw new Error('the bridge is built from the release');
  const args = Object.entries(bridge.args).map(([key, value]) => `--build-arg ${key}=${value}`);
  const build = `docker build -q -t ${bridge.name}:${release.definitions.bridge} ${args.join(' ')} bridge`;
  const script = `cd ${home}/there && docker compose down && ${build} && docker compose up --detach --wait --no-build`;
  await sh`ssh -p ${target.port} ${options} ${there} ${script}`;
}

/** Asks again and again, and keeps the longest time between two answers. */
function watching(request: () => Promise<{ status: number }>): { end(): Promise<number> } {
  let [last, gap, over] = [performance.now(), 0, false];
  const one = async () => {
    const { status } = await request().catch(() => ({ status: 0 }));
    if (status !== 200) return;
    const now = performance.now();
    gap = Math.max(gap, now - last);
    last = now;
  };
  const underWay = new Set<Promise<void>>();
  const pacer = (async () => {
    while (!over) {
      const asked = one().finally(() => underWay.delete(asked));
      underWay.add(asked);
      await pause(PACE);
    }
  })();
  const end = async () => {
    over = true;
    await pacer;
    await Promise.all(underWay);
    return gap;
  };
  return { end };
}

interface Wire {
  readonly target: Pick<Sshd, 'host' | 'port' | 'user' | 'identityFile' | 'knownHostsFile'>;
  bytes(): number;
  close(): Promise<void>;
}

/** The sshd behind a port that counts what goes through it. */
async function counting(sshd: Sshd): Promise<Wire> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const there = dial(sshd.port, sshd.host);
    for (const [from, to] of [[client, there] as const, [there, client] as const]) {
      sockets.add(from);
      from.on('data', (chunk) => {
        bytes += chunk.length;
      });
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, sshd.host, resolve));
  const { port } = server.address() as AddressInfo;
  const knownHostsFile = `${sshd.knownHostsFile}.counted`;
  const known = await readFile(sshd.knownHostsFile, 'utf8');
  await writeFile(knownHostsFile, known.replace(`:${sshd.port} `, `:${port} `));
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  const { host, user, identityFile } = sshd;
  return { target: { host, port, user, identityFile, knownHostsFile }, bytes: () => bytes, close };
}

function report(ours: readonly Change[], byHand: readonly Change[]): string {
  const middle = (changes: readonly Change[], key: keyof Change) =>
    median(changes.map((change) => change[key]));
  const row = (name: string, changes: readonly Change[]) => [
    name,
    (middle(changes, 'bytes') / 1000).toFixed(0),
    (middle(changes, 'ms') / 1000).toFixed(1),
    (middle(changes, 'gapMs') / 1000).toFixed(1),
  ];
  const ratio = (key: keyof Change) => (middle(byHand, key) / middle(ours, key)).toFixed(1);
  return [
    table(
      ['', 'kB over ssh', 's until done', 's without an answer'],
      [row('--prod-rebuild-bridge', ours), row('scp -r, compose down, up', byHand)],
    ),
    '',
    `by hand / ours: bytes ${ratio('bytes')}, time ${ratio('ms')}, silence ${ratio('gapMs')} (${ours.length} rounds)`,
  ].join('\n');
}

/** sshd gives a session an environment of its own. */
function environmentOf({ DOCKER_HOST, PATH }: NodeJS.ProcessEnv): Record<string, string> {
  return { ...(DOCKER_HOST && { DOCKER_HOST }), ...(PATH && { PATH }) };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeHeap } from '../../compose/node.ts';
import { bundle } from '../../compose/release/bundle.ts';
import { freePort } from '../support/port.ts';
import { cachedFolder } from '../system/parts/cache.ts';
import { ensurePython, TWS_CLIENTS } from '../system/parts/python.ts';
import { sh } from '../system/parts/shell.ts';
import { runtimeOf } from './image.ts';
import { present } from './present.ts';
import { answers, end } from './process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PEER = fileURLToPath(new URL('peers/bridge_peer.py', import.meta.url));
/** The one API key of the bridge that is measured. */
export const KEY = 'bench-key-0123456789';
/** Python distributions of the peers' servers. */
const SERVERS = ['flask==3.1.2', 'waitress==3.0.2', 'gunicorn==23.0.0'];
/** What the container has by default, in MB. */
const CONTAINER_MB = 160;

/** What is measured. */
export interface Contender {
  readonly name: string;
  readonly runtime: 'node' | 'python';
  /** Its command, for a gateway port and an HTTP port. */
  readonly command: (gateway: number, http: number) => readonly string[];
  readonly env?: (gateway: number) => Record<string, string>;
}

/** Ours, and how it is started with IBKR's pacing. */
export interface Bridge extends Contender {
  readonly pacedCommand: Contender['command'];
}

/** The bridge first, and its peers where Python is to be had; `folder` takes what they write. */
export async function contenders(folder: string): Promise<[Bridge, ...Contender[]]> {
  await writeFile(join(folder, 'bridge.mjs'), await bundle(ROOT, 'test/bench/bridge-process.ts'));
  const python = await present(peerPython);
  const peer = (name: string, server: string): Contender => ({
    name,
    runtime: 'python',
    command: (gateway, http) => [
      ...[python?.python ?? '', PEER, server],
      ...['127.0.0.1', `${gateway}`, '101', `${http}`],
    ],
  });
  const peers: Contender[] = [
    peer("Flask's own server", 'flask'),
    peer('waitress, 8 threads', 'waitress'),
    {
      name: 'gunicorn, 1 worker, 8 threads',
      runtime: 'python',
      command: (_gateway, http) => [
        ...[python?.python ?? '', '-m', 'gunicorn', '--chdir', dirname(PEER), '--log-level', 'error'],
        ...['--threads', '8', '--bind', `127.0.0.1:${http}`, 'bridge_peer:application'],
      ],
      env: (gateway) => ({ PEER_HOST: '127.0.0.1', PEER_PORT: `${gateway}`, PEER_CLIENT_ID: '101' }),
    },
  ];
  const bridge = await bridgeAsInImage(folder);
  await compiled(bridge);
  return [bridge, ...(python ? peers : [])];
}

/** Starts one of them. Ours tells on standard error what is wrong; the peers tell each request there. */
export function startContender(contender: Contender, gateway: number, http: number): ChildProcess {
  const [file = '', ...args] = contender.command(gateway, http);
  return spawn(file, args, {
    env: { ...process.env, ...contender.env?.(gateway) },
    stdio: ['ignore', 'ignore', contender.runtime === 'node' ? 'inherit' : 'ignore'],
  });
}

/** As compose/bridge/Dockerfile starts it: what V8 compiled is kept from the build of the image. */
async function bridgeAsInImage(folder: string): Promise<Bridge> {
  const { flags, environment } = await runtimeOf(join(ROOT, 'compose/bridge/Dockerfile'));
  const all = [...flags, nodeHeap(CONTAINER_MB)];
  return {
    name: 'the bridge',
    runtime: 'node',
    command: bridgeCommand(folder, all, 'off'),
    pacedCommand: bridgeCommand(folder, all, 'on'),
    env: () => ({ ...environment, NODE_COMPILE_CACHE: join(folder, 'compiled') }),
  };
}

/** One start before all, as when the image is built: nothing is at its gateway's port. */
async function compiled({ command, env }: Bridge): Promise<void> {
  const http = await freePort();
  const [file = '', ...args] = command(1, http);
  const child = spawn(file, args, { env: { ...process.env, ...env?.(1) }, stdio: 'ignore' });
  await answers(`http://127.0.0.1:${http}/ping`);
  await end(child);
}

function bridgeCommand(folder: string, flags: readonly string[], pacing: 'on' | 'off'): Contender['command'] {
  // A folder for each start, as each meets another gateway: a journal of the last one's orders would be asked after.
  const data = () => join(folder, `data-${randomUUID()}`);
  return (gateway, http) => [
    process.execPath,
    ...flags,
    join(folder, 'bridge.mjs'),
    `${gateway}`,
    `${http}`,
    data(),
    KEY,
    pacing,
  ];
}

/** ib_async as the other peers have it, with the servers beside it. */
async function peerPython(): Promise<{ python: string }> {
  const base = await ensurePython(TWS_CLIENTS.ibAsync);
  const site = await cachedFolder('python/bridge-peer-1', {
    check: (folder) =>
      sh`${base.python} -c ${`import sys; sys.path.insert(0, '${folder}'); import flask, waitress, gunicorn`}`,
    make: (folder) =>
      sh`${base.python} -m pip install --quiet --disable-pip-version-check --target ${folder} ${SERVERS}`,
  });
  process.env.PYTHONPATH = site;
  await mkdir(site, { recursive: true });
  return { python: base.python };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { ensureCommand } from '../apt.ts';
import { sh } from '../shell.ts';
import { until } from '../until.ts';
import { METADATA_ADDRESS } from './guest-files.ts';

/** The network a VM is in: nothing of this machine's is in it, and no way out but the sockets the test listens on. */
export interface VmNetwork {
  readonly namespace: string;
  /** Paths the test listens on: whatever the guest sends to the metadata address's port 80 and 443, by any name. */
  readonly httpSocket: string;
  readonly httpsSocket: string;
  /** Path of the emulator's control socket. */
  readonly monitor: string;
  /** Starts a program in this network, with pipes for its output. It ends with this process, however that ends. */
  spawn(program: string, args: readonly string[]): ChildProcess;
  /** QEMU's flags for the guest's two cards. */
  readonly qemuFlags: readonly string[];
  /** A port of this machine's loopback that leads to a port of the guest. */
  portTo(guestPort: number): number;
  close(): Promise<void>;
}

/** Before the process id in a network's name. */
const PREFIX = 'gatehouse-vm-';

/** Ports of the guest a test may reach. */
const GUEST_PORTS = [22, 80, 443];

/** In the namespace nothing else listens, so the guest's ports get fixed ones there. */
const forwardedAs = (guestPort: number) => 10_000 + guestPort;

/** @throws MissingPart without iproute2 */
export async function makeNetwork(): Promise<VmNetwork> {
  await ensureCommand('iproute2', 'ip', ['iproute2']);
  await mkdir('/run/gatehouse-tests', { recursive: true });
  const folder = await mkdtemp('/run/gatehouse-tests/vm-');
  const namespace = `${PREFIX}${process.pid}`;
  await removeLeftovers();
  await sh`ip netns add ${namespace}`;
  await sh`ip -n ${namespace} link set lo up`;
  const endRelay = await startRelay(namespace, folder);
  const doors = await Promise.all(GUEST_PORTS.map((port) => door(join(folder, `${forwardedAs(port)}`))));
  return {
    namespace,
    httpSocket: join(folder, 'http'),
    httpsSocket: join(folder, 'https'),
    monitor: join(folder, 'monitor'),
    spawn: (program, args) => spawnIn(namespace, program, args),
    qemuFlags: [...card('google', google()), ...card('visitors', visitors())],
    portTo: (guestPort) => doors[GUEST_PORTS.indexOf(guestPort)]?.port ?? 0,
    close: async () => {
      await endRelay();
      await Promise.all(doors.map(({ server }) => once(server.close(), 'close')));
      await sh({ nothrow: true })`ip netns delete ${namespace}`;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const card = (id: string, netdev: readonly string[]): string[] => [
  ...['-netdev', ['user', `id=${id}`, ...netdev].join(',')],
  ...['-device', `virtio-net-pci,netdev=${id}`],
];

/** The guest's router is the metadata address, and what is sent to it arrives on the loopback of the emulator. */
function google(): string[] {
  return ['net=169.254.169.0/24', `host=${METADATA_ADDRESS}`, 'dhcpstart=169.254.169.10'];
}

/** What the test asks comes by another card: from the metadata address no container of a host would answer it. */
function visitors(): string[] {
  const forwards = GUEST_PORTS.map((port) => `hostfwd=tcp:127.0.0.1:${forwardedAs(port)}-:${port}`);
  return ['net=10.0.2.0/24', 'restrict=on', ...forwards];
}

function spawnIn(namespace: string, program: string, args: readonly string[]): ChildProcess {
  const inside = ['ip', 'netns', 'exec', namespace, program, ...args];
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...inside], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Networks of runs that were killed. */
async function removeLeftovers(): Promise<void> {
  const { stdout } = await sh`ip netns list`;
  for (const [name = '', pid] of stdout.matchAll(new RegExp(`^${PREFIX}(\\d+)`, 'gm'))) {
    if (!alive(Number(pid))) await sh({ nothrow: true })`ip netns delete ${name}`;
  }
}

/** Whether a process of this machine runs. */
export function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function startRelay(namespace: string, folder: string): Promise<() => Promise<void>> {
  const program = join(import.meta.dirname, 'relay.ts');
  const ports = GUEST_PORTS.map((port) => String(forwardedAs(port)));
  const child = spawnIn(namespace, process.execPath, [program, folder, ...ports]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (said += part));
  await until('the relay of the VM is up', () => said.includes('relaying'), {
    givenUp: () => (child.exitCode === null ? undefined : said),
  });
  return async () => {
    if (child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill();
    await exit;
  };
}

async function door(path: string): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path, allowHalfOpen: true });
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath } from '../cache.ts';
import { sh } from '../shell.ts';
import { until } from '../until.ts';
import type { VmBase } from './base.ts';
import { type Monitor, openMonitor } from './monitor.ts';
import { alive, makeNetwork, type VmNetwork } from './network.ts';
import { makeDisks, qemuFlags } from './qemu.ts';

/** A machine that runs, or can be reached as soon as it has booted. */
export interface Machine {
  readonly network: VmNetwork;
  /** How root is let in by ssh: its key, and the file that knows the guest's. */
  readonly ssh: Login;
  /** What the guest wrote to its serial console so far. */
  console(): string;
  /** Runs a bash script in the guest as root. @returns standard output, trimmed. @throws zx's ProcessOutput */
  run(script: string): Promise<string>;
  /** Waits until sshd answers. Software emulation takes 30 s to a minute on free cores. */
  reachable(): Promise<void>;
  /** Restarts the guest as its administrator would, and waits until it answers again. */
  reboot(): Promise<void>;
  /** Slows its disks down, or no longer. */
  throttle(limits: DiskLimits | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
}

/** What a disk may do in a second. */
export interface DiskLimits {
  readonly bytes: number;
  readonly reads: number;
  readonly writes: number;
}

export interface MachineOptions {
  readonly memoryMb: number;
  readonly cpus: number;
  /** Serial of the second disk, blank at first: its device name on Google. */
  readonly dataDisk: { readonly name: string; readonly sizeGb: number };
}

/** Before the process id in the name of a run's folder. */
const LEFTOVER = 'vm-run-';

/** Far more than a boot needs: other tests may hold the cores. */
const BOOT_LIMIT = 600_000;

/** Boots a machine from a copy-on-write layer over the base. */
export async function startMachine(base: VmBase, options: MachineOptions): Promise<Machine> {
  await mkdir(cachePath(), { recursive: true });
  await removeLeftovers();
  const folder = await mkdtemp(cachePath(`${LEFTOVER}${process.pid}-`));
  const network = await makeNetwork();
  const login = await loginTo(base, folder, network);
  await makeDisks(base, folder, options);
  const qemu = network.spawn(base.qemu, qemuFlags(base, folder, network, options));
  let said = '';
  for (const stream of [qemu.stdout, qemu.stderr]) stream?.on('data', (part) => (said += part));
  const givenUp = () => (qemu.exitCode === null ? undefined : `the emulator ended: ${said.slice(-2000)}`);
  const run: Machine['run'] = async (script) =>
    (await sh`ssh ${sshFlags(login)} ${login.user}@${login.host} ${script}`).stdout.trim();
  const answers = (script: string) => run(script).catch(() => undefined);
  const reachable = () =>
    until('the guest answers', async () => (await answers('true')) !== undefined, {
      limit: BOOT_LIMIT,
      every: 1000,
      givenUp,
    });
  let monitor: Monitor | undefined;
  return {
    network,
    ssh: login,
    console: () => said,
    run,
    reachable,
    reboot: async () => {
      const before = await run('cat /proc/sys/kernel/random/boot_id');
      await answers('systemctl reboot');
      await hangUp(login);
      await until(
        'the guest has booted anew',
        async () => ![undefined, before].includes(await answers('cat /proc/sys/kernel/random/boot_id')),
        { limit: BOOT_LIMIT, every: 1000, givenUp },
      );
    },
    throttle: async (limits) => {
      monitor ??= await openMonitor(network.monitor);
      for (const device of ['root', 'data']) await monitor.throttle(device, limits);
    },
    close: async () => {
      await hangUp(login);
      monitor?.close();
      await end(qemu);
      await network.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Disks of a run that was killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cachePath())) {
    const pid = name.startsWith(LEFTOVER) ? Number.parseInt(name.slice(LEFTOVER.length), 10) : Number.NaN;
    if (Number.isInteger(pid) && !alive(pid)) await rm(cachePath(name), { recursive: true, force: true });
  }
}

async function loginTo(
  { identityFile, hostKey }: VmBase,
  folder: string,
  network: VmNetwork,
): Promise<Login> {
  const [host, port] = ['127.0.0.1', network.portTo(22)];
  const knownHostsFile = join(folder, 'known_hosts');
  await writeFile(knownHostsFile, `[${host}]:${port} ${await readFile(hostKey, 'utf8')}`);
  return { host, port, user: 'root', identityFile, knownHostsFile };
}

/** One connection for all: a login takes seconds of an emulated processor. */
function sshFlags({ port, identityFile, knownHostsFile }: Login): string[] {
  const known = [`UserKnownHostsFile=${knownHostsFile}`, 'StrictHostKeyChecking=yes', 'ConnectTimeout=60'];
  const quiet = ['LogLevel=ERROR', 'BatchMode=yes', 'ServerAliveInterval=15', 'ServerAliveCountMax=8'];
  const shared = ['ControlMaster=auto', 'ControlPersist=yes', `ControlPath=${knownHostsFile}.shared`];
  const flags = [...known, ...quiet, ...shared].flatMap((option) => ['-o', option]);
  return [...flags, '-i', identityFile, '-p', `${port}`];
}

async function hangUp(login: Login): Promise<void> {
  await sh({ nothrow: true })`ssh ${sshFlags(login)} -O exit ${login.host}`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

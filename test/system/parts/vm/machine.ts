import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath } from '../cache.ts';
import { sh } from '../shell.ts';
import { until } from '../until.ts';
import type { VmBase } from './base.ts';
import { type Monitor, openMonitor } from './monitor.ts';
import { makeNetwork, type VmNetwork } from './network.ts';

/** A machine that runs, or can be reached as soon as it has booted. */
export interface Machine {
  readonly network: VmNetwork;
  /** How root is let in by ssh: its key, and the file that knows the guest's. */
  readonly ssh: Login;
  /** What the guest wrote to its serial console so far. */
  console(): string;
  /** Runs a bash script in the guest as root. @returns standard output, trimmed. @throws zx's ProcessOutput */
  run(script: string, input?: NodeJS.ReadableStream): Promise<string>;
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

/** Far more than a boot needs: other tests may hold the cores. */
const BOOT_LIMIT = 600_000;

/** Boots a machine from a copy-on-write layer over the base. */
export async function startMachine(base: VmBase, options: MachineOptions): Promise<Machine> {
  await mkdir(cachePath(), { recursive: true });
  const folder = await mkdtemp(cachePath('vm-run-'));
  const network = await makeNetwork();
  const login = await loginTo(base, folder, network);
  await makeDisks(base, folder, options);
  const qemu = spawnQemu(base, folder, network, options);
  let said = '';
  for (const stream of [qemu.stdout, qemu.stderr]) stream?.on('data', (part) => (said += part));
  const givenUp = () => (qemu.exitCode === null ? undefined : `the emulator ended: ${said.slice(-2000)}`);
  const run: Machine['run'] = async (script, input) => {
    const shell = sh({ stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    const ssh = shell`ssh ${sshFlags(login)} ${login.user}@${login.host} ${script}`;
    if (input) input.pipe(ssh.stdin);
    return (await ssh).stdout.trim();
  };
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
      await until(
        'the guest has booted anew',
        async () => ![undefined, before].includes(await answers('cat /proc/sys/kernel/random/boot_id')),
        { limit: BOOT_LIMIT, every: 1000, givenUp },
      );
    },
    throttle: async (limits) => {
      monitor ??= await openMonitor(join(folder, 'monitor'));
      for (const device of ['root', 'data']) await monitor.throttle(device, limits);
    },
    close: async () => {
      monitor?.close();
      await end(qemu);
      await network.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeDisks({ disk }: VmBase, folder: string, { dataDisk }: MachineOptions): Promise<void> {
  await sh`qemu-img create -q -f qcow2 -F raw -b ${disk} ${join(folder, 'root.qcow2')}`;
  await sh`qemu-img create -q -f qcow2 ${join(folder, 'data.qcow2')} ${dataDisk.sizeGb}G`;
}

function spawnQemu(base: VmBase, folder: string, network: VmNetwork, options: MachineOptions): ChildProcess {
  const { memoryMb, cpus, dataDisk } = options;
  const flags = [
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', `${cpus}`, '-m', `${memoryMb}`],
    ...['-nodefaults', '-nographic', '-serial', 'stdio'],
    ...['-qmp', `unix:${join(folder, 'monitor')},server=on,wait=off`],
    ...['-kernel', base.kernel, '-initrd', base.initrd],
    ...[
      '-append',
      'root=/dev/vda rw console=ttyS0 net.ifnames=0 edd=off module_blacklist=powernow_k8 systemd.log_color=0',
    ],
    ...driveFlags('root', join(folder, 'root.qcow2')),
    ...driveFlags('data', join(folder, 'data.qcow2'), dataDisk.name),
    ...['-device', 'virtio-rng-pci'],
    ...network.qemuFlags,
  ];
  return spawn('ip', ['netns', 'exec', network.namespace, base.qemu, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The overlay is thrown away, so what the guest flushes need not reach this machine's disk. */
function driveFlags(id: string, file: string, serial = id): string[] {
  return [
    ...['-drive', `if=none,id=${id},file=${file},format=qcow2,cache=unsafe,discard=unmap`],
    ...['-device', `virtio-blk-pci,drive=${id},id=${id}-disk,serial=${serial}`],
  ];
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

function sshFlags({ port, identityFile, knownHostsFile }: Login): string[] {
  const known = [`UserKnownHostsFile=${knownHostsFile}`, 'StrictHostKeyChecking=yes', 'ConnectTimeout=60'];
  const quiet = ['LogLevel=ERROR', 'BatchMode=yes', 'ServerAliveInterval=15', 'ServerAliveCountMax=8'];
  const flags = [...known, ...quiet].flatMap((option) => ['-o', option]);
  return [...flags, '-i', identityFile, '-p', `${port}`];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

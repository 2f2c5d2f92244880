import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { hostFiles, startupScript } from '../../../compose/host/startup.ts';
import { program } from '../gateway-image.ts';
import { configOf } from '../stacks.ts';
import { type FakeGoogle, fakeGoogle } from './fake-google.ts';

const BASH = '/bin/bash';

export const SITE = 'var/lib/gatehouse/stacks/gatehouse';

/** A machine in a temporary folder: every path of the kit is below it, and what would need root is a fake on PATH. */
export interface FakeHost {
  readonly root: string;
  readonly google: FakeGoogle;
  /** Path of something on this host. */
  at(path: string): string;
  read(path: string): Promise<string>;
  /** State of the fakes: `mounts`, `packages`, `disk.TYPE`, `offline`, ... */
  fake(name: string): string;
  /** What the fakes were called with, one line each. */
  calls(): Promise<string[]>;
  /** Runs a program of this host to its end. */
  run(path: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Starts one that goes on until the test ends it. */
  start(path: string, env?: Readonly<Record<string, string>>): Running;
}

export interface Ended {
  readonly code: number | null;
  readonly text: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  text(): string;
}

type Changes = Parameters<typeof configOf>[1];

/** A host before its first boot, with its startup script at /startup-script. */
export async function fakeHost(changes: Changes = {}): Promise<FakeHost> {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-host-'));
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const google = await fakeGoogle();
  const at = (path: string) => join(root, path);
  const fake = (name: string) => join(root, 'fake', name);
  for (const [name, body] of Object.entries(FAKES)) {
    await program(join(root, 'bin', name), `echo "${name} $*" >>"$FAKE/calls"\n${body}`);
  }
  await program(at('startup-script'), startupScript(configOf('gnzsnz', changes), google.endpoints));
  const environment = {
    PATH: `${root}/bin:${process.env.PATH}`,
    HOME: root,
    GATEHOUSE_ROOT: root,
    GATEHOUSE_PAUSES: '0.02',
    GATEHOUSE_WAIT_SECONDS: '0',
    GATEHOUSE_DATA_DEVICE: fake('device'),
    GATEHOUSE_PROC: fake('proc'),
    GATEHOUSE_SYS: fake('sys'),
    FAKE: join(root, 'fake'),
  };
  await blankDisk(fake('device'));
  await writeFile(join(await folder(fake('proc')), 'swaps'), 'Filename Type Size Used Priority\n');
  await writeFile(join(fake('proc'), 'meminfo'), 'MemTotal:         999000 kB\nMemFree:          100 kB\n');
  const start = (path: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) =>
    running(spawn(BASH, [at(path), ...args], { env: { ...environment, ...env }, detached: true }));
  return {
    root,
    google,
    at,
    fake,
    read: (path) => readFile(at(path), 'utf8'),
    calls: async () => (await readFile(fake('calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    run: (path, args = [], env = {}) => start(path, env, args).ended,
    start,
  };
}

/** What is called instead of the real thing. `$FAKE` is the folder of their state. */
const FAKES: Readonly<Record<string, string>> = {
  'apt-get': `[[ ! -e $FAKE/offline ]] || { echo 'Temporary failure resolving' >&2; exit 100; }
for name in "$@"; do [[ $name == -* ]] || echo "$name" >>"$FAKE/packages"; done`,
  blkid: 'for last; do :; done; cat "$FAKE/disk.$5" 2>/dev/null || exit 2',
  chown: '',
  docker: '[[ -e $FAKE/docker ]] && source "$FAKE/docker"; true',
  dpkg: '',
  'dpkg-query': 'sed "s/$/ installed/" "$FAKE/packages" 2>/dev/null',
  fallocate: 'truncate -s "$2" "$3"',
  iptables: '',
  'mkfs.ext4': 'echo ext4 >"$FAKE/disk.TYPE"; echo gatehouse-data >"$FAKE/disk.LABEL"',
  mkswap: '',
  mount: '[[ $(cat "$FAKE/no-mount" 2>/dev/null) != "$1" ]] && echo "$1" >>"$FAKE/mounts"',
  modprobe: '[[ ! -e $FAKE/no-modules ]] && mkdir -p "$GATEHOUSE_SYS/block/zram0"',
  mountpoint: 'grep -qx "$2" "$FAKE/mounts" 2>/dev/null',
  resize2fs: '',
  swapoff: 'sed -i 1q "$GATEHOUSE_PROC/swaps"',
  swapon: 'for last; do :; done; echo "$last file 1 0 -2" >>"$GATEHOUSE_PROC/swaps"',
  sysctl: '',
  systemctl: '[[ $1 != is-enabled ]]',
  'systemd-tmpfiles': '',
};

async function folder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}

async function blankDisk(path: string): Promise<void> {
  await folder(join(path, '..'));
  const file = await open(path, 'w');
  await file.truncate(2 * 1024 * 1024);
  await file.close();
}

function running(child: ChildProcess): Running {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part) => (text += part));
  onTestFinished(() => endGroup(child));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }));
  return { child, ended, text: () => text };
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended by itself.
  }
}

/** A host whose first boot is over: its kit is in place. Its secrets are filled, but not fetched yet. */
export async function bootedHost(changes: Changes = {}): Promise<FakeHost> {
  const host = await fakeHost(changes);
  for (const [id, value] of Object.entries(PLANTED)) host.google.secrets.set(id, value);
  for (const { path, mode, text } of hostFiles(configOf('gnzsnz', changes), host.google.endpoints)) {
    await mkdir(dirname(host.at(path)), { recursive: true });
    await writeFile(host.at(path), text, { mode: Number.parseInt(mode, 8) });
  }
  const id = /STARTUP_ID=(.*)/.exec(await host.read('startup-script'))?.[1];
  await writeFile(host.at('etc/gatehouse/startup.id'), `${id}\n`);
  await mkdir(host.at(`${SITE}/releases`), { recursive: true });
  await mkdir(host.at('run/gatehouse'), { recursive: true });
  return host;
}

/** One whose secrets are in place too. */
export async function readyHost(changes: Changes = {}): Promise<FakeHost> {
  const host = await bootedHost(changes);
  for (const path of ['gateway/TWS_USERID', 'gateway/TWS_PASSWORD', 'bridge/API_KEYS']) {
    const file = host.at(`run/gatehouse/secrets/${path}`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, 'planted');
  }
  return host;
}

/** Values that must be found nowhere but in their files. */
export const PLANTED = {
  'gatehouse-tws-userid': 'planted-user',
  'gatehouse-tws-password': 'planted "password" \\ with $igns',
  'gatehouse-api-keys': 'me:read:planted-key\n',
};

/** For what a program of the host comes to by itself: there is no telling when on a busy machine. */
export const SOON = { timeout: 120_000, interval: 20 };

/** The steps a startup marker names, in order: `swap` or `swap failed`. */
export function stepsOf(marker: string): string[] {
  return marker
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { step: string; ok: boolean })
    .map(({ step, ok }) => (ok ? step : `${step} failed`));
}

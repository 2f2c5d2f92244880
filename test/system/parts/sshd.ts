import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../support/port.ts';
import { ensureCommand } from './apt.ts';
import { missing } from './missing-part.ts';
import { isRoot, sh } from './shell.ts';
import { until } from './until.ts';

const HOST = '127.0.0.1';

/** An sshd on loopback that lets this user in with one key and nobody with a password. */
export interface Sshd {
  host: typeof HOST;
  port: number;
  user: string;
  /** The private key that is let in. */
  identityFile: string;
  /** The server's host key: use it with StrictHostKeyChecking=yes. */
  knownHostsFile: string;
  /** What sshd logged so far. */
  log: () => string;
  /** Ends the server and removes its keys. */
  close: () => Promise<void>;
}

export interface SshdOptions {
  /** Set in every session, as DOCKER_HOST for commands that talk to an engine of the tests'. Values without spaces. */
  environment?: Record<string, string>;
}

/**
 * Starts a server of its own, with new keys and configuration in a temporary folder.
 * @throws MissingPart when openssh cannot be had or sshd does not come up.
 */
export async function ensureSshd({ environment = {} }: SshdOptions = {}): Promise<Sshd> {
  const sshd = await ensureCommand('sshd', 'sshd', ['openssh-server', 'openssh-client']);
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-sshd-'));
  try {
    if (isRoot()) await mkdir('/run/sshd', { recursive: true, mode: 0o755 }); // its privilege separation directory
    await makeKeys(folder);
    const { port, child } = await listen(sshd, folder, environment);
    const knownHostsFile = join(folder, 'known_hosts');
    await writeFile(
      knownHostsFile,
      `[${HOST}]:${port} ${await readFile(join(folder, 'host_key.pub'), 'utf8')}`,
    );
    const identityFile = join(folder, 'user_key');
    const user = userInfo().username;
    return {
      host: HOST,
      port,
      user,
      identityFile,
      knownHostsFile,
      log: () => logOf(folder),
      close: () => end(child, folder),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw missing('sshd', 'starting it', error);
  }
}

/** Of this process's environment, what a session needs that talks to an engine: sshd gives it one of its own. */
export function environmentOf({ DOCKER_HOST, PATH }: NodeJS.ProcessEnv): Record<string, string> {
  return { ...(DOCKER_HOST && { DOCKER_HOST }), ...(PATH && { PATH }) };
}

async function makeKeys(folder: string): Promise<void> {
  for (const name of ['host_key', 'user_key']) {
    await sh`ssh-keygen -q -t ed25519 -N ${''} -f ${join(folder, name)}`;
  }
  await copyFile(join(folder, 'user_key.pub'), join(folder, 'authorized_keys'));
}

/** sshd takes no port 0, so a free one is asked of the system first; should another program take it meanwhile, the next. */
async function listen(
  sshd: string,
  folder: string,
  environment: Record<string, string>,
  triesLeft = 5,
): Promise<{ port: number; child: ChildProcess }> {
  const [port = 0] = await freePorts(1);
  await writeFile(join(folder, 'sshd_config'), configuration(folder, port, environment));
  const log = openSync(join(folder, 'log'), 'w');
  const child = spawn(sshd, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = once(child, 'exit');
  try {
    await until('sshd listens', () => logOf(folder).includes('Server listening on'), {
      givenUp: () => (child.exitCode === null ? undefined : logOf(folder)),
    });
    return { port, child };
  } catch (error) {
    child.kill();
    await ended;
    if (triesLeft === 0 || !logOf(folder).includes('Address already in use')) throw error;
    return listen(sshd, folder, environment, triesLeft - 1);
  }
}

/** StrictModes is off because the keys stand below a world-writable /tmp; UsePAM because an ordinary user cannot. */
function configuration(folder: string, port: number, environment: Record<string, string>): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    `ListenAddress ${HOST}:${port}`,
    `HostKey ${join(folder, 'host_key')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    `AllowUsers ${userInfo().username}`,
    'PermitRootLogin prohibit-password',
    'PubkeyAuthentication yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'UsePAM no',
    'PidFile none',
    'LogLevel VERBOSE',
    ...(variables.length > 0 ? [`SetEnv ${variables.join(' ')}`] : []),
    '',
  ].join('\n');
}

function logOf(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8');
}

async function end(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill();
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
}

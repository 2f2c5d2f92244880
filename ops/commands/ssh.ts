import { type Command, command, commandLine, quote } from './command.ts';

/** A host to reach by ssh: what `ssh HOST` would reach, or an instance behind Google's Identity-Aware Proxy. */
export interface SshTarget {
  /** A name of ~/.ssh/config, a DNS name or an address; behind IAP the name of the instance. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
  readonly iap?: { readonly project: string; readonly zone: string };
  /** `type key` each, from one who knows: in place of what was seen before, which an instance made anew no longer has. */
  readonly hostKeys?: readonly string[];
  /** The user may do nothing by itself but sudo without a password, as OS Login's administrators are set up. */
  readonly sudo?: boolean;
}

/** Seconds a connection may take. */
const CONNECT_SECONDS = 15;

/** Seconds the shared connection outlives its last command, if a killed verb could not close it. */
const PERSIST_SECONDS = 60;

/**
 * A command on the host, over one shared connection at `controlPath`, or without one over a connection of its own.
 * No question is ever asked (BatchMode) and an unknown host key is refused: a verb may run from cron, where nobody
 * could compare a fingerprint.
 */
export function ssh(target: SshTarget, remote: Command, controlPath?: string): Command {
  const { stdin: _, ...line } = remote;
  return {
    ...remote,
    program: 'ssh',
    args: [
      ...sshOptions(target, controlPath),
      '-T',
      '--',
      destination(target),
      commandLine(asRoot(target, line)),
    ],
  };
}

/** The command as the target's user has to run it. -n: a question for a password would wait for ever. */
export function asRoot({ sudo }: Pick<SshTarget, 'sudo'>, line: Command): Command {
  return sudo ? { ...line, program: 'sudo', args: ['-n', line.program, ...line.args] } : line;
}

/** A session of a person on the host, as the user one is there: its shell, or a line for that shell. */
export function sshSession(target: SshTarget, line?: string, controlPath?: string): Command {
  const terminal = line === undefined ? '-t' : '-T';
  const rest = line === undefined ? [] : [line];
  return command('ssh', ...sshOptions(target, controlPath), terminal, '--', destination(target), ...rest);
}

/** A way from a port of this machine's loopback to a place as the host sees it. */
export interface Tunnel {
  readonly local: number;
  readonly host: string;
  readonly port: number;
}

/** What the host prints once a tunnel stands: ssh starts a command only after its forwards. */
const TUNNEL_UP = 'tunnel up';

/**
 * A tunnel on a connection of its own, which another verb's end does not take down. It ends with its standard input,
 * so that nothing is left on either side.
 */
export function sshTunnel(target: SshTarget, { local, host, port }: Tunnel): Command {
  const place = host.includes(':') ? `[${host}]` : host;
  const forward = ['-o', 'ExitOnForwardFailure=yes', '-L', `127.0.0.1:${local}:${place}:${port}`];
  const own = ['-o', 'ControlPath=none', ...forward, '-T', '--', destination(target)];
  return command('ssh', ...sshOptions(target), ...own, `echo ${quote(TUNNEL_UP)}; exec cat`);
}

/** How a host is reached, without saying what to do there: for programs that start ssh themselves. */
export function sshOptions(target: SshTarget, controlPath?: string): string[] {
  return [...connection(target), ...(controlPath === undefined ? [] : shared(controlPath))];
}

/** Ends the shared connection at `controlPath`. */
export function sshExit(target: SshTarget, controlPath: string): Command {
  return command('ssh', '-O', 'exit', '-o', `ControlPath=${controlPath}`, '--', destination(target));
}

/** `user@host`, or the host alone where ssh's own configuration says who. */
export function destination({ user, host }: SshTarget): string {
  return user === undefined ? host : `${user}@${host}`;
}

function shared(controlPath: string): string[] {
  const options = ['ControlMaster=auto', `ControlPath=${controlPath}`, `ControlPersist=${PERSIST_SECONDS}`];
  return options.flatMap((option) => ['-o', option]);
}

function connection(target: SshTarget): string[] {
  const strict = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'];
  const alive = ['-o', `ConnectTimeout=${CONNECT_SECONDS}`, '-o', 'ServerAliveInterval=15'];
  return [...which(target), ...strict, ...alive];
}

function which(target: SshTarget): string[] {
  const { port, identityFile, knownHostsFile, iap } = target;
  return [
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile, '-o', 'IdentitiesOnly=yes']),
    ...(knownHostsFile === undefined ? [] : ['-o', `UserKnownHostsFile=${knownHostsFile}`]),
    ...(iap === undefined ? [] : throughIap(target.host, iap)),
  ];
}

/**
 * IAP's tunnel as ssh's ProxyCommand, as Google documents it; its host key is filed under a name of its own, since
 * the address behind an instance changes. ssh hands the line to a shell after replacing %p by the port.
 */
function throughIap(instance: string, { project, zone }: NonNullable<SshTarget['iap']>): string[] {
  const tunnel = ['gcloud', 'compute', 'start-iap-tunnel', instance, '%p', '--listen-on-stdin'];
  const where = [`--project=${project}`, `--zone=${zone}`];
  const proxy = [...tunnel, ...where].map(quote).join(' ');
  const alias = `HostKeyAlias=${hostKeyAlias(instance, { project, zone })}`;
  return ['-o', `ProxyCommand=${proxy}`, '-o', 'ProxyUseFdpass=no', '-o', alias, '-o', 'CheckHostIP=no'];
}

function hostKeyAlias(instance: string, { project, zone }: NonNullable<SshTarget['iap']>): string {
  return `gatehouse.${project}.${zone}.${instance}`;
}

/** The host keys of a target as a known_hosts file has them (sshd(8)); empty where none were told. */
export function knownHosts({ host, port, iap, hostKeys = [] }: SshTarget): string {
  const name = iap ? hostKeyAlias(host, iap) : port === undefined ? host : `[${host}]:${port}`;
  return hostKeys.map((key) => `${name} ${key}\n`).join('');
}

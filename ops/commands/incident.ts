import { type Command, command } from './command.ts';
import { composeExec } from './compose.ts';

/** All docker knows of containers. It has the environment in it: redactInspect takes that out. */
export function dockerInspect(...containers: readonly string[]): Command {
  return command('docker', 'inspect', '--type', 'container', ...containers);
}

/** Every TCP socket of the host, with the processes that hold them. */
export function tcpSockets(): Command {
  return command('ss', '--tcp', '--all', '--numeric', '--processes');
}

/** How much of the last time was spent waiting for anything. */
export function pressures(): Command {
  return command('sh', '-c', 'cd /proc/pressure && for f in *; do echo "$f"; cat "$f"; done');
}

/** What the host's units and Docker logged in the last hour. */
export function unitsOfAnHour(): Command {
  const units = ['gatehouse*', 'docker.service', 'containerd.service'].flatMap((unit) => ['--unit', unit]);
  return command('journalctl', '--no-pager', '--output', 'short-iso', '--since', '-1 hour', ...units);
}

/** What the kernel said in the last hour. */
export function kernelOfAnHour(): Command {
  return command('journalctl', '--dmesg', '--no-pager', '--output', 'short-iso', '--since', '-1 hour');
}

/** The files of a site that tell how it stands, each under its name; of the audit the last 200 lines. */
export function siteFiles(site: string): Command {
  const script =
    'cd "$1" || exit 1; ls -l; for f in current/manifest.json pending.json verdict.json stopped lent seen lock/owner backup.json; do ' +
    '[ ! -f "$f" ] || { echo "== $f"; cat "$f"; echo; }; done; echo "== audit.jsonl"; tail -n 200 audit.jsonl';
  return command('sh', '-c', script, 'site', site);
}

/**
 * What every thread of the gateway's JVM does. Where the image has no jcmd, the JVM is asked by a signal and prints it
 * into its own log, which is read after this.
 */
export function threadDump(project: string): Command {
  const script =
    'pid=$(pgrep -o java) || { echo "no JVM runs here"; exit 0; }; ' +
    'if command -v jcmd > /dev/null; then jcmd "$pid" Thread.print; ' +
    'else kill -3 "$pid" && sleep 2 && echo "process $pid was asked: see the log of the gateway"; fi';
  return composeExec(project, 'gateway', command('sh', '-c', script));
}

/** A port inside the gateway's container that nothing else uses, for one look at its screen. */
const LOOK_PORT = 5899;

/**
 * All that a VNC client says to see the whole screen once (RFC 6143): version 3.3, shared, 32 bits a pixel, raw, all
 * of it. Said at once: a server reads one message after the other.
 */
const SEE_ALL =
  'RFB 003.003\\n\\x01' +
  '\\x00\\x00\\x00\\x00\\x20\\x18\\x00\\x01\\x00\\xff\\x00\\xff\\x00\\xff\\x10\\x08\\x00\\x00\\x00\\x00' +
  '\\x02\\x00\\x00\\x01\\x00\\x00\\x00\\x00' +
  '\\x03\\x00\\x00\\x00\\x00\\x00\\xff\\xff\\xff\\xff';

/**
 * What a VNC server sends of the gateway's screen, compressed and as base64. gnzsnz's own server wants a password, which
 * is not read: a second one is started for this look, on the container's loopback. extrange's wants none, at `port`.
 */
export function screenStream(inside: (command: Command) => Command, port?: number): Command {
  const own = `x11vnc -display :1 -quiet -localhost -noipv6 -viewonly -nopw -once -timeout 20 -rfbport ${LOOK_PORT} &> /dev/null & `;
  const script =
    `look() { { printf '${SEE_ALL}' >&3; timeout 6 cat <&3 || true; } 3<> "/dev/tcp/127.0.0.1/${port ?? LOOK_PORT}"; }; ` +
    `${port === undefined ? own : ''}` +
    'for _ in {1..50}; do look 2> /dev/null && break; sleep 0.2; done | gzip | base64';
  return { ...inside(command('bash', '-c', script)), timeoutMs: 60_000 };
}

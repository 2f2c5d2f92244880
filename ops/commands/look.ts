import { type Command, command } from './command.ts';
import { composeExec } from './compose.ts';

/** Status 1 is an answer: there is no such file. */
export function fileIfThere(path: string): Command {
  return { ...command('cat', path), okExits: [0, 1] };
}

/** What the startup script came to: one JSON object a step (step, at, ok, detail). */
export function startupMarker(): Command {
  return fileIfThere('/run/gatehouse/startup');
}

/** How much of the last time was spent waiting for memory; kernels without the accounting have no such file. */
export function memoryPressure(): Command {
  return fileIfThere('/proc/pressure/memory');
}

/**
 * What the kernel killed for its memory: the count since the start of the machine, and the names of the last hour. A
 * host without a systemd journal tells the count alone.
 */
export function oomKills(): Command {
  const script =
    'grep "^oom_kill " /proc/vmstat; ' +
    'journalctl --dmesg --quiet --no-pager --since "-1 hour" --output short-iso 2> /dev/null | ' +
    'grep -o "Killed process [0-9]* ([^)]*)" | tail -n 5; exit 0';
  return command('sh', '-c', script);
}

/** Seconds since 1970 on the host's clock. */
export function hostTime(): Command {
  return command('date', '+%s');
}

/** Lets the host set its clock by the network. */
export function syncClock(): Command {
  return command('timedatectl', 'set-ntp', 'true');
}

/** Starts the Docker engine; nothing happens if it runs. */
export function startDocker(): Command {
  return command('systemctl', 'start', 'docker');
}

/** Switches on every swap that /etc/fstab names. */
export function swapOn(): Command {
  return command('swapon', '--all');
}

/** Who one is on the host, and in which groups. */
export function whoAmI(): Command {
  return command('id');
}

/** The log of a systemd unit, its last lines. */
export function unitLog(unit: string, lines: number): Command {
  return command('journalctl', '--unit', unit, '--no-pager', '--lines', String(lines));
}

/** The TCP sockets inside a service's container, as the kernel lists them. */
export function socketsIn(project: string, service: string): Command {
  return composeExec(project, service, command('cat', '/proc/net/tcp', '/proc/net/tcp6'));
}

/** Which ports of its own loopback are open inside the gateway's container: `4002 open` or `4002 closed`, one a line. */
export function portsOpenIn(project: string, service: string, ports: readonly number[]): Command {
  const script =
    'for p; do if (exec 3<>"/dev/tcp/127.0.0.1/$p") 2> /dev/null; then echo "$p open"; else echo "$p closed"; fi; done';
  return composeExec(project, service, command('bash', '-c', script, 'ports', ...ports.map(String)));
}

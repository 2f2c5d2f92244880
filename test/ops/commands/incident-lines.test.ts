import { expect, test } from 'vitest';
import { type Command, commandLine } from '../../../ops/commands/command.ts';
import * as look from '../../../ops/commands/incident.ts';

const LINES: [name: string, built: Command, line: string][] = [
  ['inspect', look.dockerInspect('a', 'b'), 'docker inspect --type container a b'],
  ['sockets', look.tcpSockets(), 'ss --tcp --all --numeric --processes'],
  ['pressures', look.pressures(), `sh -c 'cd /proc/pressure && for f in *; do echo "$f"; cat "$f"; done'`],
  [
    'units',
    look.unitsOfAnHour(),
    "journalctl --no-pager --output short-iso --since '-1 hour' --unit 'gatehouse*' --unit docker.service --unit containerd.service",
  ],
  ['kernel', look.kernelOfAnHour(), "journalctl --dmesg --no-pager --output short-iso --since '-1 hour'"],
  [
    'site',
    look.siteFiles('/var/lib/gatehouse/stacks/gatehouse'),
    'sh -c \'cd "$1" || exit 1; ls -l; for f in current/manifest.json pending.json verdict.json stopped lent seen lock/owner backup.json; do [ ! -f "$f" ] || { echo "== $f"; cat "$f"; echo; }; done; echo "== audit.jsonl"; tail -n 200 audit.jsonl\' site /var/lib/gatehouse/stacks/gatehouse',
  ],
  [
    'threads',
    look.threadDump('gatehouse'),
    'docker compose -p gatehouse exec -T gateway sh -c \'pid=$(pgrep -o java) || { echo "no JVM runs here"; exit 0; }; if command -v jcmd > /dev/null; then jcmd "$pid" Thread.print; else kill -3 "$pid" && sleep 2 && echo "process $pid was asked: see the log of the gateway"; fi\'',
  ],
];

test.each(LINES)('%s', (_name, built, line) => {
  expect(commandLine(built)).toBe(line);
});

test('a screen is looked at by a server of its own, or by the one that asks for no password', () => {
  const inside = (command: Command) => command;
  const own = commandLine(look.screenStream(inside));
  expect(own).toContain('x11vnc -display :1 -quiet -localhost -noipv6 -viewonly -nopw -once');
  expect(own).toContain('3<> "/dev/tcp/127.0.0.1/5899"');
  const there = commandLine(look.screenStream(inside, 5900));
  expect(there).not.toContain('x11vnc');
  expect(there).toContain('3<> "/dev/tcp/127.0.0.1/5900"');
});

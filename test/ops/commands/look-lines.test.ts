import { expect, test } from 'vitest';
import { type Command, commandLine } from '../../../ops/commands/command.ts';
import { dockerLogsSince, dockerUnpause } from '../../../ops/commands/docker.ts';
import * as look from '../../../ops/commands/look.ts';

const LINES: [name: string, built: Command, line: string][] = [
  ['file', look.fileIfThere('/var/lib/x/stopped'), 'cat /var/lib/x/stopped'],
  ['startup marker', look.startupMarker(), 'cat /run/gatehouse/startup'],
  ['pressure', look.memoryPressure(), 'cat /proc/pressure/memory'],
  [
    'OOM kills',
    look.oomKills(),
    'sh -c \'grep "^oom_kill " /proc/vmstat; journalctl --dmesg --quiet --no-pager --since "-1 hour" --output short-iso 2> /dev/null | grep -o "Killed process [0-9]* ([^)]*)" | tail -n 5; exit 0\'',
  ],
  ['time', look.hostTime(), 'date +%s'],
  ['clock', look.syncClock(), 'timedatectl set-ntp true'],
  ['engine', look.startDocker(), 'systemctl start docker'],
  ['swap', look.swapOn(), 'swapon --all'],
  ['who', look.whoAmI(), 'id'],
  ['unit', look.unitLog('docker.service', 50), 'journalctl --unit docker.service --no-pager --lines 50'],
  [
    'sockets',
    look.socketsIn('gatehouse', 'gateway'),
    'docker compose -p gatehouse exec -T gateway cat /proc/net/tcp /proc/net/tcp6',
  ],
  [
    'ports',
    look.portsOpenIn('gatehouse', 'gateway', [4004, 4002]),
    'docker compose -p gatehouse exec -T gateway bash -c \'for p; do if (exec 3<>"/dev/tcp/127.0.0.1/$p") 2> /dev/null; then echo "$p open"; else echo "$p closed"; fi; done\' ports 4004 4002',
  ],
  [
    'log since',
    dockerLogsSince('g-1', '2026-11-21T10:00:00Z'),
    'docker logs --since 2026-11-21T10:00:00Z --tail 2000 g-1',
  ],
  ['unpause', dockerUnpause('b-1'), 'docker unpause b-1'],
];

test.each(LINES)('%s', (_name, built, line) => {
  expect(commandLine(built)).toBe(line);
});

test('a file that is not there is an answer', () => {
  expect(look.fileIfThere('/x').okExits).toEqual([0, 1]);
});

import { expect, test } from 'vitest';
import { type Command, commandLine } from '../../../ops/commands/command.ts';
import { composeLogRange, composeRestart, composeStart, composeStop } from '../../../ops/commands/compose.ts';
import { dockerAddresses, dockerContainers, dockerRestartPolicy } from '../../../ops/commands/docker.ts';
import { settingsAside } from '../../../ops/commands/gateway-settings.ts';
import {
  currentManifest,
  hostLogs,
  putMarker,
  removeMarkers,
  siteFacts,
} from '../../../ops/commands/host-site.ts';
import { ibcTell, resetLogins } from '../../../ops/commands/ibc.ts';
import { sshSession, sshTunnel } from '../../../ops/commands/ssh.ts';
import { takeBackLater } from '../../../ops/commands/take-back.ts';

const strict = '-o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=15';
const gate = { host: 'gate', user: 'ops', port: 2222 };

const LINES: [name: string, built: Command, line: string][] = [
  ['restart', composeRestart('g', 'bridge'), 'docker compose -p g restart --no-deps bridge'],
  ['stop all', composeStop('g'), 'docker compose -p g stop'],
  ['stop one', composeStop('g', 'gateway'), 'docker compose -p g stop gateway'],
  ['start', composeStart('g', 'gateway'), 'docker compose -p g start gateway'],
  ['logs', composeLogRange('g', { lines: 100 }), 'docker compose -p g logs --timestamps --tail 100'],
  [
    'logs of one, on and on',
    composeLogRange('g', { service: 'bridge', since: '30m', follow: true }),
    'docker compose -p g logs --timestamps --since 30m --follow bridge',
  ],
  [
    'logs of the host',
    hostLogs({ lines: 100, since: '2h', follow: true }),
    "journalctl --no-pager --output short-iso --unit 'gatehouse*' --lines 100 --since -2h --follow",
  ],
  ['restart policy', dockerRestartPolicy('g-gateway-1', 'no'), 'docker update --restart no g-gateway-1'],
  [
    'addresses',
    dockerAddresses('g-gateway-1'),
    "docker inspect --type container --format '{{range $name, $net := .NetworkSettings.Networks}}{{$name}} {{$net.IPAddress}}{{println}}{{end}}' g-gateway-1",
  ],
  [
    'containers',
    dockerContainers('g'),
    'docker ps --all --no-trunc --filter label=com.docker.compose.project=g --filter label=com.docker.compose.oneoff=False ' +
      `--format '{"service":{{json (.Label "com.docker.compose.service")}},"definition":{{json (.Label "gatehouse.definition")}},` +
      `"folder":{{json (.Label "com.docker.compose.project.working_dir")}},"name":{{json .Names}},"image":{{json .Image}},` +
      `"state":{{json .State}},"status":{{json .Status}}}'`,
  ],
  [
    'ibc',
    ibcTell('g', 'RESTART'),
    `docker compose -p g exec -T gateway bash -c 'r=0; for p in $GATEHOUSE_IBC_PORTS; do ` +
      `{ printf "%s\\n" "$1" >&3 && IFS= read -r -t 20 a <&3 && echo "$p $a"; } 3<>"/dev/tcp/127.0.0.1/$p" || r=1; done 2>&1; exit $r' ibc RESTART`,
  ],
  [
    'reset logins',
    resetLogins('g', '/gatehouse/reset-logins.sh'),
    'docker compose -p g exec -T gateway /gatehouse/reset-logins.sh',
  ],
  [
    'settings aside',
    settingsAside(
      { container: 'g-gateway-1', image: 'ib:1', user: 1000, folder: '/settings' },
      '20260102T030405Z',
    ),
    'docker run --rm --network none --user 1000:1000 --volumes-from g-gateway-1 --entrypoint bash ib:1 -c ' +
      `'set -e -o pipefail; cd "$1"; a="gatehouse-settings-$2.tar.gz"; trap "rm -f $a.new" EXIT; ` +
      `find . -mindepth 1 -maxdepth 1 ! -name "gatehouse-*" -print0 | tar -czf "$a.new" --null --files-from -; mv "$a.new" "$a"; ` +
      `find . -mindepth 1 -maxdepth 1 ! -name "gatehouse-*" -exec rm -rf {} +; echo "$a"' aside /settings 20260102T030405Z`,
  ],
  [
    'site facts',
    siteFacts('/s'),
    `sh -c 'cd "$1" 2> /dev/null || exit 0; echo "== current"; readlink current; ` +
      `for f in stopped lent pending.json verdict.json lock/owner; do [ ! -e "$f" ] || { printf "\\n== %s\\n" "$f"; cat "$f"; }; done; ` +
      `printf "\\n== audit\\n"; tail -n 1 audit.jsonl 2> /dev/null; exit 0' site /s`,
  ],
  ['manifest', currentManifest('/s'), 'cat /s/current/manifest.json'],
  [
    'marker',
    putMarker('/s', 'stopped', '{"by":"ann@desk"}'),
    `sh -c 'umask 022; mkdir -p "$1" && printf "%s\\n" "$3" > "$1/$2.new" && mv "$1/$2.new" "$1/$2"' mark /s stopped '{"by":"ann@desk"}'`,
  ],
  ['markers away', removeMarkers('/s'), 'rm -f /s/stopped /s/lent'],
  ['one marker away', removeMarkers('/s', 'lent'), 'rm -f /s/lent'],
  [
    'take back',
    takeBackLater({ folder: '/s', marker: '{}', container: 'c', seconds: 90, unit: 'u', audit: '{"a":1}' }),
    `sh -c 's=$1 u=$2; shift 2; if systemd-run --quiet --collect --on-active="$s" --timer-property=AccuracySec=1s --unit="$u" sh -c "$@" 2> /dev/null; ` +
      `then echo timer; else p=$(setsid -f sh -c '\\''echo process; exec > /dev/null; sleep "$1"; shift; exec sh -c "$@"'\\'' wait "$s" "$@" < /dev/null 2> /dev/null) && echo "$p"; fi' later 90 u ` +
      `'[ ! -e "$1/stopped" ] && [ "$(cat "$1/lent" 2> /dev/null)" = "$2" ] || exit 0; rm -f "$1/lent"; docker update --restart unless-stopped "$3" && docker start "$3" && ` +
      `printf "%s\\n" "$4" >> "$1/audit.jsonl"' take-back /s '{}' c '{"a":1}'`,
  ],
  ['a shell', sshSession(gate), `ssh -p 2222 ${strict} -t -- ops@gate`],
  ['a command of a person', sshSession(gate, 'uptime'), `ssh -p 2222 ${strict} -T -- ops@gate uptime`],
  [
    'a tunnel',
    sshTunnel(gate, { local: 4002, host: '172.18.0.2', port: 4004 }),
    `ssh -p 2222 ${strict} -o ControlPath=none -o ExitOnForwardFailure=yes -L 127.0.0.1:4002:172.18.0.2:4004 -T -- ops@gate ` +
      `'echo '\\''tunnel up'\\''; exec cat'`,
  ],
  [
    'a tunnel as OS Login has it: no sudo, which a forward does not need',
    sshTunnel({ host: 'g', user: 'me', sudo: true }, { local: 1, host: '::1', port: 2 }),
    `ssh ${strict} -o ControlPath=none -o ExitOnForwardFailure=yes -L '127.0.0.1:1:[::1]:2' -T -- me@g 'echo '\\''tunnel up'\\''; exec cat'`,
  ],
];

test.each(LINES)('%s', (_name, built, line) => {
  expect(commandLine(built)).toBe(line);
});

test('what may answer no is no failure', () => {
  expect(ibcTell('g', 'PAUSE').okExits).toEqual([0, 1]);
  expect(currentManifest('/s').okExits).toEqual([0, 1]);
});

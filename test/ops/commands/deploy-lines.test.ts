import { expect, test } from 'vitest';
import { type Command, commandLine } from '../../../ops/commands/command.ts';
import { composeUp } from '../../../ops/commands/compose.ts';
import {
  dockerBuild,
  dockerDefinitions,
  dockerDigests,
  dockerPull,
  dockerRemove,
  dockerStop,
} from '../../../ops/commands/docker.ts';
import { hostApply } from '../../../ops/commands/host-apply.ts';
import { applyStop, lockGive, lockOwner, lockTake, processThere } from '../../../ops/commands/host-lock.ts';
import {
  auditLine,
  auditTail,
  currentRelease,
  folderSeal,
  folderThere,
  releaseIdOf,
  releasesThere,
} from '../../../ops/commands/host-release.ts';
import { bytesSent, rsync } from '../../../ops/commands/rsync.ts';
import { ssh } from '../../../ops/commands/ssh.ts';

const strict = '-o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=15';
const shared = '-o ControlMaster=auto -o ControlPath=/tmp/c -o ControlPersist=60';
const compared = 'rsync --recursive --perms --checksum --delete --stats';

const LINES: [name: string, built: Command, line: string][] = [
  ['rsync, here', rsync({ from: 'out/r-1', to: '/r/r-1' }), `${compared} -- out/r-1/ /r/r-1/`],
  [
    'rsync over a shared connection, like the release before',
    rsync(
      { from: '/o', to: '/r/r-2.partial', like: '../r-1' },
      { target: { host: 'gate', user: 'ops', port: 2222 }, controlPath: '/tmp/c' },
    ),
    `${compared} --copy-dest=../r-1 -e 'ssh -p 2222 ${strict} ${shared}' -- /o/ ops@gate:/r/r-2.partial/`,
  ],
  [
    'rsync through IAP',
    rsync(
      { from: '/o', to: '/r' },
      { target: { host: 'gatehouse', user: 'me', iap: { project: 'acme', zone: 'us-west1-b' } } },
    ),
    `${compared} -e 'ssh -o '\\''ProxyCommand=gcloud compute start-iap-tunnel gatehouse %p --listen-on-stdin ` +
      `--project=acme --zone=us-west1-b'\\'' -o ProxyUseFdpass=no -o HostKeyAlias=gatehouse.acme.us-west1-b.gatehouse ` +
      `-o CheckHostIP=no ${strict}' -- /o/ me@gatehouse:/r/`,
  ],
  [
    'docker definitions',
    dockerDefinitions('gatehouse'),
    'docker ps --filter label=com.docker.compose.project=gatehouse --filter label=com.docker.compose.oneoff=False ' +
      `--format '{"service":{{json (.Label "com.docker.compose.service")}},` +
      `"definition":{{json (.Label "gatehouse.definition")}},` +
      `"folder":{{json (.Label "com.docker.compose.project.working_dir")}},"name":{{json .Names}}}'`,
  ],
  [
    'docker build',
    dockerBuild('gatehouse/bridge:0a', '/r/r-1/bridge', { BASE_IMAGE: 'node:24', RUN_AS: '10001' }),
    'docker build --quiet --tag gatehouse/bridge:0a --build-arg BASE_IMAGE=node:24 --build-arg RUN_AS=10001 /r/r-1/bridge',
  ],
  [
    'docker digests',
    dockerDigests('caddy:2'),
    "docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' caddy:2",
  ],
  ['docker pull', dockerPull('caddy:2'), 'docker pull --quiet caddy:2'],
  ['docker stop', dockerStop('gatehouse-caddy-1'), 'docker stop gatehouse-caddy-1'],
  ['docker rm', dockerRemove('gatehouse-caddy-1'), 'docker rm --force gatehouse-caddy-1'],
  [
    'compose up',
    composeUp('/r/r-1', 'bridge', { wait: true }),
    'docker compose -f /r/r-1/compose.yaml up --detach --no-deps --no-build --pull never --wait --wait-timeout 120 bridge',
  ],
  [
    'compose up of what may wait for a person',
    composeUp('/r/r-1', 'gateway', { wait: false }),
    'docker compose -f /r/r-1/compose.yaml up --detach --no-deps --no-build --pull never gateway',
  ],
  [
    'lock',
    lockTake('/g', '{"owner":"ann@desk"}'),
    `sh -c 'umask 022; mkdir -p "$1/releases" && mkdir "$1/lock.$$" && printf "%s\\n" "$2" > "$1/lock.$$/owner" || exit 1; ` +
      `mv -T "$1/lock.$$" "$1/lock" 2> /dev/null && exit 0; rm -r "$1/lock.$$"; cat "$1/lock/owner"; exit 75' ` +
      `lock /g '{"owner":"ann@desk"}'`,
  ],
  ['lock owner', lockOwner('/g'), 'cat /g/lock/owner'],
  [
    'unlock',
    lockGive('/g', '{"owner":"ann@desk"}'),
    `sh -c '[ "$(cat "$1/lock/owner" 2> /dev/null)" = "$2" ] || exit 0; mv -T "$1/lock" "$1/lock.$$" && rm -r "$1/lock.$$"' ` +
      `unlock /g '{"owner":"ann@desk"}'`,
  ],
  ['folder there', folderThere('/g/releases/r-1'), 'test -d /g/releases/r-1'],
  [
    'release id',
    releaseIdOf('/g/releases/r-1'),
    `sh -c 'cd "$1" || exit 1; find . ! -type d ! -path ./provenance.json -printf "%P\\n" | LC_ALL=C sort | ` +
      `while IFS= read -r f; do printf "%s %s  %s\\n" "$(stat -c %a "$f")" "$(sha256sum < "$f" | cut -d " " -f 1)" "$f"; done | ` +
      `sha256sum | sed "s/^\\(.\\{16\\}\\).*/r-\\1/"' release-id /g/releases/r-1`,
  ],
  ['folder seal', folderSeal('/g/r-1.partial', '/g/r-1'), 'mv -T /g/r-1.partial /g/r-1'],
  ['current release', currentRelease('/g'), 'readlink /g/current'],
  ['audit tail', auditTail('/g'), 'tail -n 500 /g/audit.jsonl'],
  [
    'releases there',
    releasesThere('/g'),
    `sh -c 'cd "$1/releases" 2> /dev/null && ls -1 | grep -x "r-[0-9a-f]*"' releases /g`,
  ],
  [
    'audit',
    auditLine('/g', '{"who":"ann@desk"}'),
    `sh -c 'printf "%s\\n" "$2" >> "$1/audit.jsonl"' audit /g '{"who":"ann@desk"}'`,
  ],
  [
    'rsync as an OS Login user',
    rsync({ from: '/o', to: '/r' }, { target: { host: 'gate', user: 'me', sudo: true } }),
    `${compared} -e 'ssh ${strict}' '--rsync-path=sudo -n rsync' -- /o/ me@gate:/r/`,
  ],
  [
    'a command as an OS Login user',
    ssh({ host: 'gate', user: 'me', sudo: true }, currentRelease('/g')),
    `ssh ${strict} -T -- me@gate 'sudo -n readlink /g/current'`,
  ],
  [
    'apply',
    hostApply('/g', 'r-1', { by: 'ann@desk', verb: '--prod-all', only: [] }),
    '/g/releases/r-1/host/apply --site /g --by ann@desk --verb --prod-all',
  ],
  [
    'apply of the bridge alone, under a lock',
    hostApply('/g', 'r-1', {
      by: 'a',
      verb: 'v',
      only: ['bridge'],
      gateway: 'leave',
      underLock: '{"owner":"a"}',
    }),
    `/g/releases/r-1/host/apply --site /g --by a --verb v --only bridge --gateway leave --under-lock '{"owner":"a"}'`,
  ],
  [
    'apply, told only',
    hostApply('/g', 'r-1', { by: 'a', verb: 'v', only: [], rehearse: 'plan' }),
    '/g/releases/r-1/host/apply --site /g --by a --verb v --plan',
  ],
  [
    'the end of an apply',
    applyStop('/g', 'a', 'r-1'),
    `sh -c 'pid=$(jq -r --arg by "$2" --arg release "$3" "select(.owner == \\$by and .release == \\$release) | .pid // empty" ` +
      `"$1/lock/owner") && [ "$pid" ] && kill -TERM "$pid"' stop /g a r-1`,
  ],
  [
    'process there',
    processThere(77, 'b-1'),
    `sh -c '[ "$(cat /proc/sys/kernel/random/boot_id)" = "$2" ] && [ -d "/proc/$1" ]' process 77 b-1`,
  ],
];

test('rsync says how much it sent', () => {
  expect(bytesSent('Number of files: 3\nTotal bytes sent: 1,234,567\nTotal bytes received: 99\n')).toBe(
    1_234_567,
  );
  expect(bytesSent('')).toBe(0);
});

test.each(LINES)('%s', (_name, built, line) => {
  expect(commandLine(built)).toBe(line);
});

test('what may answer no is no failure', () => {
  expect(folderThere('/g').okExits).toEqual([0, 1]);
  expect(hostApply('/g', 'r-1', { by: 'a', verb: 'v', only: [] }).okExits).toEqual([0, 1, 75]);
  expect(lockTake('/g', '').okExits).toEqual([0, 75]);
});

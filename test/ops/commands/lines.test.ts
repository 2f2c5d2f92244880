import { describe, expect, test } from 'vitest';
import { type Command, command, commandLine, quote } from '../../../ops/commands/command.ts';
import { composeExec, composeLogs, composePs } from '../../../ops/commands/compose.ts';
import { dockerState, dockerStats, dockerVersion } from '../../../ops/commands/docker.ts';
import { osLoginUser } from '../../../ops/commands/gcloud.ts';
import { ssh, sshExit } from '../../../ops/commands/ssh.ts';
import { df, free } from '../../../ops/commands/system.ts';

const state =
  '{"name":{{json .Name}},"restarts":{{json .RestartCount}},"policy":{{json .HostConfig.RestartPolicy.Name}},"state":{{json .State}}}';
const strict = '-o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=15';
const shared = '-o ControlMaster=auto -o ControlPath=/tmp/c -o ControlPersist=60';

const LINES: [name: string, built: Command, line: string][] = [
  ['docker version', dockerVersion(), "docker version --format '{{.Server.Version}}'"],
  ['docker state', dockerState('a', 'b'), `docker inspect --type container --format '${state}' a b`],
  ['docker stats', dockerStats('a', 'b'), "docker stats --no-stream --format '{{json .}}' a b"],
  ['compose ps', composePs('gatehouse'), 'docker compose -p gatehouse ps --all --format json'],
  [
    'compose exec',
    composeExec('gatehouse', 'bridge', command('node', 'probe.mjs', '--json')),
    'docker compose -p gatehouse exec -T bridge node probe.mjs --json',
  ],
  [
    'compose logs',
    composeLogs('gatehouse', 'gateway', 100),
    'docker compose -p gatehouse logs --timestamps --tail 100 gateway',
  ],
  ['df', df('/', '/var/lib/docker'), 'df -P -k / /var/lib/docker'],
  ['free', free(), 'free -b'],
  [
    'OS Login user',
    osLoginUser(),
    "gcloud compute os-login describe-profile '--format=value(posixAccounts[0].username)'",
  ],
  ['ssh', ssh({ host: 'gate' }, command('id', '-un')), `ssh ${strict} -T -- gate 'id -un'`],
  [
    'ssh, shared',
    ssh({ host: 'gate', user: 'ops' }, free(), '/tmp/c'),
    `ssh ${strict} ${shared} -T -- ops@gate 'free -b'`,
  ],
  [
    'ssh with all it can be told',
    ssh({ host: 'gate', port: 2222, identityFile: '/k', knownHostsFile: '/h' }, free()),
    `ssh -p 2222 -i /k -o IdentitiesOnly=yes -o UserKnownHostsFile=/h ${strict} -T -- gate 'free -b'`,
  ],
  [
    'ssh through IAP',
    ssh({ host: 'gatehouse', user: 'me_example_com', iap: { project: 'acme', zone: 'us-west1-b' } }, free()),
    "ssh -o 'ProxyCommand=gcloud compute start-iap-tunnel gatehouse %p --listen-on-stdin --project=acme --zone=us-west1-b' " +
      '-o ProxyUseFdpass=no -o HostKeyAlias=gatehouse.acme.us-west1-b.gatehouse -o CheckHostIP=no ' +
      `${strict} -T -- me_example_com@gatehouse 'free -b'`,
  ],
  [
    'ssh quotes twice',
    ssh({ host: 'gate' }, command('echo', "it's")),
    `ssh ${strict} -T -- gate 'echo '\\''it'\\''\\'\\'''\\''s'\\'''`,
  ],
  [
    'ssh exit',
    sshExit({ host: 'gate', user: 'ops' }, '/tmp/c'),
    'ssh -O exit -o ControlPath=/tmp/c -- ops@gate',
  ],
];

test.each(LINES)('%s', (_name, built, line) => {
  expect(commandLine(built)).toBe(line);
});

describe('quote', () => {
  test.each([
    ['plain-1.2_3/a:b=c,d+e%f@g', 'plain-1.2_3/a:b=c,d+e%f@g'],
    ['', "''"],
    ['two words', "'two words'"],
    ['$HOME `id` "x" \\', `'$HOME \`id\` "x" \\'`],
    ['~', "'~'"],
    ["it's", `'it'\\''s'`],
    ['a\nb', "'a\nb'"],
  ])('%j', (argument, quoted) => {
    expect(quote(argument)).toBe(quoted);
  });
});

test('what stands on standard input is never part of the line, here or on a host', () => {
  const secret = { ...command('docker', 'login', '--password-stdin'), stdin: 'hunter2' };
  expect(commandLine(secret)).toBe('docker login --password-stdin < 7 bytes');
  const remote = ssh({ host: 'gate' }, secret);
  expect(remote.stdin).toBe('hunter2');
  expect(remote.args.at(-1)).toBe('docker login --password-stdin');
});

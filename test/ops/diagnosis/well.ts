import { commandLine } from '../../../ops/commands/command.ts';
import { opsError } from '../../../ops/errors.ts';
import { type RecordingRemote, recordingRemote } from '../../../ops/recording.ts';
import type { Answers } from './way.ts';

const GB = 1024 ** 3;
const SERVICES = ['gateway', 'bridge', 'caddy'];

const VERDICT = {
  healthy: true,
  level: 'data',
  stage: 'data',
  cause: 'ok',
  message: '',
  hint: '',
  evidence: [],
  timingsMs: { connect: 1 },
};

/** What a host of the project gatehouse answers on which all is well: an e2-micro with the gateway of gnzsnz. */
const WELL: Answers = {
  uptime: ' 10:00:00 up 3 days, load average: 0.00\n',
  '/run/gatehouse/startup': '{"step":"done","at":"2026-11-21T10:00:00Z","ok":true}\n',
  'df -P':
    '/dev/sda1 20000000 9000000 11000000 45% /\n/dev/sdb 10000000 100000 9900000 1% /var/lib/gatehouse\n',
  'free -b': `Mem: ${GB} 0 0 0 0 ${0.3 * GB}\nSwap: ${GB} 0 ${0.8 * GB}\n`,
  '/proc/pressure/memory':
    'some avg10=0.10 avg60=0.20 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.05 avg300=0.00 total=1\n',
  'oom_kill ': 'oom_kill 0\n',
  'docker version': '26.1.5\n',
  '/stopped': { exit: 1 },
  '/lent': { exit: 1 },
  ' ps --all --format json': SERVICES.map((name) =>
    JSON.stringify({
      Service: name,
      Name: `gatehouse-${name}-1`,
      State: 'running',
      Health: 'healthy',
      ExitCode: 0,
    }),
  ).join('\n'),
  '/current/manifest.json': { exit: 1 },
  '/pending.json': { exit: 1 },
  '/dev/tcp/': '4004 open\n4002 open\n',
  'probe.mjs': JSON.stringify(VERDICT),
  'docker inspect': JSON.stringify({ state: { StartedAt: '2026-11-21T09:00:00Z' } }),
  'docker logs': '2026-11-21 09:01:00:000 IBC: Configuration tasks completed\n',
  '/proc/net/tcp':
    '  sl  local_address rem_address   st\n   0: 0500A8C0:0FA4 0600A8C0:9C40 01 00000000:00000000\n',
};

/** That host, with other answers to some commands. An exit that is no answer is thrown as a real host would. */
export function wellHost(other: Answers = {}): RecordingRemote {
  const clock: Answers = { 'date +%s': String(Math.floor(Date.now() / 1000)) };
  const answers = Object.entries({ ...WELL, ...clock, ...other });
  return recordingRemote((command) => {
    const line = commandLine(command);
    const given = answers.find(([part]) => line.includes(part))?.[1];
    const answer = typeof given === 'string' ? { stdout: given } : given;
    if (answer?.exit && !command.okExits?.includes(answer.exit))
      throw opsError(
        'command-failed',
        line,
        'a recording',
        `ended with status ${answer.exit}`,
        answer.stderr ?? '',
      );
    return answer;
  });
}

import type { Way } from '../way.ts';

const GB = 1024 ** 3;
const PROCESSES = 'ps -eo rss,comm --sort=-rss';
const free = (available: number, swapTotal: number, swapFree: number) =>
  `Mem: ${GB} 0 0 0 0 ${available}\nSwap: ${swapTotal} 0 ${swapFree}\n`;
const failed = (stderr: string) => ({ exit: 1, stderr });

export const hostWays: readonly Way[] = [
  {
    broken: 'the startup script failed at a step',
    by: {
      kind: 'host',
      answers: {
        '/run/gatehouse/startup':
          '{"step":"swap","at":"2026-11-21T10:00:00Z","ok":true}\n' +
          '{"step":"docker","at":"2026-11-21T10:00:09Z","ok":false,"detail":"apt-get ended with 100"}\n',
      },
    },
    state: 'startup-failed',
    action: 'journalctl --unit google-startup-scripts.service --no-pager --lines 50',
  },
  {
    broken: 'the disk is full',
    by: { kind: 'host', answers: { 'df -P': '/dev/sda1 20000000 20000000 0 100% /\n' } },
    state: 'disk-full',
    action: 'docker image prune --force',
  },
  {
    broken: 'swap is off',
    by: { kind: 'host', answers: { 'free -b': free(0.3 * GB, 0, 0) } },
    state: 'swap-off',
    action: 'swapon --all',
  },
  {
    broken: 'memory and swap are used up',
    by: { kind: 'host', answers: { 'free -b': free(0.02 * GB, GB, 0.01 * GB) } },
    state: 'memory-short',
    action: PROCESSES,
  },
  {
    broken: 'the machine thrashes',
    by: {
      kind: 'host',
      answers: {
        '/proc/pressure/memory':
          'some avg10=71.20 avg60=64.90 avg300=20.11 total=1\nfull avg10=60.01 avg60=48.33 avg300=15.00 total=1\n',
      },
    },
    state: 'memory-pressure',
    action: PROCESSES,
  },
  {
    broken: 'the kernel killed a process for its memory',
    by: { kind: 'host', answers: { 'oom_kill ': 'oom_kill 2\nKilled process 1423 (node)\n' } },
    state: 'oom-killed',
    action: 'npx gatehouse --prod-budget',
  },
  {
    broken: 'the Docker engine is down',
    by: {
      kind: 'host',
      answers: {
        'docker version': failed(
          'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
        ),
      },
    },
    state: 'docker-down',
    action: 'systemctl start docker',
  },
  {
    broken: 'the user may not talk to the Docker engine',
    by: {
      kind: 'host',
      answers: {
        'docker version': failed(
          'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
        ),
      },
    },
    state: 'docker-denied',
    action: 'id',
  },
  {
    broken: "the host's clock is an hour slow",
    by: { kind: 'host', answers: { 'date +%s': String(Math.floor(Date.now() / 1000) - 3600) } },
    state: 'clock-off',
    action: 'timedatectl set-ntp true',
  },
];

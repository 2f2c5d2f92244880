import type { Way } from '../way.ts';

const START = 'npx gatehouse --prod-start';
const STOPPED = ['caddy', 'bridge', 'gateway'] as const;

const ps = (service: string, state: string, exit: number) =>
  ['gateway', 'bridge', 'caddy']
    .map((name) =>
      name === service
        ? { Service: name, Name: `gatehouse-${name}-1`, State: state, ExitCode: exit }
        : { Service: name, Name: `gatehouse-${name}-1`, State: 'running', Health: 'healthy', ExitCode: 0 },
    )
    .map((one) => JSON.stringify(one))
    .join('\n');

const end = (state: object, restarts = 0) =>
  JSON.stringify({
    name: '/x',
    restarts,
    policy: 'unless-stopped',
    state: { FinishedAt: '2026-11-21T10:00:00Z', ...state },
  });

export const stackWays: readonly Way[] = [
  {
    broken: 'a person stopped the stack (--prod-stop)',
    by: {
      kind: 'site',
      files: { stopped: '{"by":"ann@desk","since":"2026-11-21T10:00:00Z","what":"stop"}\n' },
    },
    state: 'stack-stopped',
    action: START,
  },
  {
    broken: 'the IBKR session is lent to a phone (--prod-lend)',
    by: {
      kind: 'site',
      files: {
        lent: '{"by":"ann@desk","since":"2026-11-21T10:00:00Z","until":"2026-11-21T11:00:00Z"}\n',
      },
    },
    state: 'gateway-lent',
    action: START,
  },
  {
    broken: 'a login is being reset (--prod-reset-login)',
    by: {
      kind: 'site',
      files: { stopped: '{"by":"ann@desk","since":"2026-11-21T10:00:00Z","what":"reset-login"}\n' },
    },
    state: 'login-resetting',
    action: 'npx gatehouse --prod-diagnostics',
  },
  ...STOPPED.map(
    (service): Way => ({
      broken: `the container of ${service} was stopped by hand`,
      by: { kind: 'compose', run: ['stop', '--timeout', '2', service], undo: ['start', service] },
      state: 'container-stopped',
      action: START,
    }),
  ),
  {
    broken: 'the container of the bridge is paused',
    by: { kind: 'compose', run: ['pause', 'bridge'], undo: ['unpause', 'bridge'] },
    state: 'container-paused',
    action: 'docker unpause gatehouse-bridge-1',
  },
  {
    broken: 'the bridge crashes at every start',
    by: {
      kind: 'host',
      answers: { ' ps --all --format json': ps('bridge', 'restarting', 1), 'docker inspect': end({}, 7) },
    },
    state: 'container-restarting',
    action: 'docker compose -p gatehouse logs --timestamps --tail 100 bridge',
  },
  {
    broken: 'the bridge was killed for its memory',
    by: {
      kind: 'host',
      answers: {
        ' ps --all --format json': ps('bridge', 'exited', 137),
        'docker inspect': end({ OOMKilled: true }),
      },
    },
    state: 'container-out-of-memory',
    action: 'npx gatehouse --prod-budget',
  },
  {
    broken: 'the containers are gone',
    by: {
      kind: 'compose',
      run: ['down', '--timeout', '2'],
      undo: ['up', '--detach', '--wait', '--no-build'],
    },
    state: 'container-missing',
    action: 'npx gatehouse --prod-all',
  },
  {
    broken: 'what runs is not what was deployed last',
    by: {
      kind: 'site',
      files: { 'current/manifest.json': '{"services":{"bridge":"another","caddy":"another"}}' },
    },
    state: 'release-drift',
    action: 'npx gatehouse --prod-all --plan',
  },
];

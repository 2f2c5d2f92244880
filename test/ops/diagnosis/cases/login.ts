import type { Way } from '../way.ts';

const WATCH = 'npx gatehouse --prod-logs gateway --follow';
const COLD = 'npx gatehouse --prod-restart-gateway --cold';
const RESET = 'npx gatehouse --prod-reset-login';

/** A gateway that is not logged in listens on no port; why stands in its log, in IBC's words or in ours. */
const login = (broken: string, log: readonly string[], state: string, action: string): Way => ({
  broken,
  by: { kind: 'gateway', fault: { name: 'waiting-for-2fa' }, log: log.map((line) => `${line}\n`).join('') },
  state,
  action,
});

const ATTEMPT = '2026-11-21 10:00:00:101 IBC: Login attempt: 1';

export const loginWays: readonly Way[] = [
  login(
    'the login waits for its 2FA',
    [ATTEMPT, '2026-11-21 10:00:08:420 IBC: Second Factor Authentication initiated'],
    '2fa-pending',
    WATCH,
  ),
  login(
    'the 2FA was missed',
    [
      ATTEMPT,
      '2026-11-21 10:00:08:420 IBC: Second Factor Authentication initiated',
      '2026-11-21 10:03:08:420 IBC: If login has not completed, IBC will exit in 60 seconds',
      '2026-11-21 10:04:08:420 IBC: Exiting after error with exit code=1111',
    ],
    '2fa-missed',
    COLD,
  ),
  login(
    'IBKR has locked the user name',
    [
      ATTEMPT,
      '2026-11-21 10:00:09:007 IBC: Login error message: Your account has been locked',
      '2026-11-21 10:00:09:012 IBC: Login failed',
    ],
    'account-locked',
    RESET,
  ),
  login(
    'the password is wrong',
    [
      ATTEMPT,
      '2026-11-21 10:00:09:007 IBC: Login failed',
      '2026-11-21 10:00:09:008 IBC: Login error message: Invalid username or password',
    ],
    'credentials-refused',
    'npx gatehouse --prod-set-secret TWS_PASSWORD',
  ),
  login(
    'the user name is not recognised after an automatic restart',
    [ATTEMPT, '2026-11-21 10:00:09:007 IBC: Login error message: Unrecognized Username or Password'],
    'username-unrecognized',
    COLD,
  ),
  login(
    'too many failed logins: IBKR makes it wait',
    [
      ATTEMPT,
      '2026-11-21 10:00:09:007 IBC: Login error message: Too many failed login attempts',
      '2026-11-21 10:00:09:009 IBC: Will re-login at 2026-11-21 10:15:09',
    ],
    'login-backoff',
    WATCH,
  ),
  login(
    'the login budget is spent',
    [
      'gatehouse: not logging in: 5 logins since 2026-11-21T09:00:00Z without one success. Find out why in the log above',
    ],
    'login-budget-spent',
    RESET,
  ),
  login(
    'a secret is not there',
    ['gatehouse: waiting for /run/secrets/TWS_USERID to be there, filled and readable by uid 1000'],
    'credentials-missing',
    'npx gatehouse --prod-set-secret TWS_USERID',
  ),
  login(
    'somebody else is logged in with the user name',
    [ATTEMPT, '2026-11-21 10:00:12:700 IBC: Existing session detected dialog: scenario 1'],
    'second-session',
    'npx gatehouse --prod-restart-gateway',
  ),
  {
    broken: 'the API was set to Read-Only on the screen',
    by: {
      kind: 'gateway',
      log: [
        '2026-11-21 10:00:20:000 IBC: Login has completed',
        '2026-11-21 10:00:21:330 IBC: Read-Only API checkbox is now set to: true',
        '',
      ].join('\n'),
    },
    state: 'read-only',
    action: 'npx gatehouse --prod-restart-gateway',
  },
];

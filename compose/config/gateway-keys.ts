import { z } from 'zod';
import { clockTime, jvmFlag, port, timeZone, whole } from './rules.ts';

/** Keys that several dialects of the gateway have, each with one meaning. */

export const tradingMode = z
  .enum(['paper', 'live'])
  .default('paper')
  .describe('The account type logged in to; the bridge and the ports follow it.');

export const readOnly = z
  .boolean()
  .default(false)
  .describe('Refuse orders over the API (the gateway answers them with error 321).');

export const changes = z
  .enum(['window', 'ask', 'now'])
  .default('window')
  .describe(
    'When a release may restart the gateway: window waits for the hour from coldRestart on Sundays, else from dailyRestart each day; ask waits for a person; now does not wait.',
  );

const twoFactor = z
  .strictObject({
    device: z
      .string()
      .min(1, 'must be the name of a device')
      .optional()
      .describe('The second factor device to pick, spelt as in the login dialog; needed only with several.'),
    onTimeout: z
      .enum(['wait', 'retry'])
      .default('wait')
      .describe(
        'After a missed 2FA: wait for a person, or log in again at once (a push every few minutes, until loginBudget is spent).',
      ),
    exitSeconds: whole(30, 600, 'seconds')
      .default(60)
      .describe('With onTimeout retry: how long a login may take after the push was approved, in seconds.'),
  })
  .prefault({})
  .describe('Second factor policy of a live login.');

/** What every IB Gateway under IBC is told, whichever image it is in. */
export const ibcKeys = {
  readOnly,
  changes,
  timeZone: timeZone()
    .default('America/New_York')
    .describe('Zone of the restart times, of the gateway (jts.ini) and of its container.'),
  dailyRestart: clockTime()
    .default('23:45')
    .describe('Daily restart without 2FA, in timeZone; the default falls in the nightly reset of IBKR.'),
  coldRestart: clockTime()
    .optional()
    .describe('Sunday full login, in timeZone; a live account must approve its 2FA then.'),
  existingSession: z
    .enum(['primary', 'primaryoverride', 'secondary', 'manual'])
    .default('primary')
    .describe('What to do when the user name is logged in elsewhere (ExistingSessionDetectedAction of IBC).'),
  twoFactor,
  loginBudget: whole(1, 20, 'logins')
    .default(5)
    .describe(
      'Logins tried without one success after which the gateway logs in no more until a person resets it.',
    ),
  masterClientId: whole(0, 2 ** 31 - 1)
    .optional()
    .describe('API client that sees the orders of all others; by default the bridge (bridge.clientId).'),
  debug: z
    .boolean()
    .default(false)
    .describe(
      "IBC's log with the structure of each window, and the gateway's debug log, on the data volume.",
    ),
  apiPort: port()
    .optional()
    .describe('Publishes the API on 127.0.0.1 of the host at this port, for TWS clients beside the bridge.'),
  heapMb: whole(192, 4096, 'MB').default(256).describe('Java heap in MB, touched at start.'),
  jvmFlags: z
    .array(jvmFlag())
    .default([])
    .describe('Further flags of the JVM; heap and collector are chosen already.'),
};

import { z } from 'zod';
import { clockTime, hostName, pinnedImage, port, timeZone, whole } from './rules.ts';

const tradingMode = z
  .enum(['paper', 'live'])
  .default('paper')
  .describe('The account type logged in to; the bridge and the ports follow it.');

const readOnly = z
  .boolean()
  .default(false)
  .describe('Refuse orders over the API (the gateway answers them with error 321).');

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
        'After a missed 2FA: wait for a person, or log in again at once (a push every few minutes, all night).',
      ),
    exitSeconds: whole(30, 600, 'seconds')
      .default(60)
      .describe('With onTimeout retry: how long a login may take after the push was approved, in seconds.'),
  })
  .prefault({})
  .describe('Second factor policy of a live login.');

/** ghcr.io/gnzsnz/ib-gateway: IB Gateway and IBC, uid 1000. Defaults are sized for a machine of 1 GB. */
const gnzsnz = z.strictObject({
  dialect: z.literal('gnzsnz').describe('IB Gateway in the image gnzsnz/ib-gateway.'),
  image: pinnedImage()
    .default(
      'ghcr.io/gnzsnz/ib-gateway:10.45.1j@sha256:91165c0752ca534c0dad3c40683ae7c2745974d4d277651a90e90411ca609d8d',
    )
    .describe('The image, by version or digest.'),
  tradingMode,
  readOnly,
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
      'Starts without one success after which the gateway refuses to log in until a person resets it.',
    ),
  heapMb: whole(192, 4096, 'MB').default(256).describe('Java heap in MB, touched at start.'),
  memoryMb: whole(512, 8192, 'MB').default(640).describe('Memory limit of the container in MB.'),
});

/** Our simulator under the name `gateway`: an account, a market and orders that are not real. */
const simulated = z.strictObject({
  dialect: z.literal('simulated').describe('The simulated gateway of this project: no account, no login.'),
  tradingMode,
  readOnly,
  seed: whole(0, 2 ** 31 - 1)
    .default(7)
    .describe('Seed of the simulated market: the same seed gives the same prices.'),
  memoryMb: whole(64, 2048, 'MB').default(128).describe('Memory limit of the container in MB.'),
});

/** A gateway somebody else runs: on the desktop of this machine, or anywhere the bridge can reach. */
const external = z.strictObject({
  dialect: z.literal('external').describe('A gateway that runs elsewhere: no gateway service in the stack.'),
  tradingMode,
  host: hostName()
    .default('host.docker.internal')
    .describe('Where it listens; the default is this machine as a container sees it.'),
  port: port().optional().describe('Its API socket port; by default 4002 for paper, 4001 for live.'),
});

export const gatewaySection = z
  .discriminatedUnion('dialect', [gnzsnz, simulated, external])
  .describe('The gateway: which image, which account, when it restarts.');

export type GatewayConfig = z.output<typeof gatewaySection>;
export type GnzsnzConfig = z.output<typeof gnzsnz>;
export type SimulatedConfig = z.output<typeof simulated>;
export type ExternalConfig = z.output<typeof external>;

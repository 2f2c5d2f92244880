import { z } from 'zod';
import { changes, ibcKeys, readOnly, tradingMode } from './gateway-keys.ts';
import { hostName, pinnedImage, port, whole } from './rules.ts';

/** ghcr.io/gnzsnz/ib-gateway: IB Gateway and IBC, uid 1000. Defaults are sized for a machine of 1 GB. */
const gnzsnz = z.strictObject({
  dialect: z.literal('gnzsnz').describe('IB Gateway in the image gnzsnz/ib-gateway.'),
  image: pinnedImage()
    .default(
      'ghcr.io/gnzsnz/ib-gateway:10.45.1j@sha256:91165c0752ca534c0dad3c40683ae7c2745974d4d277651a90e90411ca609d8d',
    )
    .describe('The image, by version or digest.'),
  tradingMode: z
    .enum(['paper', 'live', 'both'])
    .default('paper')
    .describe(
      'The account type logged in to; the bridge and the ports follow it. both: two gateways (2 GB at least), the bridge uses the one of bridge.tradingMode, and apiPort is live, one above it paper.',
    ),
  ...ibcKeys,
  vncPort: port()
    .optional()
    .describe(
      'Publishes its screen by VNC on 127.0.0.1 of the host at this port; needs gateway/VNC_PASSWORD.',
    ),
  memoryMb: whole(512, 8192, 'MB').default(640).describe('Memory limit of the container in MB.'),
});

/** ghcr.io/extrange/ibkr: IB Gateway or TWS, here the gateway, with a desktop around it; runs as root. */
const extrange = z.strictObject({
  dialect: z.literal('extrange').describe('IB Gateway in the image extrange/ibkr.'),
  image: pinnedImage().describe(
    'The image, by version or digest; no default, so that the version is one you have seen work.',
  ),
  tradingMode,
  ...ibcKeys,
  vncPort: port()
    .optional()
    .describe(
      'Publishes its screen by noVNC on 127.0.0.1 of the host at this port. The image asks for no password.',
    ),
  memoryMb: whole(512, 8192, 'MB').default(768).describe('Memory limit of the container in MB.'),
});

/** Our simulator under the name `gateway`: an account, a market and orders that are not real. */
const simulated = z.strictObject({
  dialect: z.literal('simulated').describe('The simulated gateway of this project: no account, no login.'),
  tradingMode,
  readOnly,
  changes,
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
  .discriminatedUnion('dialect', [gnzsnz, extrange, simulated, external])
  .describe('The gateway: which image, which account, when it restarts.');

export type GatewayConfig = z.output<typeof gatewaySection>;
export type GnzsnzConfig = z.output<typeof gnzsnz>;
export type ExtrangeConfig = z.output<typeof extrange>;
export type SimulatedConfig = z.output<typeof simulated>;
export type ExternalConfig = z.output<typeof external>;
/** An IB Gateway under IBC, in either image. */
export type IbcConfig = GnzsnzConfig | ExtrangeConfig;

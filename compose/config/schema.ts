import { z } from 'zod';
import { caddySection } from './edge.ts';
import { gatewaySection } from './gateway.ts';
import { hostSection } from './host.ts';
import { pinnedImage, whole } from './rules.ts';

const bridgeSection = z
  .strictObject({
    clientId: whole(1, 2 ** 31 - 1)
      .default(100)
      .describe('API client id of the bridge; no other client of the gateway may use it.'),
    logLevel: z
      .enum(['trace', 'debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('Least level written to its log.'),
    memoryMb: whole(96, 2048, 'MB').default(160).describe('Memory limit of the container in MB.'),
  })
  .prefault({})
  .describe('The REST API in front of the gateway.');

const imagesSection = z
  .strictObject({
    node: pinnedImage()
      .default(
        'node:24.21.0-trixie-slim@sha256:8ec5d7557396cfe32d21c3f9c13072355ceab22b584578ca4bb28af31120cffe',
      )
      .describe('Base of the bridge and of the simulator.'),
    caddy: pinnedImage()
      .default('caddy:2.11.7-alpine@sha256:d8542f48d34a9cf4e4c11a478865229840e87e4c96ea3f439101f31a5d35f75f')
      .describe('Caddy; 2.10.1 or later, for certificates by address.'),
  })
  .prefault({})
  .describe('Base images; the one of the gateway is gateway.image.');

/** Everything a stack can be told. The keys of Pulumi.<stack>.yaml under `gatehouse:` are these. */
export const CONFIG_SCHEMA = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and hyphens, 31 at most')
    .default('gatehouse')
    .describe('Name of the stack: its compose project, and the prefix of what is made for it.'),
  host: hostSection,
  gateway: gatewaySection,
  bridge: bridgeSection,
  caddy: caddySection,
  images: imagesSection,
});

export type Config = z.output<typeof CONFIG_SCHEMA>;

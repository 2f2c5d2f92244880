import { z } from 'zod';
import { alertsSection } from './alerts.ts';
import { bridgeSection } from './bridge.ts';
import { caddySection } from './edge.ts';
import { gatewaySection } from './gateway.ts';
import { hostSection } from './host.ts';
import { policySection } from './policy.ts';
import { pinnedImage } from './rules.ts';

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

const servicesSection = z
  .strictObject({
    bridge: z.boolean().default(true).describe('The REST API; false leaves the gateway alone.'),
    caddy: z
      .boolean()
      .default(true)
      .describe('The edge; false publishes the bridge on 127.0.0.1 of the host, without TLS.'),
  })
  .prefault({})
  .describe('Services on or off. The gateway is switched off by dialect external.');

/** Everything a stack can be told. The keys of Pulumi.<stack>.yaml under `gatehouse:` are these. */
export const CONFIG_SCHEMA = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$/,
      'must be lower-case letters, digits and hyphens between them, 31 at most',
    )
    .default('gatehouse')
    .describe('Name of the stack: its compose project, and the prefix of what is made for it.'),
  host: hostSection,
  gateway: gatewaySection,
  bridge: bridgeSection,
  caddy: caddySection,
  images: imagesSection,
  services: servicesSection,
  alerts: alertsSection,
  policy: policySection,
});

export type Config = z.output<typeof CONFIG_SCHEMA>;

import { written } from '../../stacks.ts';
import type { Mistake } from '../mistake.ts';

/** Of the stack as a whole: its sections, services, names, images, alerts and policies. */
export const stack: readonly Mistake[] = [
  [
    'nothing at all',
    {},
    'host: must be given; got nothing\ngateway: must be given; got nothing\ncaddy: must be given; got nothing',
  ],
  [
    'a section that is no group',
    { ...written('simulated'), host: 5 },
    'host: must be a group of keys; got 5',
  ],
  [
    'an unknown section',
    { ...written('simulated'), brigde: { clientId: 7 } },
    'brigde: is no key; did you mean bridge?; got a group of keys',
  ],
  [
    'an edge without anything behind it',
    written('simulated', { services: { bridge: false } }),
    'services.caddy: must be false when services.bridge is: Caddy serves nothing else; got true',
  ],
  [
    'nothing at all switched on',
    written('external', { services: { bridge: false, caddy: false } }),
    'services.bridge: must be true with dialect external: nothing else would be left; got false',
  ],
  [
    'a service that does not exist',
    written('simulated', { services: { questdb: true } }),
    'services.questdb: is no key; got true',
  ],
  [
    'a secret of an alert channel in the configuration',
    { ...written('simulated'), alerts: { slack: 'https://example.com' } },
    'alerts.slack: is no key; got "https://example.com"',
  ],
  [
    'alerts to a mail address that is none',
    written('gnzsnz', { alerts: { emails: ['ada@example.com', 'ada'] } }),
    'alerts.emails.1: must be an e-mail address; got "ada"',
  ],
  [
    'a channel by its display name',
    written('gnzsnz', { alerts: { channels: ['Pager'] } }),
    'alerts.channels.0: must be a channel of Cloud Monitoring: projects/PROJECT/notificationChannels/NUMBER; got "Pager"',
  ],
  [
    'a rule that does not exist',
    written('gnzsnz', { policy: { allow: { 'free-tier-regoin': 'near me' } } }),
    'policy.allow.free-tier-regoin: is no key; did you mean free-tier-region?; got "near me"',
  ],
  [
    'a rule switched off without a reason',
    written('gnzsnz', { policy: { allow: { 'free-tier-snapshots': 'yes' } } }),
    'policy.allow.free-tier-snapshots: must be the reason, in words; got "yes"',
  ],
  [
    'an image without a tag',
    written('simulated', { images: { caddy: 'caddy' } }),
    'images.caddy: must name a version or digest (name:1.2.3 or name@sha256:...), not a tag that moves; got "caddy"',
  ],
  [
    'a name that ends in a hyphen, which no machine may',
    { ...written('simulated'), name: 'gate-' },
    'name: must be lower-case letters, digits and hyphens between them, 31 at most; got "gate-"',
  ],
  [
    'a name with capitals',
    { ...written('simulated'), name: 'Gate' },
    'name: must be lower-case letters, digits and hyphens between them, 31 at most; got "Gate"',
  ],
];

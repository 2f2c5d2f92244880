import type { Way } from '../way.ts';

const CADDY = 'docker compose -p gatehouse logs --timestamps --tail 100 caddy';
const ADDRESS = 'npx pulumi stack output address --stack prod';

export const edgeWays: readonly Way[] = [
  {
    broken: 'DNS: the name has no address',
    by: { kind: 'edge', edge: 'no-address' },
    state: 'name-unknown',
    action: ADDRESS,
  },
  {
    broken: 'DNS: the name has the address of another machine',
    by: { kind: 'edge', edge: 'other-address' },
    state: 'name-elsewhere',
    action: ADDRESS,
  },
  {
    broken: 'the certificate has expired',
    by: { kind: 'edge', edge: 'expired' },
    state: 'tls-expired',
    action: CADDY,
  },
  {
    broken: 'a wrong API key',
    by: { kind: 'key', key: 'nobody-knows-this-key-0123456789' },
    state: 'key-refused',
    action: 'npx gatehouse --prod-diagnostics --api-key-file FILE',
  },
];

import { describe, expect, it } from 'vitest';
import { configOf } from '../stacks.ts';

describe('a right configuration', () => {
  it('has every default filled in', () => {
    expect(configOf('gnzsnz')).toMatchObject({
      name: 'gatehouse',
      host: { zone: 'us-west1-b', machineType: 'e2-micro', secretsDir: '/run/gatehouse/secrets' },
      gateway: { tradingMode: 'paper', readOnly: false, heapMb: 256, twoFactor: { onTimeout: 'wait' } },
      bridge: { clientId: 100, memoryMb: 160 },
      caddy: { httpPort: 80, httpsPort: 443, maxBodyKb: 256 },
    });
  });

  it('may have both trading modes on 2 GB', () => {
    const changes = {
      host: { machineType: 'e2-small' },
      gateway: { tradingMode: 'both', memoryMb: 1024 },
      bridge: { tradingMode: 'live' },
    };
    expect(configOf('gnzsnz', changes).gateway.tradingMode).toBe('both');
  });

  it('may leave the gateway alone, with its API on loopback', () => {
    const off = { services: { bridge: false, caddy: false }, gateway: { apiPort: 4001 } };
    expect(configOf('gnzsnz', off).services).toEqual({ bridge: false, caddy: false });
  });

  it('may leave the free tier, with a reason', () => {
    const changes = {
      host: { zone: 'europe-west6-a', dataDiskGb: 40 },
      policy: {
        allow: { 'free-tier-region': 'near the exchange', 'free-tier-disks': 'a year of logs' },
      },
    };
    expect(configOf('gnzsnz', changes).host).toMatchObject({ zone: 'europe-west6-a' });
  });

  it.each(['node:24.1.0', 'localhost:5000/node:24', `node@sha256:${'a'.repeat(64)}`])(
    'takes %s as an image',
    (node) => {
      expect(configOf('simulated', { images: { node } }).images.node).toBe(node);
    },
  );
});

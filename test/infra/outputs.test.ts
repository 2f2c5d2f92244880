import { output } from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

/** What `pulumi stack output` would print. */
async function outputsOf(changes: Parameters<typeof gcpConfig>[0] = {}): Promise<Record<string, unknown>> {
  const { outputs } = await madeOf(gcpConfig(changes));
  const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
  output(outputs).apply((values) => resolve(values as Record<string, unknown>));
  return promise;
}

describe('the outputs of a host', () => {
  test('say where it is, how to get there, what runs and what it costs', async () => {
    const { monthlyCost, ...rest } = await outputsOf({ alerts: { emails: ['ada@example.com'] } });
    const ssh = 'gcloud compute ssh gate --project=acme-trading --zone=us-central1-c --tunnel-through-iap';
    expect(rest).toEqual({
      url: 'https://gate.example.com',
      address: '203.0.113.7',
      ssh,
      tunnel: `${ssh} -- -N -L 8443:127.0.0.1:443`,
      release: 'r-0123456789abcdef',
      bucket: 'acme-trading-gate',
      alertsTo: 'ada@example.com',
    });
    expect((monthlyCost as string[]).at(-1)).toBe('together: $0 to $3.65 a month');
  });

  test('the tunnel carries what the host has on loopback', async () => {
    const { tunnel } = await outputsOf({ gateway: { apiPort: 4001, vncPort: 5900 } });
    expect(tunnel).toMatch(/ -- -N -L 4001:127\.0\.0\.1:4001 -L 5900:127\.0\.0\.1:5900$/);
  });

  test('the address stands in for a domain', async () => {
    const caddy = { tls: 'internal', domain: undefined, httpsPort: 8443 };
    expect(await outputsOf({ caddy })).toMatchObject({
      url: 'https://203.0.113.7:8443',
      alertsTo: 'nobody: give gatehouse:alerts an address',
    });
  });

  test('without an edge there is no URL', async () => {
    expect(await outputsOf({ services: { caddy: false } })).toMatchObject({
      url: 'none: services.caddy is false, see tunnel',
    });
  });
});

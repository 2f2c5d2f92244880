import { output } from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { otherAddress } from '../../infra/gcp/other-address.ts';
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
    expect((monthlyCost as string[]).at(-1)).toBe('together: $0 to $4.04 a month');
  });

  test('the tunnel carries what the host has on loopback', async () => {
    const { tunnel } = await outputsOf({ gateway: { apiPort: 4001, vncPort: 5900 } });
    expect(tunnel).toMatch(
      / -- -N -L 8443:127\.0\.0\.1:443 -L 4001:127\.0\.0\.1:4001 -L 5900:127\.0\.0\.1:5900$/,
    );
  });

  test('the address stands in for a domain', async () => {
    const caddy = { tls: 'address', domain: undefined, address: '203.0.113.7', httpsPort: 8443 };
    expect(await outputsOf({ caddy })).toMatchObject({
      url: 'https://203.0.113.7:8443',
      alertsTo: 'nobody: give gatehouse:alerts an address',
    });
  });

  test('a name that the world does not resolve is reached by the tunnel', async () => {
    const internal = { tls: 'internal', domain: undefined };
    expect(await outputsOf({ caddy: internal })).toMatchObject({ url: 'https://localhost:8443, by tunnel' });
    const caddy = { ...internal, names: ['gate.lan'] };
    expect(await outputsOf({ caddy })).toMatchObject({ url: 'https://gate.lan' });
  });

  test('without an edge there is no URL', async () => {
    expect(await outputsOf({ services: { caddy: false } })).toMatchObject({
      url: 'none: services.caddy is false, see tunnel',
    });
  });
});

test('an address in the configuration that is not the machine’s is told', () => {
  const config = gcpConfig({ caddy: { tls: 'address', domain: undefined, address: '203.0.113.7' } });
  expect(otherAddress(config, '203.0.113.7')).toBeUndefined();
  expect(otherAddress(config, '203.0.113.8')).toMatch(
    /^caddy\.address is 203\.0\.113\.7, and the address of the machine is 203\.0\.113\.8: .* run pulumi up again\.$/,
  );
  expect(otherAddress(gcpConfig(), '203.0.113.8')).toBeUndefined();
});

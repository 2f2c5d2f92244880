import { beforeAll, describe, expect, test } from 'vitest';
import type { Made } from '../support/pulumi/mocks.ts';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

const PLAIN = gcpConfig({ caddy: { httpsPort: 8443 } });

describe('that a host is up', () => {
  let stack: Made;
  beforeAll(async () => {
    stack = await madeOf(PLAIN);
  });

  test('the uptime check asks for /ping every ten minutes, from three places', () => {
    expect(stack.one('gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig')).toEqual({
      displayName: 'Gatehouse gate: /ping',
      period: '600s',
      timeout: '10s',
      selectedRegions: ['USA_OREGON', 'USA_IOWA', 'USA_VIRGINIA'],
      httpCheck: { path: '/ping', port: 8443, useSsl: true, validateSsl: true },
      monitoredResource: {
        type: 'uptime_url',
        labels: { project_id: 'acme-trading', host: 'gate.example.com' },
      },
    });
  });

  test('the alert follows that check, and two places must miss it', () => {
    const policy = stack.one('gcp:monitoring/alertPolicy:AlertPolicy');
    expect(policy).toMatchObject({
      combiner: 'OR',
      notificationChannels: [],
      documentation: { content: expect.stringContaining('`npx gatehouse --prod-diagnostics`') },
    });
    const [condition] = policy.conditions as { conditionThreshold: Record<string, unknown> }[];
    expect(condition?.conditionThreshold).toMatchObject({
      filter:
        'metric.type="monitoring.googleapis.com/uptime_check/check_passed" AND metric.label.check_id="gate-check" AND resource.type="uptime_url"',
      comparison: 'COMPARISON_GT',
      thresholdValue: 1,
    });
  });
});

describe('what the uptime check asks', () => {
  const asked = async (changes: Parameters<typeof gcpConfig>[0]) =>
    (await madeOf(gcpConfig(changes))).all.find(({ type }) => type.endsWith(':UptimeCheckConfig'))?.inputs;

  test.each([[{ tls: 'internal' }], [{ tls: 'address', address: '203.0.113.7' }]])(
    'the bare address under %j, whose certificate it does not judge',
    async (caddy) => {
      const inputs = await asked({ caddy: { domain: undefined, ...caddy } });
      expect(inputs).toMatchObject({
        httpCheck: { path: '/ping', validateSsl: false },
        monitoredResource: { labels: { host: '203.0.113.7' } },
      });
      // Caddy answers /ping under any name then: whether a check may name another host is not documented.
      expect(inputs?.httpCheck).not.toHaveProperty('headers');
    },
  );

  test('nothing, where the world reaches nothing', async () => {
    expect(await asked({ caddy: { bind: '127.0.0.1' } })).toBeUndefined();
    expect(await asked({ services: { caddy: false } })).toBeUndefined();
  });
});

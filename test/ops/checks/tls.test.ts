import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import type { Edge } from '../../../ops/checks/edge.ts';
import { judge, type ShownCertificate, tlsCheck } from '../../../ops/checks/tls.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '../certificate.ts';
import { ACTIONS, listening } from '../helpers.ts';

const edge = (port: number, publicAuthority: boolean, host = 'localhost'): Edge => ({
  url: new URL(`https://${host}:${port}`),
  publicAuthority,
  timeoutMs: 10_000,
});

describe('judging a certificate of 90 days', () => {
  const shown: ShownCertificate = {
    from: new Date('2027-01-01T00:00:00Z'),
    to: new Date('2027-04-01T00:00:00Z'),
    issuer: 'E5',
  };
  const on = (day: string, more: Partial<ShownCertificate> = {}, publicAuthority = true) => {
    const outcome = judge(
      { ...shown, ...more },
      edge(443, publicAuthority),
      ACTIONS,
      new Date(`${day}T12:00:00Z`),
    );
    return 'finding' in outcome
      ? `${outcome.kind} ${outcome.finding.code}: ${outcome.summary}`
      : outcome.summary;
  };

  test('in date', () => expect(on('2027-02-01')).toBe('58 days left, by E5'));
  test('renewed too late', () =>
    expect(on('2027-03-20')).toBe('beneath tls-renewal-late: 11 days left, by E5'));
  test('expired', () => expect(on('2027-04-04')).toBe('failed tls-expired: expired 3 days ago, by E5'));
  test('expired comes before untrusted', () =>
    expect(on('2027-04-04', { problem: 'CERT_HAS_EXPIRED' })).toContain('tls-expired'));
  test('for another name', () =>
    expect(on('2027-02-01', { problem: 'ERR_TLS_CERT_ALTNAME_INVALID' })).toBe(
      'failed tls-untrusted: ERR_TLS_CERT_ALTNAME_INVALID, by E5',
    ));
  test('an unknown authority is no fault where Caddy has its own', () => {
    const problem = 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
    expect(on('2027-02-01', { problem })).toContain('failed tls-untrusted');
    expect(on('2027-02-01', { problem }, false)).toBe('58 days left, by E5');
  });
});

describe('over a socket', () => {
  const serve = () => listening(createTlsServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }));
  const now = () => new Date('2030-01-01T00:00:00Z');

  test('a certificate nobody knows', async () => {
    const outcome = await tlsCheck(edge(await serve(), true, '127.0.0.1'), ACTIONS, now).run();
    expect(outcome).toMatchObject({
      kind: 'failed',
      summary: 'DEPTH_ZERO_SELF_SIGNED_CERT, by gatehouse test',
    });
  });

  test('the same by an authority of its own', async () => {
    const outcome = await tlsCheck(edge(await serve(), false, '127.0.0.1'), ACTIONS, now).run();
    expect(outcome).toMatchObject({
      kind: 'passed',
      summary: expect.stringMatching(/^\d{5} days left, by gatehouse/),
    });
  });

  test('a port that speaks something else', async () => {
    const port = await listening(createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')));
    const outcome = await tlsCheck(edge(port, true, '127.0.0.1'), ACTIONS, now).run();
    expect(outcome).toMatchObject({
      kind: 'failed',
      finding: { code: 'tls-failed', action: 'do logs caddy' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { caddyfile } from '../../compose/caddy/caddyfile.ts';
import { configOf } from './stacks.ts';

/** The file for a caddy: section; what is not given is as in the smallest stack. */
const of = (caddy: Record<string, unknown>) => {
  const { caddy: config } = configOf('simulated', { caddy });
  return caddyfile(config);
};

describe('the Caddyfile, whole', () => {
  it.each([
    ['internal', of({})],
    ['internal-ports', of({ names: ['localhost', 'gateway.lan'], httpPort: 8088, httpsPort: 8443 })],
    ['domain', of({ tls: 'domain', domain: 'gateway.example.com', email: 'me@example.com' })],
    ['address', of({ tls: 'address', address: '203.0.113.7' })],
    ['sslip', of({ tls: 'address', address: '203.0.113.7', sslip: true })],
    ['allow', of({ allow: ['203.0.113.0/24', '2001:db8::7'] })],
  ])('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${name}.Caddyfile`);
  });
});

describe('the Caddyfile', () => {
  it('writes an IPv6 address as a URL has it', () => {
    expect(of({ tls: 'address', address: '2001:db8::7' })).toContain('\nhttps://[2001:db8::7] {\n');
  });

  it.each([
    [
      { tls: 'domain', domain: 'gateway.example.com' },
      ['header Strict-Transport-Security "max-age=31536000"'],
    ],
    [{ names: ['gateway.lan'] }, ['header Strict-Transport-Security "max-age=31536000"']],
    [
      { names: ['localhost', 'gateway.lan'] },
      ['@named not host localhost', 'header @named Strict-Transport-Security "max-age=31536000"'],
    ],
    [{ names: ['localhost'] }, []],
  ])('of %j holds browsers to HTTPS, on localhost never', (caddy, lines) => {
    const found = of(caddy).match(/^\t(@named|header.*Strict).*$/gm) ?? [];
    expect(found.map((line) => line.trim())).toEqual(lines);
  });

  it('keeps API keys out of the log, where Caddy writes the headers of what went wrong', () => {
    expect(of({})).toMatch(/\tlog \{\n\t\tformat filter \{\n\t\t\trequest>headers>X-Api-Key delete\n/);
  });

  it('lets a stream last: no write timeout of the server', () => {
    expect(of({}).match(/timeouts \{[^}]*\}/)?.[0]).not.toContain('write');
  });

  it('names the bodies it lets through', () => {
    expect(of({ maxBodyKb: 64 })).toContain('max_size 64KB');
  });
});

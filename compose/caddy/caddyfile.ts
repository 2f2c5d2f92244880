import type { CaddyConfig } from '../config/edge.ts';
import { PATHS, PORTS } from '../spec.ts';

/**
 * How long a bridge that is being replaced is waited for: nothing was sent to it yet, so nothing is lost. This and
 * the bridge's answer (30 s at most, response_header_timeout) must fit the write timeout of the server (60 s).
 */
const BRIDGE_SWAP = '20s';

/**
 * The Caddyfile of a stack. Needs Caddy 2.10.1 or later (issuer profiles, for certificates by address); the
 * directives are those of https://caddyserver.com/docs/caddyfile.
 */
export function caddyfile(config: CaddyConfig): string {
  const options = [...header(), ...globalOptions(config)];
  const parts = [options, site(config), ...redirect(config), healthSite()];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function header(): string[] {
  return [
    '# Made by `npm run release` from the caddy: section of the stack file. Read-only: to change it, change the',
    '# section and release again. An edit here breaks the hash of the release.',
  ];
}

function globalOptions(config: CaddyConfig): string[] {
  return block('', [
    `admin unix/${PATHS.caddyAdmin}/admin.sock|0600`,
    'persist_config off',
    ...(config.httpsPort === PORTS.https ? [] : ['auto_https disable_redirects']),
    ...identity(config),
    ...block('servers', [
      // No QUIC: 443/udp is not published, and offering it would cost clients a failed attempt.
      'protocols h1 h2',
      ...block('timeouts', ['read_header 5s', 'read_body 15s', 'write 60s', 'idle 2m']),
      'max_header_size 16KB',
    ]),
  ]);
}

/** Clients that connect to an address send no server name: default_sni says which certificate they get. */
function identity(config: CaddyConfig): string[] {
  if (config.tls === 'internal') return [`default_sni ${config.names[0]}`, 'skip_install_trust'];
  const email = config.email === undefined ? [] : [`email ${config.email}`];
  return config.tls === 'address' ? [...email, `default_sni ${config.address}`] : email;
}

function site(config: CaddyConfig): string[] {
  return block(siteAddresses(config).join(', '), [
    ...certificate(config),
    ...strictTransport(config),
    'header -Server',
    ...block('request_body', [`max_size ${config.maxBodyKb}KB`]),
    '@closed path /metrics /metrics/*',
    'respond @closed 404',
    ...proxy(),
  ]);
}

function siteAddresses(config: CaddyConfig): string[] {
  if (config.tls === 'internal') return [...config.names];
  if (config.tls === 'domain') return [config.domain];
  return [config.address.includes(':') ? `https://[${config.address}]` : `https://${config.address}`];
}

function certificate(config: CaddyConfig): string[] {
  if (config.tls === 'internal') return ['tls internal'];
  if (config.tls === 'domain') return [];
  // Let's Encrypt issues for addresses under this profile only.
  return block('tls', block('issuer acme', ['profile shortlived']));
}

/** Never for localhost: a browser would hold every other page on any port of localhost to HTTPS too. */
function strictTransport(config: CaddyConfig): string[] {
  const header = 'Strict-Transport-Security "max-age=31536000"';
  if (config.tls !== 'internal' || !config.names.includes('localhost')) return [`header ${header}`];
  const others = config.names.some((name) => name !== 'localhost');
  return others ? ['@named not host localhost', `header @named ${header}`] : [];
}

function proxy(): string[] {
  return block(`reverse_proxy bridge:${PORTS.bridge}`, [
    `lb_try_duration ${BRIDGE_SWAP}`,
    'lb_try_interval 250ms',
    // A failed dial is always tried again. After it the bridge may have the request: matching no method at all
    // keeps Caddy from sending a GET twice, which is its default.
    ...block('lb_retry_match', ['method NONE']),
    ...block('transport http', [
      // Go sends a request again by itself when a reused connection breaks, an order with an Idempotency-Key too.
      'keepalive off',
      'dial_timeout 2s',
      'response_header_timeout 30s',
      'read_timeout 30s',
      'write_timeout 15s',
    ]),
  ]);
}

/** Caddy's own redirects name port 443 whatever was published, so another port needs one that says so. */
function redirect({ httpsPort }: CaddyConfig): string[][] {
  if (httpsPort === PORTS.https) return [];
  return [block('http://', [`redir https://{host}:${httpsPort}{uri} 308`])];
}

function healthSite(): string[] {
  return block(`http://:${PORTS.caddyHealth}`, ['bind 127.0.0.1', 'respond /health 200']);
}

/** A block of directives, indented by tabs as `caddy fmt` does. */
function block(name: string, lines: readonly string[]): string[] {
  const open = name === '' ? '{' : `${name} {`;
  return [open, ...lines.map((line) => `\t${line}`), '}'];
}

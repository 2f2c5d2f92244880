import { type CaddyConfig, sslipName } from '../config/edge.ts';
import { PATHS, PORTS } from '../spec.ts';

/** How long a bridge that is being replaced is waited for: nothing was sent to it yet, so nothing is lost. */
const BRIDGE_SWAP = '20s';

/**
 * The Caddyfile of a stack. Needs Caddy 2.10.1 or later (issuer profiles, for certificates by address); the
 * directives are those of https://caddyserver.com/docs/caddyfile.
 */
export function caddyfile(config: CaddyConfig): string {
  const options = [...header(), ...globalOptions(config)];
  const parts = [options, site(config), ...strangers(config), healthSite()];
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
    // Whatever goes wrong with a request (the bridge is away, a listener leaves a stream) is logged with its headers.
    ...block('log', block('format filter', ['request>headers>X-Api-Key delete'])),
    ...(config.httpsPort === PORTS.https ? [] : ['auto_https disable_redirects']),
    ...identity(config),
    ...block('servers', [
      // No QUIC: 443/udp is not published, and offering it would cost clients a failed attempt.
      'protocols h1 h2',
      // No write timeout: Go counts it from the request on, and would cut every /stream after so many seconds.
      ...block('timeouts', ['read_header 5s', 'read_body 15s', 'idle 2m']),
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
    ...allowed(config),
    ...proxy(),
  ]);
}

/** The names and addresses that are served; a request for any other is refused. */
function hosts(config: CaddyConfig): string[] {
  if (config.tls === 'internal') return [...config.names];
  if (config.tls === 'domain') return [config.domain];
  const fallback = config.sslip ? sslipName(config.address) : undefined;
  const address = config.address.includes(':') ? `[${config.address}]` : config.address;
  return [address, ...(fallback === undefined ? [] : [fallback])];
}

function siteAddresses(config: CaddyConfig): string[] {
  return config.tls === 'address' ? hosts(config).map((host) => `https://${host}`) : hosts(config);
}

function certificate(config: CaddyConfig): string[] {
  if (config.tls === 'internal') return ['tls internal'];
  if (config.tls === 'domain') return [];
  // Let's Encrypt issues for addresses under this profile only; for a name it does as well.
  return block('tls', block('issuer acme', ['profile shortlived']));
}

/** Never for localhost: a browser would hold every other page on any port of localhost to HTTPS too. */
function strictTransport(config: CaddyConfig): string[] {
  const header = 'Strict-Transport-Security "max-age=31536000"';
  if (config.tls !== 'internal' || !config.names.includes('localhost')) return [`header ${header}`];
  const others = config.names.some((name) => name !== 'localhost');
  return others ? ['@named not host localhost', `header @named ${header}`] : [];
}

/** By the address of the connection, never by a header. An uptime check comes from anywhere, so /ping is open. */
function allowed({ allow }: CaddyConfig): string[] {
  if (allow.length === 0) return [];
  const matcher = block('@outside', ['not path /ping', `not remote_ip ${allow.join(' ')}`]);
  return [...matcher, 'respond @outside 403'];
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
      // Between two reads, and not for all of them: the bridge's streams say something every 15 s at least.
      'read_timeout 30s',
      'write_timeout 15s',
    ]),
  ]);
}

/** Caddy answers a host it does not serve with an empty 200, which a check takes for health. */
function strangers(config: CaddyConfig): string[][] {
  return [
    block(`:${PORTS.https}`, ['header -Server', ...refusal(config)]),
    block(`:${PORTS.http}`, [...redirect(config), 'header -Server', `respond ${REFUSED}`]),
  ];
}

const REFUSED = '"this host name is not served here" 421';

/**
 * A certificate of Caddy's own is for names that the world does not resolve, so an uptime check asks for the address:
 * /ping alone is answered under any name.
 */
function refusal(config: CaddyConfig): string[] {
  if (config.tls !== 'internal') return [`respond ${REFUSED}`];
  return ['@others not path /ping', `respond @others ${REFUSED}`, ...proxy()];
}

/** Caddy's own redirects name port 443 whatever was published, so another port needs one that says so. */
function redirect(config: CaddyConfig): string[] {
  if (config.httpsPort === PORTS.https) return [];
  const own = `@own host ${hosts(config).join(' ')}`;
  return [own, `redir @own https://{host}:${config.httpsPort}{uri} 308`];
}

function healthSite(): string[] {
  return block(`http://:${PORTS.caddyHealth}`, ['bind 127.0.0.1', 'respond /health 200']);
}

/** A block of directives, indented by tabs as `caddy fmt` does. */
function block(name: string, lines: readonly string[]): string[] {
  const open = name === '' ? '{' : `${name} {`;
  return [open, ...lines.map((line) => `\t${line}`), '}'];
}

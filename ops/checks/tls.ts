import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import type { Actions, Check, Outcome } from './check.ts';
import { type Edge, hostOf, portOf } from './edge.ts';
import { finding } from './findings.ts';

const DAY_MS = 86_400_000;

/** Caddy renews when a third of a certificate's life is left: below a sixth it has failed to for a while. */
const LATE_SHARE = 1 / 6;

/** What a server shows of itself. */
export interface ShownCertificate {
  readonly from: Date;
  readonly to: Date;
  readonly issuer: string;
  /** Why it must not be trusted, in OpenSSL's or Node's own code. */
  readonly problem?: string;
}

/** The stack shows a certificate for its name that is trusted, in date, and renewed in time. */
export function tlsCheck(edge: Edge, actions: Actions, now: () => Date): Check {
  const [host, port] = [hostOf(edge), portOf(edge)];
  return {
    name: 'tls',
    title: 'TLS',
    plan: () => [`TLS handshake with ${host} port ${port} (${edge.timeoutMs / 1000} s)`],
    run: async () => {
      try {
        return judge(await shownBy(edge), edge, actions, now());
      } catch (error) {
        const found = finding('tls-failed', actions.logs('caddy'));
        return {
          kind: 'failed',
          summary: `no TLS on port ${port}: ${(error as Error).message}`,
          finding: found,
        };
      }
    },
  };
}

/** Decides on a certificate: dates first, since an expired one is also untrusted. */
export function judge(shown: ShownCertificate, edge: Edge, actions: Actions, now: Date): Outcome {
  const left = shown.to.getTime() - now.getTime();
  const summary = `${days(left)}, by ${shown.issuer}`;
  const evidence = [`valid from ${shown.from.toISOString()} to ${shown.to.toISOString()}`];
  const found = (code: 'tls-expired' | 'tls-untrusted' | 'tls-renewal-late') => ({
    summary: shown.problem && code === 'tls-untrusted' ? `${shown.problem}, by ${shown.issuer}` : summary,
    evidence,
    finding: finding(code, actions.logs('caddy')),
  });
  if (left <= 0) return { kind: 'failed', ...found('tls-expired') };
  if (!trusted(shown, edge)) return { kind: 'failed', ...found('tls-untrusted') };
  const life = shown.to.getTime() - shown.from.getTime();
  if (left < life * LATE_SHARE) return { kind: 'beneath', ...found('tls-renewal-late') };
  return { kind: 'passed', summary, evidence };
}

/** By an authority of its own the chain is unknown here; the name must be right all the same. */
const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

function trusted({ problem }: ShownCertificate, { publicAuthority }: Edge): boolean {
  return problem === undefined || (!publicAuthority && UNKNOWN_AUTHORITY.has(problem));
}

function days(leftMs: number): string {
  const count = Math.floor(Math.abs(leftMs) / DAY_MS);
  return leftMs > 0 ? `${count} days left` : `expired ${count} days ago`;
}

/** Takes any certificate, to be able to say what is wrong with it. Throws what the socket threw. */
export async function shownBy(edge: Edge): Promise<ShownCertificate> {
  const host = hostOf(edge);
  const servername = edge.name ?? (isIP(host) ? undefined : host);
  const name = servername === undefined ? {} : { servername };
  const socket = connect({ host, port: portOf(edge), ...name, rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(edge.timeoutMs) });
    return shownIn(socket.getPeerCertificate(), socket.authorized ? undefined : socket.authorizationError);
  } finally {
    socket.destroy();
  }
}

/** Node types the error as Error and gives its code as text. */
function shownIn(certificate: PeerCertificate, problem: unknown): ShownCertificate {
  const { valid_from, valid_to, issuer } = certificate;
  const authority = [issuer.CN, issuer.O].flat().find((name) => name !== undefined && name !== '');
  return {
    from: new Date(valid_from),
    to: new Date(valid_to),
    issuer: authority ?? 'an authority without a name',
    ...(problem === undefined || problem === null ? {} : { problem: String(problem) }),
  };
}

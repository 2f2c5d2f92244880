import { isIP } from 'node:net';
import { isLoopback } from '../compose/config/edge.ts';
import type { Edge } from './checks/edge.ts';
import { stackOutput } from './commands/pulumi.ts';
import type { SshTarget } from './commands/ssh.ts';
import { hostNameIn, sshSettings } from './commands/ssh-config.ts';
import type { Target } from './target.ts';
import type { VerbContext } from './verb.ts';

/** Milliseconds each check of the edge may take. */
const EDGE_TIMEOUT_MS = 10_000;

/** Stands for what Pulumi would say, in a dry run. */
const ADDRESS = 'stack-address';

/**
 * Where a stack is reached from outside: by --url, by its file, by the host of --ssh where the file says localhost, or
 * by asking Pulumi for the address it made. A dry run prints a question instead of asking it. Throws what asking
 * Pulumi threw.
 */
export async function edgeOfTarget(target: Target, context: VerbContext): Promise<Edge> {
  const { publicAuthority } = target;
  const given = context.options.url as URL | undefined;
  const url = given ?? (await byHost(target, context)) ?? target.url ?? (await askPulumi(target, context));
  return { url, publicAuthority, timeoutMs: EDGE_TIMEOUT_MS, ...nameFor(target, url, given) };
}

/** The same; undefined for a stack without Caddy, which nothing reaches from outside unless --url says where. */
export async function publishedEdge(target: Target, context: VerbContext): Promise<Edge | undefined> {
  if (!target.services.includes('caddy') && context.options.url === undefined) return undefined;
  return edgeOfTarget(target, context);
}

/** A machine of one's own that serves localhost is seen from here by the name ssh connects to. */
async function byHost({ config, url }: Target, context: VerbContext): Promise<URL | undefined> {
  const { caddy, host } = config;
  const ssh = context.options.ssh as SshTarget | undefined;
  if (ssh === undefined || host.kind !== 'local' || isLoopback(caddy.bind)) return undefined;
  if (url?.hostname !== 'localhost') return undefined;
  const name = await hostNameOf(ssh, context);
  return new URL(`https://${isIP(name) === 6 ? `[${name}]` : name}:${caddy.httpsPort}`);
}

async function hostNameOf({ host }: SshTarget, { local, options }: VerbContext): Promise<string> {
  if (options.dryRun) return host;
  const settings = await local.run(sshSettings(host)).catch(() => undefined);
  return hostNameIn(settings?.stdout ?? '') ?? host;
}

async function askPulumi({ stack, config }: Target, { local, options, out }: VerbContext): Promise<URL> {
  const question = stackOutput(stack, 'address');
  const at = (address: string) => new URL(`https://${address}:${config.caddy.httpsPort}`);
  if (options.dryRun) {
    out.line(`${local.line(question)}  # ${ADDRESS} below`);
    return at(ADDRESS);
  }
  const { stdout } = await local.run(question);
  return at(stdout.trim());
}

/**
 * A certificate of Caddy's own is for names that the world does not resolve: the machine is asked by where it is, under
 * a name it serves. A name that was given is asked for as it is.
 */
function nameFor(
  { config: { caddy } }: Target,
  { hostname }: URL,
  given: URL | undefined,
): Pick<Edge, 'name'> {
  if (caddy.tls !== 'internal' || caddy.names.includes(hostname)) return {};
  const isName = isIP(hostname.replace(/^\[|\]$/g, '')) === 0;
  const [name] = caddy.names;
  return name === undefined || (given !== undefined && isName) ? {} : { name };
}

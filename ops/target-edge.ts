import { isIP } from 'node:net';
import type { Edge } from './checks/edge.ts';
import { stackOutput } from './commands/pulumi.ts';
import type { Target } from './target.ts';
import type { VerbContext } from './verb.ts';

/** Milliseconds each check of the edge may take. */
const EDGE_TIMEOUT_MS = 10_000;

/** Stands for what Pulumi would say, in a dry run. */
const ADDRESS = 'stack-address';

/**
 * Where a stack is reached from outside: by --url, by its file, or by asking Pulumi for the address it made. A dry
 * run prints that question instead of asking it. Throws what asking Pulumi threw.
 */
export async function edgeOfTarget(target: Target, context: VerbContext): Promise<Edge> {
  const { publicAuthority } = target;
  const url = (context.options.url as URL | undefined) ?? target.url ?? (await askPulumi(target, context));
  return { url, publicAuthority, timeoutMs: EDGE_TIMEOUT_MS, ...nameFor(target, url) };
}

/** The same; undefined for a stack without Caddy, which nothing reaches from outside unless --url says where. */
export async function publishedEdge(target: Target, context: VerbContext): Promise<Edge | undefined> {
  if (!target.services.includes('caddy') && context.options.url === undefined) return undefined;
  return edgeOfTarget(target, context);
}

/** A certificate of Caddy's own is for names that the world does not resolve: the machine is asked by its address. */
function nameFor({ config: { caddy } }: Target, { hostname }: URL): Pick<Edge, 'name'> {
  const [name] = caddy.tls === 'internal' ? caddy.names : [];
  const isAddress = hostname === ADDRESS || isIP(hostname.replace(/^\[|\]$/g, '')) > 0;
  return name !== undefined && isAddress ? { name } : {};
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

import type { Edge } from '../checks/edge.ts';
import { systemClock } from '../clock.ts';
import { dockerContainers } from '../commands/docker.ts';
import { currentManifest, siteFacts } from '../commands/host-site.ts';
import { df, free, uptime } from '../commands/system.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import { appointmentRows } from '../status/of-config.ts';
import { certificateRow, sessionRows } from '../status/of-edge.ts';
import { diskRow, hostRow, memoryRow } from '../status/of-machine.ts';
import { containerRows, siteRows } from '../status/of-site.ts';
import { foundOut, type Row } from '../status/row.ts';
import { printScreen } from '../status/screen.ts';
import { edgeOfTarget, publishedEdge } from '../target-edge.ts';
import type { VerbContext } from '../verb.ts';

/** One screen of how a stack is. Returns 1 when something on it is not as it should be. */
export async function status(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    if (context.options.dryRun) return dryLines(place, context);
    const now = (context.clock ?? systemClock).now();
    return printScreen(await rowsOf(place, context, now), context, now);
  });
}

async function rowsOf(place: Place, context: VerbContext, now: Date): Promise<Row[]> {
  const edge = once(() => edgeOfTarget(place.target, context));
  const published = place.target.services.includes('caddy') || context.options.url !== undefined;
  const rows = await foundOut([
    ['host', 'host', () => hostRow(place)],
    ['release', 'release', () => siteRows(place, now)],
    ['containers', 'containers', () => containerRows(place)],
    ...(published ? [['session', 'session', () => sessionRows(edge, now)] as const] : []),
    ['memory', 'memory', () => memoryRow(place)],
    ['disk', 'disk', () => diskRow(place)],
    ...(published ? [['certificate', 'certificate', () => certificateRow(edge, now)] as const] : []),
  ]);
  return [...rows, ...appointmentRows(place.target.config.gateway, now)];
}

/** Pulumi is asked for the address once. */
function once(ask: () => Promise<Edge>): () => Promise<Edge> {
  let asked: Promise<Edge> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}

async function dryLines({ site: { host, folder }, target }: Place, context: VerbContext): Promise<number> {
  const { out } = context;
  const commands = [
    uptime(),
    siteFacts(folder),
    dockerContainers(target.project),
    currentManifest(folder),
    free(),
    df('/', folder),
  ];
  for (const command of commands) out.line(host.line(command));
  const edge = await publishedEdge(target, context);
  if (edge) out.line(`GET ${new URL('/health?connect=false', edge.url)}`);
  return 0;
}

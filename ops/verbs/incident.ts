import { resolve } from 'node:path';
import { stampOf } from '../backup/stamp.ts';
import { containers } from '../checks/containers.ts';
import { diagnose } from '../checks/diagnose.ts';
import { insideChecks } from '../checks/inside.ts';
import { outsideChecks } from '../checks/outside.ts';
import { systemClock } from '../clock.ts';
import { composePs } from '../commands/compose.ts';
import { bundle } from '../incident/bundle.ts';
import { collect, partsOf } from '../incident/collect.ts';
import { hostParts } from '../incident/host-parts.ts';
import type { Part } from '../incident/part.ts';
import { writeNewFile } from '../new-file.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import { deployedActions } from '../target.ts';
import { publishedEdge } from '../target-edge.ts';
import type { VerbContext } from '../verb.ts';

/** Gathers what tells of an incident into one redacted tar.gz here. What cannot be had is noted in its index. */
export async function incident(context: VerbContext): Promise<number> {
  return atPlace(context, async (place) => {
    const { options, out, stack, clock = systemClock } = context;
    const parts = await allParts(place, context);
    if (options.dryRun) {
      for (const { from } of parts) out.line(from);
      return 0;
    }
    const at = clock.now();
    const name = `gatehouse-incident-${stack}-${stampOf(at)}`;
    const collected = await collect(parts, (file) => out.progress(`- ${file}`));
    const file = resolve(String(options.out ?? `${name}.tar.gz`));
    const bytes = await bundle(name, at, collected);
    await writeNewFile(file, bytes);
    const missing = collected.filter((part) => part.bytes.length === 0).map((part) => part.file);
    if (options.json) out.line(JSON.stringify({ stack, file, bytes: bytes.length, missing }));
    else out.line(`${file}: ${collected.length - missing.length} parts, ${bytes.length} bytes, redacted`);
    if (missing.length > 0 && !options.json)
      out.line(`not to be had (its index.txt says why): ${missing.join(', ')}`);
    return 0;
  });
}

async function allParts({ site, target }: Place, context: VerbContext): Promise<Part[]> {
  const { host, folder } = site;
  const names = context.options.dryRun
    ? target.services.map((name) => `${target.project}-${name}-1`)
    : await there(site, target);
  const states: Part = {
    file: 'diagnosis.json',
    from: `npx gatehouse --${context.stack}-diagnostics --json`,
    make: async () => `${JSON.stringify(await diagnosis({ site, target }, context), undefined, 1)}\n`,
  };
  return [states, ...partsOf(host, hostParts(target, folder, names))];
}

/** The containers of the stack; none where they cannot be asked for. */
async function there({ host }: Place['site'], { project }: Place['target']): Promise<string[]> {
  try {
    return containers((await host.run(composePs(project))).stdout).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Without an API key: what a key sees is the account. */
async function diagnosis({ site, target }: Place, context: VerbContext) {
  const actions = deployedActions(target, site.host, context);
  const edge = await publishedEdge(target, context);
  const checks = [
    ...(edge ? outsideChecks({ edge, actions, apiKey: undefined, connectOnce: false }) : []),
    ...(await insideChecks({ target, actions, host: site.host, context })),
  ];
  return diagnose(checks, { stack: context.stack, now: () => (context.clock ?? systemClock).now() });
}

import type { ServicePlan } from '../../compose/plan.ts';
import { commandLine } from '../commands/command.ts';
import { composeUp } from '../commands/compose.ts';
import { dockerBuild, dockerPull, dockerRemove, dockerStop } from '../commands/docker.ts';
import { type ApplyOrder, hostApply } from '../commands/host-apply.ts';
import { folderThere } from '../commands/host-release.ts';
import { holderOf } from '../runbook/holder.ts';
import type { Run } from './deploy.ts';
import { locked, takingOf } from './lock.ts';
import { SYNC_LOCK_SECONDS } from './perform.ts';
import { rehearsal } from './rehearsal.ts';
import { releaseFolder } from './site.ts';
import { syncRelease } from './sync.ts';

/**
 * Prints the commands of a run, and runs only those that read. The host's own part is asked of the release's apply
 * where the release is there already; else it is told from the plan. Returns 0.
 */
export async function rehearse(run: Run): Promise<number> {
  const { order, place, release, intent, context, wish } = run;
  const { out, stack } = context;
  const site = { ...place.site, host: rehearsal(place.site, place.target, release.id, out) };
  const holder = holderOf(order.name, SYNC_LOCK_SECONDS, context);
  const { owner, verb } = holder;
  const told = { by: owner, verb, only: order.only, gateway: wish.when };
  const written = async () => {
    out.line(`npm run release -- --stack ${stack} --out out`);
    return `out/${release.id}`;
  };
  const work = async () => {
    await syncRelease(site, release.id, written, intent.before);
    out.line(
      site.host.line(hostApply(site.folder, release.id, { ...told, underLock: JSON.stringify(holder) })),
    );
    for (const line of await linesThere(run, told)) out.line(`#   there: ${line}`);
  };
  await locked(site, holder, work, takingOf(context));
  return 0;
}

async function linesThere(run: Run, told: ApplyOrder): Promise<readonly string[]> {
  const { host, folder } = run.place.site;
  const { id } = run.release;
  const there = (await host.run(folderThere(releaseFolder(run.place.site, id)))).exit === 0;
  if (!there) return run.intent.now.flatMap((service) => linesOf(service, run));
  const { stderr } = await host.run(hostApply(folder, id, { ...told, rehearse: 'dry-run' }));
  return stderr.trim().split('\n');
}

/** What compose/host/lib does to a service whose image is not there yet. */
function linesOf({ name, change }: ServicePlan, { place: { site, target }, release }: Run): string[] {
  const container = `${target.project}-${name}-1`;
  if (change === 'removed') return [dockerStop(container), dockerRemove(container)].map(commandLine);
  const folder = releaseFolder(site, release.id);
  const image = release.spec.services.find((service) => service.name === name)?.image;
  const make =
    image?.kind === 'built'
      ? [dockerBuild(`${image.name}:${release.definitions[name]}`, `${folder}/${image.context}`, image.args)]
      : image
        ? [dockerPull(image.reference)]
        : [];
  return [...make, composeUp(folder, name, { wait: name !== 'gateway' })].map(commandLine);
}

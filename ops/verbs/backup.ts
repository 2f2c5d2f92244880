import { resolve } from 'node:path';
import { type Places, placesOf } from '../backup/places.ts';
import { recipientOf } from '../backup/recipient.ts';
import { stampOf } from '../backup/stamp.ts';
import { systemClock } from '../clock.ts';
import { archive, backUpNow, schedule } from '../commands/backup.ts';
import { opsError } from '../errors.ts';
import { writeNewFile } from '../new-file.ts';
import { atPlace, type Place } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/** Fetches the data of a stack, encrypted on its host; or has the host put it into the bucket each week. */
export async function backup(context: VerbContext): Promise<number> {
  const { options } = context;
  if (options.to === undefined) throw opsError('recipient-missing');
  const recipient = await recipientOf(String(options.to));
  return atPlace(context, async (place) => {
    const places = placesOf(place.target.config);
    if (options.schedule) return scheduled(place, places, recipient, context);
    return fetched(place, places, recipient, context);
  });
}

async function fetched(
  { site, target }: Place,
  places: Places,
  recipient: string,
  { options, out, stack, clock = systemClock }: VerbContext,
): Promise<number> {
  const now = clock.now();
  const about = JSON.stringify({ version: 1, project: target.project, at: now.toISOString() });
  const making = archive(recipient, about, places);
  if (options.dryRun) {
    out.line(site.host.line(making));
    return 0;
  }
  const { stdout } = await site.host.run(making);
  const kind = stdout.startsWith('-----BEGIN PGP') ? 'asc' : 'age';
  const file = resolve(String(options.out ?? `gatehouse-${stack}-${stampOf(now)}.tar.gz.${kind}`));
  if (!isWhole(stdout)) throw opsError('backup-cut-off', site.host.where);
  await writeNewFile(file, stdout);
  const bytes = Buffer.byteLength(stdout);
  if (options.json) out.line(JSON.stringify({ stack, file, bytes, data: places.names }));
  else out.line(`${file}: ${places.names.join(', ')}, encrypted, ${bytes} bytes`);
  return 0;
}

/** The armor of age and of OpenPGP: a stream that broke off has no last line. */
function isWhole(text: string): boolean {
  return /^-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE)-----\n.+\n-----END \1-----\s*$/s.test(text);
}

/** The first is made at once: a schedule that cannot work is told now, not in a week. */
async function scheduled(
  { site, target }: Place,
  places: Places,
  recipient: string,
  { options, out, stack }: VerbContext,
): Promise<number> {
  if (target.instance === undefined) throw opsError('schedule-impossible');
  const commands = [schedule(site.folder, recipient, places), backUpNow()];
  for (const command of commands) {
    if (options.dryRun) out.line(site.host.line(command));
    else await site.host.run(command);
  }
  if (options.dryRun) return 0;
  if (options.json) out.line(JSON.stringify({ stack, scheduled: true, data: places.names }));
  else out.line(`the first backup of ${places.names.join(', ')} is in the bucket; the next follow each week`);
  return 0;
}

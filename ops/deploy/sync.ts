import { folderSeal, folderThere, releaseIdOf } from '../commands/host-release.ts';
import { bytesSent } from '../commands/rsync.ts';
import { opsError } from '../errors.ts';
import { releaseFolder, type Site } from './site.ts';

/**
 * Brings a release folder to the host: complete under its id, or not at all. What a run that was cut short left is
 * gone on with. `like` is a release of before, whose files need not be sent again. Returns the bytes that were sent, 0
 * where it was there already. Throws release-damaged.
 */
export async function syncRelease(
  site: Site,
  id: string,
  from: () => Promise<string>,
  like: string | undefined,
): Promise<number> {
  const folder = releaseFolder(site, id);
  if ((await site.host.run(folderThere(folder))).exit === 0) {
    await verify(site, folder, id);
    return 0;
  }
  const partial = `${folder}.partial`;
  const { stdout } = await site.host.send({
    from: await from(),
    to: partial,
    ...(like !== undefined && { like: `../${like}` }),
  });
  await verify(site, partial, id);
  await site.host.run(folderSeal(partial, folder));
  return bytesSent(stdout);
}

async function verify({ host }: Site, folder: string, id: string): Promise<void> {
  const found = (await host.run(releaseIdOf(folder))).stdout.trim();
  if (found !== id) throw opsError('release-damaged', folder, found, host.where);
}

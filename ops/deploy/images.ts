import type { Release } from '../../compose/release.ts';
import { dockerBuild, dockerImage, dockerPull } from '../commands/docker.ts';
import { releaseFolder, type Site } from './site.ts';

/** Makes the images of these services ready before anything is stopped; those that are there are left alone. */
export async function makeImages(
  site: Site,
  { id, spec, definitions }: Release,
  names: readonly string[],
): Promise<void> {
  for (const { name, image } of spec.services) {
    if (!names.includes(name)) continue;
    const reference = image.kind === 'pulled' ? image.reference : `${image.name}:${definitions[name]}`;
    if ((await site.host.run(dockerImage(reference))).exit === 0) continue;
    const make =
      image.kind === 'pulled'
        ? dockerPull(reference)
        : dockerBuild(reference, `${releaseFolder(site, id)}/${image.context}`, image.args);
    await site.host.run(make);
  }
}

import { join } from 'node:path';
import type { ContainerArgs } from '@pulumi/docker';
import { type MountSpec, PATHS, type ServiceSpec } from '../../compose/spec.ts';
import type { ServiceSurroundings } from './service.ts';

/** A service's folders and volumes. A folder that is missing is an error: Docker's mounts make none. */
export function mountsOf({ mounts }: ServiceSpec, around: ServiceSurroundings) {
  const temporary = mounts.filter((mount) => mount.kind === 'tmpfs');
  return {
    mounts: mounts.filter((mount) => mount.kind !== 'tmpfs').map((mount) => mountOf(mount, around)),
    tmpfs: Object.fromEntries(
      temporary.map(({ target, sizeMb, mode }) => [target, `size=${sizeMb}m,mode=${mode}`]),
    ),
  } satisfies Partial<ContainerArgs>;
}

function mountOf(
  mount: Exclude<MountSpec, { kind: 'tmpfs' }>,
  { folder, spec, volumes }: ServiceSurroundings,
) {
  if (mount.kind === 'secrets') return bind(mount.source, PATHS.secrets, true);
  if (mount.kind === 'release') return bind(join(folder, mount.source), mount.target, true);
  const { volume, target } = mount;
  const hostFolder = spec.volumes.find(({ name }) => name === volume)?.hostFolder;
  if (hostFolder !== undefined) return bind(hostFolder, target, false);
  const made = volumes.get(volume);
  if (!made) throw new Error(`the spec has no volume ${volume}`);
  return { type: 'volume', source: made.name, target };
}

function bind(source: string, target: string, readOnly: boolean) {
  return { type: 'bind', source, target, readOnly };
}

import { dirname } from 'node:path';
import type { Config } from '../../compose/config.ts';
import type { StackSpec } from '../../compose/spec.ts';
import { stackSpec } from '../../compose/stack.ts';

/** Where a stack keeps its data on its host: folders, or volumes that only Docker knows the place of. */
export type Places =
  | {
      readonly kind: 'folders';
      /** The folder all of them lie in. */
      readonly parent: string;
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'volumes';
      readonly project: string;
      readonly names: readonly string[];
      /** An image of the stack's own with tar in it: nothing is pulled to read a volume. */
      readonly image: string;
    };

/** The data of a stack: settings of the gateway, orders of the bridge, certificates of Caddy, those that it has. */
export function placesOf(config: Config): Places {
  const { name, volumes } = stackSpec(config);
  const names = volumes.map((volume) => volume.name);
  const folder = volumes.find(({ hostFolder }) => hostFolder !== undefined)?.hostFolder;
  if (folder !== undefined) return { kind: 'folders', parent: dirname(folder), names };
  const image = config.services.caddy ? config.images.caddy : config.images.node;
  return { kind: 'volumes', project: name, names, image };
}

/** As archive.sh on the host reads them. */
export function entriesOf(places: Places): string[] {
  if (places.kind === 'folders') return places.names.map((name) => `folder=${places.parent}/${name}`);
  const volume = (name: string) => `volume=${name}=${volumeOf(places, name)}`;
  return [`image=${places.image}`, ...places.names.map(volume)];
}

/** As compose names the volume of a project. */
export function volumeOf({ project }: { readonly project: string }, name: string): string {
  return `${project}_${name}`;
}

/** The services that have data among these, in the order they start. */
export function usersOf({ services }: StackSpec, names: readonly string[]): string[] {
  const uses = (service: StackSpec['services'][number]) =>
    service.mounts.some((mount) => mount.kind === 'volume' && names.includes(mount.volume));
  return services.filter(uses).map(({ name }) => name);
}

import type { Config } from './config.ts';
import type { VolumeSpec } from './spec.ts';

/** The volume of a service: its folder below host.dataDir where that is set, else a named volume. Pure. */
export function volumeOf({ host }: Config, name: string, owner: number): VolumeSpec {
  return { name, owner, ...(host.dataDir !== undefined && { hostFolder: `${host.dataDir}/${name}` }) };
}

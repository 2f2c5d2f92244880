import type { Remote } from '../remote.ts';

/** Where a stack's releases, its lock and its audit file are on a host. */
export interface Site {
  readonly host: Remote;
  readonly folder: string;
}

/** A folder for each compose project: one host may run several stacks. */
export function siteOf(host: Remote, hostFolder: string, project: string): Site {
  return { host, folder: `${hostFolder}/stacks/${project}` };
}

export function releaseFolder({ folder }: Site, id: string): string {
  return `${folder}/releases/${id}`;
}

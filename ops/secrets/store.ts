import type { StackSecret } from '../../compose/secrets.ts';
import type { Command } from '../commands/command.ts';
import {
  type GoogleSecret,
  NO_SECRET,
  type SecretFile,
  secretRead,
  secretWrite,
  versionAccess,
  versionAdd,
  versionDestroy,
  versionList,
} from '../commands/secrets.ts';
import { OpsError, opsError } from '../errors.ts';
import type { Remote } from '../remote.ts';

/** Where one secret of a stack is kept. */
export interface SecretStore {
  /** In words: where it is, and nothing of what it is. */
  readonly where: string;
  /** What the stack has to wait for before it sees a new value. */
  readonly seen: string;
  /** The value; undefined where none was ever set. */
  read(): Promise<string | undefined>;
  /** Replaces the value. Once it is done no older one can be read here. */
  write(value: string): Promise<void>;
  /** What read would run, as lines to paste. */
  readPlan(): string[];
  /** What write would run, as lines to paste, with a placeholder for what only the store knows. */
  plan(): string[];
}

/** Stands for a version that is there when the new one is, in a dry run. */
const OLDER = 'OLDER_VERSION';

/**
 * Secret Manager, reached from this machine by gcloud: the value never passes the host of the stack, which looks for
 * new ones every so many minutes.
 */
export function googleStore(secret: GoogleSecret, local: Remote, minutes: number): SecretStore {
  const run = (command: Command) => local.run(command).catch((error: unknown) => refuse(error, secret));
  return {
    where: `${secret.id} of project ${secret.project}`,
    seen: `the machine sees it within ${minutes} minutes`,
    read: async () => {
      const versions = await run(versionList(secret));
      if (living(versions.stdout).length === 0) return undefined;
      return (await run(versionAccess(secret))).stdout;
    },
    write: async (value) => {
      const added = (await run(versionAdd(secret, value))).stdout.trim().split('/').at(-1);
      const versions = living((await run(versionList(secret))).stdout);
      // Without the number of the new one nothing is known to be older.
      if (added === undefined || !versions.includes(added)) return;
      for (const version of versions.filter((one) => one !== added))
        await run(versionDestroy(secret, version));
    },
    readPlan: () => [versionList(secret), versionAccess(secret)].map((command) => local.line(command)),
    plan: () =>
      [versionAdd(secret, ''), versionList(secret), versionDestroy(secret, OLDER)].map((command) =>
        withoutValue(local, command),
      ),
  };
}

/** A file of the host, as its containers have it mounted. */
export function hostStore(file: SecretFile, host: Remote): SecretStore {
  return {
    where: `${file.folder}/${file.name} on ${host.where}`,
    seen: 'its container sees it at once',
    read: async () => {
      const { exit, stdout } = await host.run(secretRead(file));
      return exit === NO_SECRET ? undefined : stdout;
    },
    write: async (value) => {
      await host.run(secretWrite(file, value));
    },
    readPlan: () => [host.line(secretRead(file))],
    plan: () => [withoutValue(host, secretWrite(file, ''))],
  };
}

/** The file a secret is on a host that has no store. */
export function secretFile({ service, name, owner }: StackSecret, secretsDir: string): SecretFile {
  return { folder: `${secretsDir}/${service}`, name, owner };
}

/** Numbers of the versions that are not destroyed. gcloud has written states in both cases. */
function living(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([version, state]) => version && state?.toUpperCase() !== 'DESTROYED')
    .map(([version = '']) => version);
}

function refuse(error: unknown, { id, project }: GoogleSecret): never {
  if (error instanceof OpsError && error.message.includes('NOT_FOUND'))
    throw opsError('secret-store-missing', id, project);
  throw error;
}

/** Not even the length of a value is told. */
function withoutValue(remote: Remote, { stdin, ...command }: Command): string {
  return `${remote.line(command)}${stdin === undefined ? '' : ' < VALUE'}`;
}

import { type Command, command } from './command.ts';

/** A secret of Secret Manager. */
export interface GoogleSecret {
  readonly id: string;
  readonly project: string;
}

/** Adds a version, read from standard input, and prints its full name. */
export function versionAdd({ id, project }: GoogleSecret, value: string): Command {
  const args = ['add', id, `--project=${project}`, '--data-file=-', '--format=value(name)'];
  return { ...command('gcloud', 'secrets', 'versions', ...args), stdin: value };
}

/** The versions of a secret: number and state, one a line, destroyed ones too. */
export function versionList({ id, project }: GoogleSecret): Command {
  const format = '--format=value(name.basename(),state)';
  return command('gcloud', 'secrets', 'versions', 'list', id, `--project=${project}`, format);
}

/** Ends a version for good. A disabled one would still count among the six that are free of charge. */
export function versionDestroy({ id, project }: GoogleSecret, version: string): Command {
  const of = [`--secret=${id}`, `--project=${project}`, '--quiet'];
  return command('gcloud', 'secrets', 'versions', 'destroy', version, ...of);
}

/** Prints the value of the latest version. */
export function versionAccess({ id, project }: GoogleSecret): Command {
  return command(
    'gcloud',
    'secrets',
    'versions',
    'access',
    'latest',
    `--secret=${id}`,
    `--project=${project}`,
  );
}

/** A secret as a file on a host: readable by its owner alone. */
export interface SecretFile {
  readonly folder: string;
  readonly name: string;
  /** Numeric: user and group. */
  readonly owner: number;
}

/**
 * Puts a secret into its file in one step. The number of bytes comes first on standard input: a connection that was
 * cut leaves the file of before, never half a password.
 */
export function secretWrite({ folder, name, owner }: SecretFile, value: string): Command {
  const script =
    'umask 022; mkdir -p "$(dirname "$1")" && umask 377 && new="$1/.$2.new"; ' +
    '[ -d "$1" ] || { mkdir -m 500 "$1" && chown "$3:$3" "$1"; } || exit 1; ' +
    'rm -f "$new" && read -r bytes && head -c "$bytes" > "$new" && ' +
    '[ "$(stat -c %s "$new")" = "$bytes" ] && chown "$3:$3" "$new" && mv -fT "$new" "$1/$2"';
  const write = command('sh', '-c', script, 'secret', folder, name, String(owner));
  return { ...asRoot(write), stdin: `${Buffer.byteLength(value)}\n${value}` };
}

/** Exit status of secretRead when there is no such file: EX_NOINPUT of sysexits.h. */
export const NO_SECRET = 66;

/** Prints a secret's file. */
export function secretRead({ folder, name }: SecretFile): Command {
  const script = `[ -e "$1" ] || exit ${NO_SECRET}; cat "$1"`;
  return { ...asRoot(command('sh', '-c', script, 'secret', `${folder}/${name}`)), okExits: [0, NO_SECRET] };
}

/** The same as root: at once, or by sudo where that asks nothing. Standard input goes through. */
export function asRoot({ program, args, ...rest }: Command): Command {
  const script = '[ "$(id -u)" = 0 ] && exec "$@"; exec sudo -n -- "$@"';
  return { ...rest, ...command('sh', '-c', script, 'as-root', program, ...args) };
}

/** Has a machine on Google Cloud look for new secrets now; its unit may wait for others that are still empty. */
export function secretsFetch(): Command {
  return command('systemctl', 'start', '--no-block', 'gatehouse-secrets.service');
}

/** Appends one line to the audit file of a stack that was deployed here before. */
export function auditLineIfThere(folder: string, line: string): Command {
  const script = '[ ! -d "$1" ] || printf "%s\\n" "$2" >> "$1/audit.jsonl"';
  return asRoot(command('sh', '-c', script, 'audit', folder, line));
}

import { type Command, command } from './command.ts';

/** Is this folder there? Status 0 or 1. */
export function folderThere(folder: string): Command {
  return { ...command('test', '-d', folder), okExits: [0, 1] };
}

/**
 * Prints the id of a release folder, from nothing but what lies in it: the hash of `<mode> <sha256>  <path>` of every
 * file but provenance.json, sorted by bytes (compose/release/files.ts makes it so).
 */
export function releaseIdOf(folder: string): Command {
  const line = 'printf "%s %s  %s\\n" "$(stat -c %a "$f")" "$(sha256sum < "$f" | cut -d " " -f 1)" "$f"';
  const script =
    'cd "$1" || exit 1; ' +
    'find . ! -type d ! -path ./provenance.json -printf "%P\\n" | LC_ALL=C sort | ' +
    `while IFS= read -r f; do ${line}; done | sha256sum | sed "s/^\\(.\\{16\\}\\).*/r-\\1/"`;
  return command('sh', '-c', script, 'release-id', folder);
}

/** Gives a folder that is complete its name. */
export function folderSeal(partial: string, folder: string): Command {
  return command('mv', '-T', partial, folder);
}

/** Prints the id of the release that was applied last; nothing when none was. */
export function currentRelease(folder: string): Command {
  return { ...command('readlink', `${folder}/current`), okExits: [0, 1] };
}

/** Appends one line to the audit file. */
export function auditLine(folder: string, line: string): Command {
  return command('sh', '-c', 'printf "%s\\n" "$2" >> "$1/audit.jsonl"', 'audit', folder, line);
}

/** Lines of the audit file a list of releases is made from: some hundred changes. */
const AUDIT_LINES = 500;

/** Prints the last lines of the audit file; nothing before the first change. */
export function auditTail(folder: string): Command {
  return { ...command('tail', '-n', String(AUDIT_LINES), `${folder}/audit.jsonl`), okExits: [0, 1] };
}

/** Prints the ids of the releases that lie on the host whole, one a line. */
export function releasesThere(folder: string): Command {
  const script = 'cd "$1/releases" 2> /dev/null && ls -1 | grep -x "r-[0-9a-f]*"';
  return { ...command('sh', '-c', script, 'releases', folder), okExits: [0, 1, 2] };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../compose/release.ts';
import { entriesOf, type Places, volumeOf } from '../backup/places.ts';
import { type Command, command } from './command.ts';

/** The script that makes a backup, the same that the host's own timer uses. */
const ARCHIVE_SCRIPT = 'compose/host/kit/lib/archive.sh';

/** Milliseconds a backup or a restore may take: data of some hundred MB over a slow line. */
const BACKUP_TIMEOUT_MS = 1_800_000;

/** Prints the data of a stack, encrypted to a public key, as ASCII. Nothing of it is on the host's disk in clear. */
export function archive(recipient: string, about: string, places: Places): Command {
  return {
    ...command('bash', '-s', '--', 'archive', recipient, about, ...entriesOf(places)),
    stdin: readFileSync(join(ROOT, ARCHIVE_SCRIPT), 'utf8'),
    stdinFrom: ARCHIVE_SCRIPT,
    timeoutMs: BACKUP_TIMEOUT_MS,
  };
}

/** Prints what is in a backup as base64, decrypted here by a private key of age or ssh, or by gpg's own keyring. */
export function decrypt(file: string, identity: string | undefined): Command {
  const [program, opened] =
    identity === undefined
      ? ['gpg', 'gpg --batch --quiet --decrypt -- "$1"']
      : ['age', 'age --decrypt --identity "$2" -- "$1"'];
  const args = identity === undefined ? [file] : [file, identity];
  const script =
    `set -o pipefail; type -P ${program} > /dev/null || { echo "there is no ${program} here: install it" >&2; exit 69; }; ` +
    `${opened} | base64`;
  return {
    ...command('bash', '-c', script, 'decrypt', ...args),
    timeoutMs: BACKUP_TIMEOUT_MS,
  };
}

/** Unpacks a backup beside the data on the host: nothing that is in use is touched. `packed` is base64. */
export function unpack(places: Places, stamp: string, packed: string): Command {
  const how = { stdin: packed, timeoutMs: BACKUP_TIMEOUT_MS };
  if (places.kind === 'folders') {
    const script =
      'set -o pipefail; mkdir -m 700 -- "$1" && base64 --decode | ' +
      'tar --extract --gzip --numeric-owner --same-owner --preserve-permissions --directory "$1"';
    return { ...command('bash', '-c', script, 'unpack', restoredFolder(places.parent, stamp)), ...how };
  }
  const mounts = places.names.flatMap((name) => [
    '--volume',
    `${restoredVolume(places, name, stamp)}:/to/${name}`,
  ]);
  const script = 'base64 -d | tar -xzf - -C /to';
  return { ...inContainer(places.image, mounts, script, ['--interactive']), ...how };
}

/** Prints how many files were unpacked. */
export function unpacked(places: Places, stamp: string): Command {
  if (places.kind === 'folders') {
    const script = 'find "$1" -type f ! -path "$1/backup.json" | wc -l';
    return command('sh', '-c', script, 'count', restoredFolder(places.parent, stamp));
  }
  const mounts = places.names.flatMap((name) => [
    '--volume',
    `${restoredVolume(places, name, stamp)}:/to/${name}:ro`,
  ]);
  return inContainer(places.image, mounts, 'find /to -type f ! -path /to/backup.json | wc -l');
}

/**
 * Puts what was unpacked in the place of one part of the data, which is kept aside. The count of logins stays as it
 * is: an older one would let the gateway try more often than IBKR forgives.
 */
export function exchange(places: Places, name: string, stamp: string): Command {
  if (places.kind === 'folders') {
    const script =
      'mkdir -p -m 700 "$2" && if [ -e "$1/$4" ]; then mv -T "$1/$4" "$2/$4"; fi && mv -T "$3/$4" "$1/$4" && ' +
      'rm -f "$1/$4/gatehouse-logins" && ' +
      'if [ -e "$2/$4/gatehouse-logins" ]; then cp -p "$2/$4/gatehouse-logins" "$1/$4/"; fi';
    const { parent } = places;
    const [before, restored] = [beforeFolder(parent, stamp), restoredFolder(parent, stamp)];
    return command('sh', '-c', script, 'exchange', parent, before, restored, name);
  }
  const mount = (volume: string, at: string) => ['--volume', `${volume}:${at}`];
  const mounts = [
    ...mount(volumeOf(places, name), '/now'),
    ...mount(beforeVolume(places, name, stamp), '/before'),
    ...mount(`${restoredVolume(places, name, stamp)}`, '/restored'),
  ];
  const script =
    'cp -a /now/. /before/ && rm -rf /now/..?* /now/.[!.]* /now/* && cp -a /restored/. /now/ && ' +
    'rm -f /now/gatehouse-logins && ' +
    'if [ -e /before/gatehouse-logins ]; then cp -p /before/gatehouse-logins /now/; fi';
  return { ...inContainer(places.image, mounts, script), timeoutMs: BACKUP_TIMEOUT_MS };
}

/** Takes away what is left of unpacking. */
export function sweep(places: Places, stamp: string): Command {
  if (places.kind === 'folders') return command('rm', '-r', '-f', '--', restoredFolder(places.parent, stamp));
  const volumes = places.names.map((name) => restoredVolume(places, name, stamp));
  return command('docker', 'volume', 'rm', '--force', ...volumes);
}

/** Where the data of before a restore stays, in words. */
export function keptAside(places: Places, stamp: string): string {
  if (places.kind === 'folders') return beforeFolder(places.parent, stamp);
  return `the volumes ${places.names.map((name) => beforeVolume(places, name, stamp)).join(', ')}`;
}

/** Leaves word for the host's timer what to back up, and to whom; the key is a public one. */
export function schedule(site: string, recipient: string, places: Places): Command {
  const entries = entriesOf(places).join(' ');
  const script =
    'umask 022; mkdir -p "$1" && printf "BACKUP_RECIPIENT=%q\\nBACKUP_ENTRIES=%q\\n" "$2" "$3" > "$1/backup.env.new" && ' +
    'mv -T "$1/backup.env.new" "$1/backup.env"';
  return command('bash', '-c', script, 'schedule', site, recipient, entries);
}

/** Makes the first of the scheduled backups now, and has the others made. */
export function backUpNow(): Command {
  const units =
    'systemctl enable --quiet --now gatehouse-backup.timer && systemctl start gatehouse-backup.service';
  return { ...command('sh', '-c', units), timeoutMs: BACKUP_TIMEOUT_MS };
}

function inContainer(
  image: string,
  mounts: readonly string[],
  script: string,
  more: readonly string[] = [],
): Command {
  const run = ['run', '--rm', '--network', 'none', '--user', '0', ...more, '--entrypoint', 'sh'];
  return command('docker', ...run, ...mounts, image, '-c', `set -e; ${script}`);
}

const restoredFolder = (parent: string, stamp: string) => `${parent}/.restored-${stamp}`;
const beforeFolder = (parent: string, stamp: string) => `${parent}/.before-${stamp}`;

type Volumes = Extract<Places, { kind: 'volumes' }>;
const restoredVolume = (places: Volumes, name: string, stamp: string) =>
  `${volumeOf(places, name)}_restored_${stamp}`;
const beforeVolume = (places: Volumes, name: string, stamp: string) =>
  `${volumeOf(places, name)}_before_${stamp}`;

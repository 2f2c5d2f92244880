import { describe, expect, test } from 'vitest';
import type { Places } from '../../../ops/backup/places.ts';
import * as data from '../../../ops/commands/backup.ts';
import { commandLine } from '../../../ops/commands/command.ts';

const FOLDERS: Places = { kind: 'folders', parent: '/data', names: ['gateway', 'bridge'] };
const VOLUMES: Places = { kind: 'volumes', project: 'gh', names: ['bridge', 'caddy'], image: 'caddy:2' };
const STAMP = '20261121T100000Z';
const KEY = `age1${'q'.repeat(58)}`;
const ARCHIVE = 'compose/host/kit/lib/archive.sh';

const line = (built: Parameters<typeof commandLine>[0]) => commandLine(built);

describe('backup', () => {
  test('of folders and of volumes: the script comes in on standard input', () => {
    expect(line(data.archive(KEY, '{}', FOLDERS))).toBe(
      `bash -s -- archive ${KEY} '{}' folder=/data/gateway folder=/data/bridge < ${ARCHIVE}`,
    );
    expect(line(data.archive(KEY, '{}', VOLUMES))).toBe(
      `bash -s -- archive ${KEY} '{}' image=caddy:2 volume=bridge=gh_bridge volume=caddy=gh_caddy < ${ARCHIVE}`,
    );
  });

  test('decrypted by age with a key, else by gpg', () => {
    expect(line(data.decrypt('b.age', 'key'))).toBe(
      `bash -c 'set -o pipefail; type -P age > /dev/null || { echo "there is no age here: install it" >&2; exit 69; }; age --decrypt --identity "$2" -- "$1" | base64' decrypt b.age key`,
    );
    expect(line(data.decrypt('b.gpg', undefined))).toContain(
      'gpg --batch --quiet --decrypt -- "$1" | base64',
    );
  });

  test('scheduled', () => {
    expect(line(data.schedule('/site', KEY, FOLDERS))).toBe(
      `bash -c 'umask 022; mkdir -p "$1" && printf "BACKUP_RECIPIENT=%q\\nBACKUP_ENTRIES=%q\\n" "$2" "$3" > "$1/backup.env.new" && mv -T "$1/backup.env.new" "$1/backup.env"' schedule /site ${KEY} 'folder=/data/gateway folder=/data/bridge'`,
    );
    expect(line(data.backUpNow())).toBe(
      "sh -c 'systemctl enable --quiet --now gatehouse-backup.timer && systemctl start gatehouse-backup.service'",
    );
  });
});

describe('restore', () => {
  test('unpacks beside what is in use, and what it unpacks is in no line', () => {
    expect(line(data.unpack(FOLDERS, STAMP, 'c2VjcmV0'))).toBe(
      `bash -c 'set -o pipefail; mkdir -m 700 -- "$1" && base64 --decode | tar --extract --gzip --numeric-owner --same-owner --preserve-permissions --directory "$1"' unpack /data/.restored-${STAMP} < 8 bytes`,
    );
    expect(line(data.unpack(VOLUMES, STAMP, 'c2VjcmV0'))).toBe(
      `docker run --rm --network none --user 0 --interactive --entrypoint sh --volume gh_bridge_restored_${STAMP}:/to/bridge --volume gh_caddy_restored_${STAMP}:/to/caddy caddy:2 -c 'set -e; base64 -d | tar -xzf - -C /to' < 8 bytes`,
    );
  });

  test('counts what came', () => {
    expect(line(data.unpacked(FOLDERS, STAMP))).toBe(
      `sh -c 'find "$1" -type f ! -path "$1/backup.json" | wc -l' count /data/.restored-${STAMP}`,
    );
    expect(line(data.unpacked(VOLUMES, STAMP))).toContain(
      "'set -e; find /to -type f ! -path /to/backup.json | wc -l'",
    );
  });

  test('keeps what there was, and the count of logins', () => {
    expect(line(data.exchange(FOLDERS, 'bridge', STAMP))).toBe(
      'sh -c \'mkdir -p -m 700 "$2" && if [ -e "$1/$4" ]; then mv -T "$1/$4" "$2/$4"; fi && mv -T "$3/$4" "$1/$4" && ' +
        'rm -f "$1/$4/gatehouse-logins" && if [ -e "$2/$4/gatehouse-logins" ]; then cp -p "$2/$4/gatehouse-logins" "$1/$4/"; fi\' ' +
        `exchange /data /data/.before-${STAMP} /data/.restored-${STAMP} bridge`,
    );
    expect(line(data.exchange(VOLUMES, 'bridge', STAMP))).toContain(
      `--volume gh_bridge:/now --volume gh_bridge_before_${STAMP}:/before --volume gh_bridge_restored_${STAMP}:/restored caddy:2`,
    );
  });

  test('sweeps, and says where the rest is', () => {
    expect(line(data.sweep(FOLDERS, STAMP))).toBe(`rm -r -f -- /data/.restored-${STAMP}`);
    expect(line(data.sweep(VOLUMES, STAMP))).toBe(
      `docker volume rm --force gh_bridge_restored_${STAMP} gh_caddy_restored_${STAMP}`,
    );
    expect(data.keptAside(FOLDERS, STAMP)).toBe(`/data/.before-${STAMP}`);
    expect(data.keptAside(VOLUMES, STAMP)).toBe(
      `the volumes gh_bridge_before_${STAMP}, gh_caddy_before_${STAMP}`,
    );
  });
});

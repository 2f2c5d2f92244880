import { type Catalogue, entry } from './entry.ts';

/** Errors of backups and of putting one back. */
export const BACKUP_ERRORS = {
  'recipient-missing': () =>
    entry(
      2,
      'nobody was named who can read the backup',
      'age-keygen -o gatehouse-backup.key, keep that file away from the host, and give --to the public key it prints',
    ),
  'recipient-invalid': (why: string) =>
    entry(
      2,
      `--to must be one public key of age (age1...), ssh or OpenPGP, or a file with it: ${why}`,
      'age-keygen -y KEYFILE prints the public key of an age key',
    ),
  'backup-cut-off': (where: string) =>
    entry(1, `what came from ${where} is not a whole backup: nothing was written`, 'run it again'),
  'backup-damaged': (file: string, why: string) =>
    entry(1, `${file} is no backup that can be restored: ${why}; nothing was touched`, 'take another backup'),
  'backup-foreign': (file: string, project: string, here: string) =>
    entry(
      2,
      `${file} is of the project ${project}, and this stack is ${here}: nothing was touched`,
      'name the right file, or give the stack that name (gatehouse:name)',
    ),
  'schedule-impossible': () =>
    entry(
      2,
      'only a host on Google Cloud has a bucket to put backups into',
      'run --<stack>-backup from cron instead',
    ),
  'restore-incomplete': (where: string, found: string, wanted: number) =>
    entry(
      1,
      `${found} of ${wanted} files arrived on ${where}: what is in use was not touched`,
      'see whether the disk has room (df), and run it again',
    ),
} as const satisfies Catalogue;

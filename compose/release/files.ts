import { createHash } from 'node:crypto';

/** A file of a release: where it stands, its permission bits and its bytes. */
export interface ReleaseFile {
  readonly path: string;
  readonly mode: 0o444 | 0o555;
  readonly bytes: Buffer;
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * One line a file, `<mode> <sha256>  <path>`, sorted by the bytes of the path: what a release's id is the hash of.
 * It is this simple so that a host can check it with find, stat, sha256sum and sort.
 */
export function listing(files: readonly ReleaseFile[]): string {
  return [...files]
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
    .map(({ path, mode, bytes }) => `${mode.toString(8)} ${sha256(bytes)}  ${path}\n`)
    .join('');
}

/** `r-` and the first 16 hex digits of the hash of the listing. */
export function releaseId(files: readonly ReleaseFile[]): string {
  return `r-${sha256(listing(files)).slice(0, 16)}`;
}

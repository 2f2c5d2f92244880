import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { ReleaseFile } from './files.ts';

/** Where a gzip header names the system it was made on, and the value for "unknown" (RFC 1952). */
const GZIP_SYSTEM = { at: 9, unknown: 0xff };

/**
 * The files of a release as one .tar.gz, with the paths they have in its folder. The same files give the same bytes:
 * order, owner and times are fixed, and so is the name of the system in the header.
 */
export async function releaseArchive(files: readonly ReleaseFile[]): Promise<Buffer> {
  const archive = pack();
  const sorted = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  for (const { path, mode, bytes } of sorted) {
    archive.entry({ name: path, mode, mtime: new Date(0), uid: 0, gid: 0 }, bytes);
  }
  archive.finalize();
  const zipped = gzipSync(await buffer(archive), { level: 9 });
  zipped[GZIP_SYSTEM.at] = GZIP_SYSTEM.unknown;
  return zipped;
}

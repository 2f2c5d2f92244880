import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { z } from 'zod';
import { opsError } from '../errors.ts';

const ABOUT = z.object({ version: z.literal(1), project: z.string(), at: z.iso.datetime() });

/** What a backup says of itself, and what is in it. */
export interface Contents extends z.infer<typeof ABOUT> {
  /** The parts of the data in it: gateway, bridge, caddy. */
  readonly names: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

/** The first file of a backup. */
const ABOUT_FILE = 'backup.json';

/**
 * Reads a decrypted backup to its end before anything is done with it: it is a whole tar, everything in it belongs to
 * one of the parts named, no path or link leads out of them, and the journal can be read. Throws backup-damaged.
 */
export async function readContents(
  file: string,
  packed: Buffer,
  known: readonly string[],
): Promise<Contents> {
  const found = { about: undefined as string | undefined, names: new Set<string>(), files: 0, bytes: 0 };
  const unpacking = extract();
  const reading = (async () => {
    for await (const entry of unpacking) {
      const { header } = entry;
      const path = posix.normalize(header.name).replace(/^\.\//, '');
      if (path === ABOUT_FILE) {
        found.about = await textOf(entry);
        continue;
      }
      const complaint = complaintAbout(header, path, known);
      if (complaint !== undefined) throw new Error(complaint);
      found.names.add(path.split('/')[0] ?? path);
      if (header.type === 'file') found.files += 1;
      found.bytes += header.size ?? 0;
      if (path.endsWith('.jsonl')) checkJournal(path, await textOf(entry));
      else entry.resume();
    }
  })();
  try {
    await Promise.all([pipeline(Readable.from(packed), createGunzip(), unpacking), reading]);
    const about = ABOUT.parse(JSON.parse(found.about ?? ''));
    if (found.names.size === 0) throw new Error('there is no data in it');
    return {
      ...about,
      names: known.filter((name) => found.names.has(name)),
      files: found.files,
      bytes: found.bytes,
    };
  } catch (error) {
    throw opsError('backup-damaged', file, reason(error));
  }
}

async function textOf(entry: AsyncIterable<unknown>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}

/** It is unpacked as root: nothing in it may reach beyond the data. */
function complaintAbout(
  { type, linkname }: Header,
  path: string,
  known: readonly string[],
): string | undefined {
  const [top = ''] = path.split('/');
  if (posix.isAbsolute(path) || !known.includes(top)) return `${path} belongs to no data of this stack`;
  if (type === 'file' || type === 'contiguous-file' || type === 'directory') return undefined;
  if (type !== 'symlink') return `${path} is a ${type}`;
  const to = posix.join(posix.dirname(path), linkname ?? '');
  return posix.isAbsolute(linkname ?? '') || !to.startsWith(`${top}/`)
    ? `${path} is a link that leads out`
    : undefined;
}

/** The last line may be half: the bridge was writing it. */
function checkJournal(path: string, text: string): void {
  for (const line of text.split('\n').slice(0, -1)) {
    if (line === '') continue;
    try {
      JSON.parse(line);
    } catch {
      throw new Error(`${path} has a line that is no JSON`);
    }
  }
}

function reason(error: unknown): string {
  if (error instanceof z.ZodError) return 'its backup.json is not one of this version';
  return error instanceof SyntaxError ? 'it has no backup.json' : (error as Error).message;
}

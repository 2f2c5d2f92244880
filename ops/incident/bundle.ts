import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Collected } from './part.ts';

/** The bundle as the bytes of a tar.gz: one folder, an index of what is in it and why what is missing is. */
export async function bundle(name: string, at: Date, parts: readonly Collected[]): Promise<Buffer> {
  const tar = pack();
  const add = (file: string, bytes: Buffer) =>
    tar.entry({ name: `${name}/${file}`, size: bytes.length, mode: 0o600, mtime: at }, bytes);
  add('index.txt', Buffer.from(index(name, parts)));
  for (const { file, bytes } of parts) if (bytes.length > 0) add(file, bytes);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}

function index(name: string, parts: readonly Collected[]): string {
  const width = Math.max(...parts.map(({ file }) => file.length));
  const rows = parts.map(({ file, from, bytes, note }) =>
    [
      file.padEnd(width),
      `${bytes.length} bytes`.padStart(14),
      from,
      ...(note === undefined ? [] : [`\n    ${note.replaceAll('\n', '\n    ')}`]),
    ].join('  '),
  );
  return [
    name,
    '',
    'Account numbers, keys, user names and passwords are masked by their form; no secret file was read. Look it through',
    'before you give it to anybody: a screenshot shows what the screen showed, and what a name means only you know.',
    '',
    ...rows,
    '',
  ].join('\n');
}

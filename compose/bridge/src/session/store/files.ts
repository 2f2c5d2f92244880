import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What is not whole yet is called so, and is removed at the next start. */
export const DRAFT = '.draft';
const PIECE = 1024 * 1024;

/** Hands over the lines of a file, read in pieces. @returns whether its last line has no end: a write was cut short */
export async function readLines(path: string, take: (line: string) => void): Promise<boolean> {
  let rest = '';
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: PIECE })) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') take(line);
  }
  if (rest !== '') take(rest);
  return rest !== '';
}

/** The first line of a file, if it has fewer bytes than this; undefined when the file has none that is whole. */
export async function firstLine(path: string, most = 65_536): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    return end < 0 ? undefined : buffer.toString('utf8', 0, end);
  } finally {
    await file.close();
  }
}

/** A line's value; undefined when it cannot be read. */
export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Makes a file that is there whole or not at all: written and flushed under another name, then moved into place, and
 * its folder flushed.
 * @returns the file, open for appending
 */
export async function createWhole(path: string, text: string): Promise<FileHandle> {
  const draft = `${path}${DRAFT}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
    await rename(draft, path);
    // Not on the disk until its folder is: what follows would be lost with it.
    await flushFolder(dirname(path)).catch(async (error: unknown) => {
      await rename(path, draft);
      throw error;
    });
    return file;
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
}

/** A new file, or a new name, is on the disk only when its folder is. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

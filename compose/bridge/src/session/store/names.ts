import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** journal: what happens is written to the last one. past: what is over, one line each. */
export type FileKind = 'journal' | 'past';

/** `journal-000001.jsonl`: numbered from one, and never the same number twice. */
export function pathOf(folder: string, kind: FileKind, number: number): string {
  return join(folder, `${kind}-${String(number).padStart(6, '0')}.jsonl`);
}

/** The numbers of a folder's files, lowest first. */
export async function numbersOf(folder: string, kind: FileKind): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .map((name) => new RegExp(`^${kind}-(\\d{6,})\\.jsonl$`).exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((left, right) => left - right);
}

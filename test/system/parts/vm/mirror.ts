import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cachePath } from '../cache.ts';
import { ownMirror } from './rootfs.ts';

/**
 * A file of the mirror this machine's apt uses, kept between runs: packages and indexes named by their hash never
 * change, and the rest is asked for each time. apt checks each by its signed hash.
 */
export async function fromMirror(path: string): Promise<Response> {
  const kept = cachePath('vm-mirror', path);
  const fixed = path.includes('/pool/') || path.includes('/by-hash/');
  const there = fixed ? await readFile(kept).catch(() => undefined) : undefined;
  if (there) return new Response(there);
  const { origin } = new URL(await ownMirror());
  const answer = await fetch(`${origin}${path}`).catch(() => undefined);
  if (!answer) return fromCache(kept);
  if (!answer.ok) return new Response(null, { status: answer.status });
  const bytes = Buffer.from(await answer.arrayBuffer());
  await mkdir(dirname(kept), { recursive: true });
  const aside = `${kept}.${randomUUID()}`;
  await writeFile(aside, bytes);
  await rename(aside, kept);
  return new Response(bytes);
}

/** Where the network is away: the lists of an earlier run. */
async function fromCache(kept: string): Promise<Response> {
  const bytes = await readFile(kept).catch(() => undefined);
  return bytes ? new Response(bytes) : new Response(null, { status: 503 });
}

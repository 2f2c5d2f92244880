import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskCacheOptions {
  readonly folder: string;
  /** Beyond it, what was not used for the longest time is deleted. */
  readonly maxBytes: number;
  /** Called with what kept it from reading or writing: the cache itself never fails a request. */
  readonly onTrouble: (error: Error) => void;
}

/** JSON values on the disk by key, within a size. What cannot be read is as if it had never been written. */
export class DiskCache {
  readonly #options: DiskCacheOptions;
  /** Bytes by file name, least recently used first. */
  readonly #files = new Map<string, number>();
  #bytes = 0;

  private constructor(options: DiskCacheOptions) {
    this.#options = options;
  }

  /** Opens the folder, or makes it; files of an interrupted write are removed. */
  static async open(options: DiskCacheOptions): Promise<DiskCache> {
    const cache = new DiskCache(options);
    await cache.#try(async () => {
      await mkdir(options.folder, { recursive: true, mode: 0o700 });
      await cache.#takeStock();
    });
    return cache;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async get(key: string): Promise<unknown> {
    const name = nameOf(key);
    const size = this.#files.get(name);
    if (size === undefined) return undefined;
    return this.#try(async () => {
      const kept = parse(await readFile(this.#path(name), 'utf8'));
      if (kept?.key !== key) return this.#remove(name);
      // Used now: to the end of the queue.
      if (this.#files.delete(name)) this.#files.set(name, size);
      return kept.value;
    });
  }

  /** Replaces whole files only: a reader or a crash never meets half a value. */
  async put(key: string, value: unknown): Promise<void> {
    const text = JSON.stringify({ key, value });
    const size = Buffer.byteLength(text);
    if (size > this.#options.maxBytes) return;
    await this.#try(async () => {
      const name = nameOf(key);
      const draft = this.#path(`${randomUUID()}${DRAFT}`);
      await writeFile(draft, text, { mode: 0o600 });
      await rename(draft, this.#path(name));
      this.#count(name, size);
      await this.#shrink();
    });
  }

  async #takeStock(): Promise<void> {
    const { folder } = this.#options;
    const found: { name: string; size: number; at: number }[] = [];
    for (const name of await readdir(folder)) {
      if (name.endsWith(DRAFT)) await rm(join(folder, name), { force: true });
      if (!name.endsWith(FILE)) continue;
      const { size, mtimeMs } = await stat(join(folder, name));
      found.push({ name, size, at: mtimeMs });
    }
    for (const { name, size } of found.sort((a, b) => a.at - b.at)) this.#count(name, size);
    await this.#shrink();
  }

  #count(name: string, size: number): void {
    this.#bytes += size - (this.#files.get(name) ?? 0);
    this.#files.delete(name);
    this.#files.set(name, size);
  }

  async #shrink(): Promise<void> {
    while (this.#bytes > this.#options.maxBytes) {
      const [oldest] = this.#files.keys();
      if (oldest === undefined) return;
      await this.#remove(oldest);
    }
  }

  async #remove(name: string): Promise<undefined> {
    this.#bytes -= this.#files.get(name) ?? 0;
    this.#files.delete(name);
    await rm(this.#path(name), { force: true });
  }

  async #try<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await act();
    } catch (error) {
      this.#options.onTrouble(error as Error);
      return undefined;
    }
  }

  #path(name: string): string {
    return join(this.#options.folder, name);
  }
}

const FILE = '.json';
const DRAFT = '.draft';

/** Keys have characters that file names must not. */
function nameOf(key: string): string {
  return `${createHash('sha256').update(key).digest('hex').slice(0, 40)}${FILE}`;
}

function parse(text: string): { key: unknown; value: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

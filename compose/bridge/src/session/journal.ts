import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BridgeError } from '../errors.ts';

interface Waiting {
  readonly line: string;
  /** Whoever waits for it acts on its being on the disk. */
  readonly flush: boolean;
  resolve(): void;
  reject(error: Error): void;
}

/** Milliseconds until the latest on the disk is what nobody waits for; the process may end meanwhile, the machine not. */
const FLUSH_LATER = 1_000;

/**
 * An append-only file of JSON lines. An append is over when its line is on the disk; those that come together
 * share one write and one flush.
 */
export class Journal {
  readonly #file: FileHandle;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #flushLater: NodeJS.Timeout | undefined;
  /** A crash, or a disk that was full, can leave half a line: what follows must not be glued to it. */
  #torn: boolean;

  private constructor(file: FileHandle, torn: boolean) {
    this.#file = file;
    this.#torn = torn;
  }

  /**
   * Opens the file, or makes it (mode 0600, for it holds account numbers), and hands over what it holds.
   * Lines that cannot be read are handed over as undefined: half a line was never acknowledged to anyone.
   * @throws BridgeError `data-dir-unusable`.
   */
  static async open(path: string, take: (record: unknown) => void): Promise<Journal> {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const text = await readIfThere(path);
      const file = await open(path, 'a', 0o600);
      await flushFolder(dirname(path));
      for (const line of text.split('\n')) if (line !== '') take(parse(line));
      return new Journal(file, text !== '' && !text.endsWith('\n'));
    } catch (error) {
      throw new BridgeError('data-dir-unusable', `${path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Resolves once the record is on the disk.
   * @throws BridgeError `journal-failed`; the record then counts as not written.
   */
  append(record: object): Promise<void> {
    return this.#add(record, true);
  }

  /**
   * Resolves once the record is written, and flushes it a moment later: for what the gateway would tell again.
   * @throws BridgeError `journal-failed`.
   */
  note(record: object): Promise<void> {
    return this.#add(record, false);
  }

  /** Waits for what is being written, and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    if (this.#flushLater) await this.#file.datasync();
    clearTimeout(this.#flushLater);
    await this.#file.close();
  }

  #add(record: object, flush: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ line: `${JSON.stringify(record)}\n`, flush, resolve, reject });
    this.#writing ??= this.#writeAll();
    return promise;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#write(batch);
    }
    this.#writing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    try {
      const bytes = Buffer.from(`${this.#torn ? '\n' : ''}${batch.map(({ line }) => line).join('')}`);
      const { bytesWritten } = await this.#file.write(bytes);
      if (bytesWritten < bytes.length)
        throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`);
      if (batch.some(({ flush }) => flush)) await this.#flush();
      else this.#flushLater ??= setTimeout(() => void this.#flush().catch(() => {}), FLUSH_LATER).unref();
      this.#torn = false;
      for (const waiting of batch) waiting.resolve();
    } catch (error) {
      this.#torn = true;
      const failure = new BridgeError('journal-failed', (error as Error).message, { cause: error });
      for (const waiting of batch) waiting.reject(failure);
    }
  }

  /** What failed to be flushed later fails the next that waits for its own: the system tells an error once for all. */
  async #flush(): Promise<void> {
    clearTimeout(this.#flushLater);
    this.#flushLater = undefined;
    await this.#file.datasync();
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A new file is on the disk only when its folder is. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

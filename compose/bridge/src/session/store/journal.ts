import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BridgeError } from '../../errors.ts';
import { createWhole, flushFolder, parseLine, readLines } from './files.ts';

interface Waiting {
  readonly line: string;
  /** Whoever waits for it acts on its being on the disk. */
  readonly flush: boolean;
  resolve(): void;
  reject(error: Error): void;
}

/** Milliseconds until the latest on the disk is what nobody waits for; the process may end meanwhile, the machine not. */
const FLUSH_LATER = 1_000;

/** Milliseconds until what nobody waits for is written, unless something else is before: a write costs more than a line. */
const WRITE_LATER = 10;

/**
 * An append-only file of JSON lines. An append is over when its line is on the disk; those that come together
 * share one write and one flush.
 */
export class Journal {
  #file: FileHandle;
  #waiting: Waiting[] = [];
  /** Somebody waits for a flush of what waits. */
  #isAwaited = false;
  #moves: (() => Promise<void>)[] = [];
  #writing: Promise<void> | undefined;
  #flushLater: NodeJS.Timeout | undefined;
  #writeLater: NodeJS.Timeout | undefined;
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
      const file = await open(path, 'a', 0o600);
      await flushFolder(dirname(path));
      const torn = await readLines(path, (line) => take(parseLine(line)));
      return new Journal(file, torn);
    } catch (error) {
      throw new BridgeError('data-dir-unusable', `${path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Resolves once the record is on the disk.
   * @param written called when it is, before anything else is written or moved
   * @throws BridgeError `journal-failed`; the record then counts as not written.
   */
  append(record: object, written?: () => void): Promise<void> {
    return this.#add(record, true, written);
  }

  /**
   * Resolves once the record is written, together with others of the same moment, and flushes it a moment later: for
   * what the gateway would tell again.
   * @throws BridgeError `journal-failed`.
   */
  note(record: object): Promise<void> {
    return this.#add(record, false);
  }

  /**
   * Goes on in another file, which begins with these records. They are asked for when everything before is written,
   * and what comes meanwhile waits. Until the other file is whole on the disk, nothing but the old one counts.
   * @throws Error when it cannot be written: the journal then goes on in the old one.
   */
  move(path: string, records: () => readonly object[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#moves.push(() => this.#move(path, records).then(resolve, reject));
      this.#begin();
    });
  }

  /** Waits for what is being written, and closes the file. */
  async close(): Promise<void> {
    while (this.#writing || this.#waiting.length > 0) await this.#begin();
    if (this.#flushLater) await this.#file.datasync();
    clearTimeout(this.#flushLater);
    await this.#file.close();
  }

  #add(record: object, flush: boolean, written?: () => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const done = () => {
      written?.();
      resolve();
    };
    this.#waiting.push({ line: `${JSON.stringify(record)}\n`, flush, resolve: done, reject });
    if (flush) this.#isAwaited = true;
    if (flush) this.#begin();
    else this.#beginLater();
    return promise;
  }

  #begin(): Promise<void> {
    clearTimeout(this.#writeLater);
    this.#writeLater = undefined;
    this.#writing ??= this.#writeAll();
    return this.#writing;
  }

  #beginLater(): void {
    if (!this.#writing) this.#writeLater ??= setTimeout(() => void this.#begin(), WRITE_LATER);
  }

  /** A turn of the event loop is let pass first: whatever comes in the same one shares the write. */
  async #writeAll(): Promise<void> {
    do {
      await setImmediate();
      const batch = this.#waiting;
      this.#waiting = [];
      this.#isAwaited = false;
      await this.#write(batch);
      await this.#moves.shift()?.();
    } while (this.#isAwaited || this.#moves.length > 0);
    this.#writing = undefined;
    if (this.#waiting.length > 0) this.#beginLater();
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return;
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

  async #move(path: string, records: () => readonly object[]): Promise<void> {
    const text = records().map((record) => `${JSON.stringify(record)}\n`);
    const before = this.#file;
    this.#file = await createWhole(path, text.join(''));
    this.#torn = false;
    clearTimeout(this.#flushLater);
    this.#flushLater = undefined;
    await seal(before);
  }
}

/** A copy of the folder that is under way may need the old file for a while: its time says since when it is old. */
async function seal(file: FileHandle): Promise<void> {
  const now = new Date();
  await file.utimes(now, now).catch(() => {});
  await file.close().catch(() => {});
}

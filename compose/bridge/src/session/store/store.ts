import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BridgeError } from '../../errors.ts';
import { DRAFT, firstLine, flushFolder, parseLine, readLines } from './files.ts';
import { Journal } from './journal.ts';
import { numbersOf, pathOf } from './names.ts';
import { isWithin, Past, type PastOptions, type Place } from './past.ts';

export interface StoreOptions<Value> extends PastOptions<Value> {
  /** The one file of before there was a folder: it becomes the first journal. */
  readonly legacy: string;
  /** How far the past reached when a journal was begun, from its first line; undefined when that does not tell. */
  readonly placeOf: (line: unknown) => Place | undefined;
  /** Takes a line of a journal. @param isRepeated the first line of a later one, whose sums hold what was read already */
  readonly take: (record: unknown, isRepeated: boolean) => void;
}

/** Milliseconds a journal stays after the next was begun: a copy of the folder that is under way may need it. */
const KEPT_FOR = 3_600_000;

/**
 * A folder with the journal of what goes on and the past of what is over. Moving from the one to the other is three
 * steps, each whole before the next begins: added to the past and flushed; a new journal without it written, flushed
 * and put in place; forgotten in memory. A crash between them leaves something in both, which is no harm.
 */
export class Store<Value> {
  readonly journal: Journal;
  readonly past: Past<Value>;
  readonly #folder: string;
  #number: number;

  private constructor(folder: string, number: number, journal: Journal, past: Past<Value>) {
    this.#folder = folder;
    this.#number = number;
    this.journal = journal;
    this.past = past;
  }

  /** Opens the folder, or makes it, and hands over what its journal holds. @throws BridgeError `data-dir-unusable`. */
  static async open<Value>(options: StoreOptions<Value>): Promise<Store<Value>> {
    const { folder } = options;
    try {
      await prepare(options);
      const past = await Past.open(options);
      const [first = 1, ...rest] = await journalsToRead(options, past.end);
      const last = rest.at(-1) ?? first;
      const taker = (number: number) => {
        let isRepeated = number !== first;
        return (record: unknown) => {
          options.take(record, isRepeated);
          isRepeated = false;
        };
      };
      for (const number of [first, ...rest].filter((each) => each !== last)) {
        const take = taker(number);
        await readLines(pathOf(folder, 'journal', number), (line) => take(parseLine(line)));
      }
      const journal = await Journal.open(pathOf(folder, 'journal', last), taker(last));
      return new Store(folder, last, journal, past);
    } catch (error) {
      if (error instanceof BridgeError) throw error;
      throw new BridgeError('data-dir-unusable', `${folder}: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * Begins a new journal. @param records of it; its first tells how far the past reaches
   * @throws Error when it cannot be written: the journal then goes on as it was.
   */
  async begin(records: () => readonly object[]): Promise<void> {
    await this.journal.move(pathOf(this.#folder, 'journal', this.#number + 1), records);
    this.#number += 1;
  }

  /** Deletes journals that no copy can need any more. */
  async dropOld(now: number): Promise<void> {
    for (const number of await numbersOf(this.#folder, 'journal')) {
      if (number >= this.#number) continue;
      const path = pathOf(this.#folder, 'journal', number);
      if ((await stat(path)).mtimeMs < now - KEPT_FOR) await rm(path, { force: true });
    }
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

async function prepare({
  folder,
  legacy,
}: {
  readonly folder: string;
  readonly legacy: string;
}): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) if (name.endsWith(DRAFT)) await rm(join(folder, name));
  if ((await numbersOf(folder, 'journal')).length > 0) return;
  try {
    await rename(legacy, pathOf(folder, 'journal', 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await flushFolder(folder);
  await flushFolder(dirname(folder));
}

/**
 * The journals that together with the past tell all: the last alone, for each is begun with what was going on. A copy
 * made while things were moved can have the past of before and the journal of after: the journals before it then, too.
 */
async function journalsToRead<Value>(
  { folder, placeOf }: Pick<StoreOptions<Value>, 'folder' | 'placeOf'>,
  end: Place,
): Promise<number[]> {
  const numbers = await numbersOf(folder, 'journal');
  for (let index = numbers.length - 1; index > 0; index--) {
    const line = await firstLine(pathOf(folder, 'journal', numbers[index] ?? 0));
    const place = line === undefined ? undefined : placeOf(parseLine(line));
    if (place === undefined || isWithin(place, end)) return numbers.slice(index);
  }
  return numbers;
}

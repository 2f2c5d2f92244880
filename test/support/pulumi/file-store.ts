import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Recorded, Store } from './google.ts';

/** The recording cloud in a file: it outlives the provider's process, and a test can look into it and change it. */
export class FileStore implements Store {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get(id: string): Recorded | undefined {
    return this.#read().get(id);
  }

  set(id: string, recorded: Recorded): void {
    this.#write((all) => all.set(id, recorded));
  }

  delete(id: string): boolean {
    return this.#write((all) => all.delete(id));
  }

  values() {
    return this.#read().values();
  }

  #read(): Map<string, Recorded> {
    return new Map(existsSync(this.#path) ? JSON.parse(readFileSync(this.#path, 'utf8')) : []);
  }

  #write<T>(change: (all: Map<string, Recorded>) => T): T {
    const all = this.#read();
    const result = change(all);
    writeFileSync(`${this.#path}.new`, JSON.stringify([...all], undefined, 2));
    renameSync(`${this.#path}.new`, this.#path);
    return result;
  }
}

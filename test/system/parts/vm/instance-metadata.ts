import { EventEmitter, once } from 'node:events';

/** The attributes of one instance, as its metadata server tells them, and what the instance says about itself. */
export class InstanceMetadata {
  /** Guest attributes in the order they were written, by `namespace/key`. */
  readonly guest: [name: string, value: string][] = [];
  #attributes: Readonly<Record<string, string>> = {};
  #version = 1;
  readonly #changes = new EventEmitter();

  get etag(): string {
    return String(this.#version);
  }

  attributes(): Readonly<Record<string, string>> {
    return this.#attributes;
  }

  /** Changes attributes as `pulumi up` does: requests that hang are answered. */
  set(changes: Readonly<Record<string, string>>): void {
    this.#attributes = { ...this.#attributes, ...changes };
    this.#version += 1;
    this.#changes.emit('change');
  }

  /** Waits for a change when the asker knows the state already; at most so many seconds, or until it hangs up. */
  async change(knownEtag: string | undefined, seconds: number, gone: AbortSignal): Promise<void> {
    if (knownEtag !== this.etag || seconds === 0) return;
    const signal = AbortSignal.any([gone, AbortSignal.timeout(seconds * 1000)]);
    await once(this.#changes, 'change', { signal }).catch(() => undefined);
  }

  /** The last value of a guest attribute. */
  last(name: string): string | undefined {
    return this.guest.findLast(([written]) => written === name)?.[1];
  }
}

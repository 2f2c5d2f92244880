/** Things that happen, kept in order until somebody asks for the next one. */
export class Inbox<T> {
  readonly #events: T[] = [];
  #waiting: ((event: T) => void) | undefined;

  post(event: T): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(event);
    else this.#events.push(event);
  }

  /** The next event. One caller at a time. */
  next(): Promise<T> {
    const event = this.#events.shift();
    if (event !== undefined) return Promise.resolve(event);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** What has happened already and was not asked for. */
  drain(): T[] {
    return this.#events.splice(0);
  }
}

import { maskAccounts } from '../tws/accounts.ts';

export { maskAccounts };

/** A talkative or hostile peer must not make a verdict grow without bound. */
const MOST_LINES = 40;
const LONGEST_LINE = 240;

/** What was seen on the wire, in order: printable, account numbers masked, bounded. */
export class Evidence {
  readonly #lines: string[] = [];
  #dropped = 0;

  add(line: string): void {
    if (this.#lines.length >= MOST_LINES) this.#dropped += 1;
    else this.#lines.push(clean(line));
  }

  get lines(): readonly string[] {
    return this.#dropped > 0 ? [...this.#lines, `and ${this.#dropped} more lines`] : [...this.#lines];
  }
}

/** All but printable ASCII and Latin letters (time zones have them), and the ellipsis of masked accounts. */
const UNPRINTABLE = /[^ -~\u00a1-\u00ff\u2026]+/g;

/** One printable line of text that came from outside: no control characters, not too long, no account number. */
export function clean(text: string): string {
  const line = maskAccounts(text).replace(UNPRINTABLE, ' ');
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
}

/** `1 byte`, `12 bytes`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

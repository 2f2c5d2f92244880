import { isIPv6 } from 'node:net';
import type { Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';

/** Wrong keys an address may send within the window; a key has 64 bits at least, so nobody gets far with these. */
const MOST = 10;
const WINDOW = 60_000;
/** Addresses remembered, some hundred bytes each; beyond, the one that has been quiet longest is forgotten. */
const ADDRESSES = 10_000;

/** Counts wrong keys by the address they came from. An address that sent too many is not listened to for a while. */
export class FailedAttempts {
  readonly #clock: Clock;
  /** When the last failures were, monotonic milliseconds, by address. */
  readonly #failures = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#failures.size === 0;
  }

  /** @throws BridgeError `too-many-attempts` with the seconds to wait; a right key is not looked at either. */
  require(address: string): void {
    const times = this.#recent(networkOf(address));
    const [first] = times;
    if (first === undefined || times.length < MOST) return;
    const wait = first + WINDOW - this.#clock.monotonic();
    throw new BridgeError('too-many-attempts', `${times.length} wrong keys within a minute`, {
      retryAfterSeconds: Math.max(1, Math.ceil(wait / 1_000)),
    });
  }

  /** @returns true when this one was the last that is listened to. */
  failed(address: string): boolean {
    const network = networkOf(address);
    const times = [...this.#recent(network), this.#clock.monotonic()];
    this.#failures.delete(network);
    this.#failures.set(network, times);
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined && this.#failures.size > ADDRESSES) this.#failures.delete(oldest);
    return times.length === MOST;
  }

  #recent(network: string): number[] {
    const since = this.#clock.monotonic() - WINDOW;
    return (this.#failures.get(network) ?? []).filter((time) => time > since);
  }
}

/** Whoever has an IPv6 address has its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = address.includes('::')
    ? [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail)]
    : groups(head);
  return all.slice(0, 4).join(':');
}

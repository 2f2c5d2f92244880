import type { Cancel, Clock } from '../clock.ts';
import { BridgeError } from '../errors.ts';
import type { Priority } from './types.ts';

const PRIORITIES: readonly Priority[] = ['heartbeat', 'order', 'request'];

export interface PacingLimits {
  /** IBKR's limit for one client; its default is 50 messages a second (market data lines / 2). */
  readonly messagesPerSecond: number;
  /** Kept free for what does not pass through here: START_API, and a count that differs by one. */
  readonly margin: number;
  /** Added to the second, in milliseconds: messages can bunch up on their way to the gateway. */
  readonly slack: number;
}

export const IBKR_LIMITS: PacingLimits = { messagesPerSecond: 50, margin: 2, slack: 50 };

interface Ticket {
  readonly send: () => void;
}

/**
 * The one budget for messages to the gateway: never more than the limit in any second, heartbeats and orders first.
 * A sliding window rather than a bucket, because the gateway counts any second, not the average; three breaches
 * (error 100) end the session. Half of the limit goes out at once, what comes after it evenly: of an even stream a
 * stall of a tenth of a second on the way puts nothing over the limit, of a bunch it does.
 */
export class PacingBudget {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #window: number;
  /** Milliseconds between messages once half of the limit is used: all of a window's, evenly. */
  readonly #spacing: number;
  readonly #queues = new Map<Priority, Set<Ticket>>(PRIORITIES.map((priority) => [priority, new Set()]));
  /** When the last messages went out, oldest first, never more than the limit. */
  readonly #sent: number[] = [];
  /** When the last message was due: a timer that is late by a millisecond must not slow the stream down. */
  #due = Number.NEGATIVE_INFINITY;
  #timer: Cancel | undefined;
  #sentInAll = 0;
  #refused = 0;

  constructor(clock: Clock, limits: PacingLimits = IBKR_LIMITS) {
    this.#clock = clock;
    this.#limit = limits.messagesPerSecond - limits.margin;
    this.#window = 1_000 + limits.slack;
    this.#spacing = this.#window / this.#limit;
  }

  /**
   * Calls `send` when the budget allows it, at once if it does now. The answer withdraws it.
   * @throws BridgeError `pacing-exhausted` when that would be later than `deadline` milliseconds from now.
   */
  enqueue(priority: Priority, deadline: number, send: () => void): Cancel {
    this.require(priority, deadline);
    const ticket: Ticket = { send };
    const queue = this.#queue(priority);
    queue.add(ticket);
    this.#pump();
    return () => queue.delete(ticket);
  }

  /** @throws BridgeError `pacing-exhausted` when a message could not go out within `deadline` milliseconds. */
  require(priority: Priority, deadline: number): void {
    const wait = this.waitFor(priority);
    if (wait <= deadline) return;
    this.#refused += 1;
    throw exhausted(wait);
  }

  /** Since the bridge started, and waiting now. */
  get counts(): { readonly sent: number; readonly waiting: number; readonly refused: number } {
    const waiting = [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0);
    return { sent: this.#sentInAll, waiting, refused: this.#refused };
  }

  /** Milliseconds a message of this priority would wait if it came now. */
  waitFor(priority: Priority): number {
    const ahead = PRIORITIES.slice(0, PRIORITIES.indexOf(priority) + 1)
      .map((each) => this.#queue(each).size)
      .reduce((sum, size) => sum + size, 0);
    return this.#slot(ahead);
  }

  /** Milliseconds until the message with so many ahead of it may go. */
  #slot(ahead: number): number {
    const now = this.#clock.monotonic();
    if (ahead === 0) return this.#earliest(this.#sent, this.#due, now) - now;
    const sent = this.#sent.slice(-this.#limit);
    let due = this.#due;
    let at = now;
    for (let index = 0; index <= ahead; index++) {
      at = this.#earliest(sent, due, at);
      due = this.#nextDue(sent, due, at);
      sent.push(at);
    }
    return at - now;
  }

  #earliest(sent: readonly number[], due: number, from: number): number {
    const at = Math.max(from, (sent.at(-this.#limit) ?? Number.NEGATIVE_INFINITY) + this.#window);
    return this.#crowded(sent, at) ? Math.max(at, due + this.#spacing) : at;
  }

  #nextDue(sent: readonly number[], due: number, at: number): number {
    const even = due + this.#spacing;
    // Late by less than a spacing is a timer's doing, and is made up for.
    return this.#crowded(sent, at) && at - even < this.#spacing ? even : at;
  }

  #crowded(sent: readonly number[], at: number): boolean {
    const half = sent.at(-Math.floor(this.#limit / 2));
    return half !== undefined && half + this.#window > at;
  }

  #pump(): void {
    for (let ticket = this.#first(); ticket !== undefined; ticket = this.#first()) {
      const wait = this.#slot(0);
      if (wait > 0) {
        this.#wake(wait);
        return;
      }
      this.#withdraw(ticket);
      const now = this.#clock.monotonic();
      this.#due = this.#nextDue(this.#sent, this.#due, now);
      this.#sent.push(now);
      this.#sentInAll += 1;
      if (this.#sent.length > this.#limit) this.#sent.shift();
      ticket.send();
    }
  }

  #wake(wait: number): void {
    this.#timer ??= this.#clock.after(Math.ceil(wait), () => {
      this.#timer = undefined;
      this.#pump();
    });
  }

  #first(): Ticket | undefined {
    for (const queue of this.#queues.values()) {
      for (const ticket of queue) return ticket;
    }
    return undefined;
  }

  #withdraw(ticket: Ticket): void {
    for (const queue of this.#queues.values()) queue.delete(ticket);
  }

  #queue(priority: Priority): Set<Ticket> {
    return this.#queues.get(priority) as Set<Ticket>;
  }
}

/** The refusal of what would wait so many milliseconds. */
export function exhausted(wait: number): BridgeError {
  const seconds = Math.max(1, Math.ceil(wait / 1_000));
  return new BridgeError('pacing-exhausted', `the next message could go out in ${Math.ceil(wait)} ms`, {
    retryAfterSeconds: seconds,
  });
}

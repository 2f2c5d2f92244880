import type { Clock } from '../clock.ts';

interface Kept<Value> {
  readonly value: Value;
  readonly since: number;
}

/** Answers worth keeping for a while, by key, the oldest forgotten first. A failure is not kept. */
export class KeptAnswers<Value> {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #most: number;
  readonly #isWorthIt: (value: Value) => boolean;
  readonly #answers = new Map<string, Kept<Value>>();
  readonly #underWay = new Map<string, Promise<Value>>();

  /**
   * @param most how many are kept
   * @param isWorthIt which are kept at all
   */
  constructor(
    clock: Clock,
    milliseconds: number,
    most: number,
    isWorthIt: (value: Value) => boolean = () => true,
  ) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#most = most;
    this.#isWorthIt = isWorthIt;
  }

  /**
   * The answer that is kept, or what `ask` gives.
   * @param group those of a group who ask while it is under way share it, its failure too
   */
  get(key: string, ask: () => Promise<Value>, group = ''): Promise<Value> {
    const kept = this.#answers.get(key);
    if (kept && this.#clock.monotonic() - kept.since < this.#milliseconds) return Promise.resolve(kept.value);
    const flight = `${group} ${key}`;
    return this.#underWay.get(flight) ?? this.#ask(key, flight, ask);
  }

  #ask(key: string, flight: string, ask: () => Promise<Value>): Promise<Value> {
    const asked = ask().then((value) => {
      if (this.#isWorthIt(value)) this.#keep(key, value);
      return value;
    });
    this.#underWay.set(flight, asked);
    const over = () => this.#underWay.delete(flight);
    asked.then(over, over);
    return asked;
  }

  #keep(key: string, value: Value): void {
    this.#answers.delete(key);
    this.#answers.set(key, { value, since: this.#clock.monotonic() });
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined && this.#answers.size > this.#most) this.#answers.delete(oldest);
  }
}

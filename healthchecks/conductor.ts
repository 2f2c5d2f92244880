import { WireError } from '../tws/errors.ts';
import { decodeServerHello } from '../tws/hello.ts';
import type { Answer } from './answers.ts';
import type { Finding } from './causes.ts';
import type { Clock } from './clock.ts';
import { count } from './evidence.ts';
import type { Inbox } from './inbox.ts';
import type { Run } from './run.ts';
import type { Decision, Outcome, Stage, StageMaker } from './stage.ts';
import { stranger } from './strangers.ts';
import type { StageName } from './verdict.ts';
import type { WireEvent } from './wire.ts';

/** Everything that can end a stage's waiting. */
export type Happening =
  | WireEvent
  | { readonly kind: 'deadline'; readonly stage: StageName }
  | { readonly kind: 'aborted' };

/** Takes stages one at a time: hands each what happens, and keeps its deadline. */
export class Conductor {
  readonly #run: Run;
  readonly #inbox: Inbox<Happening>;
  readonly #clock: Clock;
  #begun = 0;
  #over = false;

  constructor(run: Run, inbox: Inbox<Happening>, clock: Clock) {
    this.#run = run;
    this.#inbox = inbox;
    this.#clock = clock;
  }

  /** Nothing more can come of this conversation: it ended, or it can't be understood any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Takes one stage, for `budget` milliseconds at most. */
  async take(make: StageMaker, budget: number): Promise<Decision> {
    const stage = make(this.#run);
    this.#begun = this.#clock.monotonic();
    const deadline = { kind: 'deadline', stage: stage.name } as const;
    const cancel = this.#clock.after(budget, () => this.#inbox.post(deadline));
    try {
      let outcome = stage.start();
      while (outcome === undefined) outcome = this.#react(stage, await this.#inbox.next());
      return outcome;
    } finally {
      cancel();
    }
  }

  /** Takes down the notices that came together with the last answer. */
  finish(): void {
    for (const event of this.#inbox.drain()) {
      if (event.kind === 'payload' && this.#run.hello) this.#answer(event.payload);
    }
  }

  #react(stage: Stage, event: Happening): Outcome {
    if (event.kind === 'opened') return stage.see(event);
    if (event.kind === 'payload') return this.#read(stage, event.payload);
    if (event.kind === 'deadline') return event.stage === stage.name ? this.#silence(stage) : undefined;
    this.#over = true;
    if (event.kind === 'aborted') return { cause: 'aborted' };
    return event.kind === 'unframed' ? this.#unreadable(event.error) : this.#ended(stage, event.error);
  }

  #read(stage: Stage, payload: Buffer): Outcome {
    if (!this.#run.hello) return this.#hello(stage, payload);
    const answer = this.#answer(payload);
    if ('cause' in answer) return answer;
    return stage.see({ kind: 'answer', answer });
  }

  #hello(stage: Stage, payload: Buffer): Outcome {
    const hello = this.#understood(() => decodeServerHello(payload));
    if ('cause' in hello) return hello;
    this.#run.hello = hello;
    this.#run.evidence.add(`hello: server version ${hello.serverVersion}, ${hello.connectionTime}`);
    return stage.see({ kind: 'hello', hello });
  }

  #answer(payload: Buffer): Answer | Finding {
    const version = this.#run.hello?.serverVersion ?? 0;
    const answer = this.#understood(() => this.#run.reader.read(payload, version));
    if ('cause' in answer) return answer;
    const finding = this.#run.observe(answer);
    if (finding) this.#over = true;
    return finding ?? answer;
  }

  #understood<T>(decode: () => T): T | Finding {
    try {
      return decode();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.#over = true;
      return this.#unreadable(error);
    }
  }

  #unreadable(error: WireError): Finding {
    this.#run.evidence.add(`${error.code}: ${error.message}`);
    if (this.#run.hello) return { cause: 'garbled', detail: error.code };
    return { cause: 'not-a-gateway', detail: stranger(this.#run.wire.first) };
  }

  #silence(stage: Stage): Decision {
    this.#note(`the ${this.#milliseconds()} given to ${stage.name} passed`);
    return this.#cutOff() ?? stage.silence();
  }

  #ended(stage: Stage, error: NodeJS.ErrnoException | undefined): Finding {
    const how = error ? `ended by ${error.code ?? error.message}` : 'closed by the other end';
    this.#note(`${how} ${this.#milliseconds()} into ${stage.name}`);
    return this.#cutOff() ?? stage.ended(error);
  }

  #cutOff(): Finding | undefined {
    const { pending } = this.#run.wire;
    return pending > 0
      ? { cause: 'frame-cut-off', detail: `${count(pending, 'byte')} of it came` }
      : undefined;
  }

  #note(text: string): void {
    this.#run.evidence.add(`${text}, ${count(this.#run.wire.received, 'byte')} received`);
  }

  #milliseconds(): string {
    return `${Math.round(this.#clock.monotonic() - this.#begun)} ms`;
  }
}

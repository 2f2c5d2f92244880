import type { Request } from '../../../../tws/index.ts';
import type { Cancel } from '../time/clock.ts';
import type { World } from '../world.ts';
import { catalogue } from './catalogue.ts';
import type { Interceptor, Verdict } from './fault.ts';
import { FaultError, keysOf, kindOf, type Scope, scopeSchema, settingsOf } from './settings.ts';

/** A fault in force. */
export interface ActiveFault {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** How often it has stepped in. */
  readonly happened: number;
}

interface Running {
  readonly fault: ActiveFault;
  readonly scope: Scope;
  readonly interceptor: Interceptor;
  readonly times: number;
  happened: number;
  cancelTimer: Cancel | undefined;
}

type Point = Exclude<keyof Interceptor, 'cleared'>;
type Step = (...args: unknown[]) => Verdict;

/** What is known of the client and the request that a point is about. */
export interface Subject {
  readonly clientId?: number | undefined;
  readonly request?: Request['type'];
}

/** The faults in force. The server asks here at each point where one may step in. */
export class Faults {
  readonly #running = new Map<string, Running>();
  #world: World | undefined;

  /** Called once, when the world is there. */
  attach(world: World): void {
    this.#world = world;
  }

  /** Every kind there is, with what it does and the settings it has beside clientId, request, times and forMs. */
  kinds(): { name: string; does: string; settings: string[] }[] {
    return catalogue.map(({ name, does, parameters }) => ({ name, does, settings: keysOf(parameters) }));
  }

  active(): ActiveFault[] {
    return [...this.#running.values()].map(({ fault, happened }) => ({ ...fault, happened }));
  }

  /**
   * Sets a fault; one of the same name is replaced.
   * @throws FaultError for a name or settings there are not
   */
  set(name: string, input: Record<string, unknown> = {}): ActiveFault {
    const world = this.#world;
    if (!world) throw new FaultError('the simulator has not started', 'wait until it listens');
    const kind = kindOf(name);
    const settings = settingsOf(kind, input);
    this.clear(name);
    world.say(
      'fault',
      `${name} set${Object.keys(settings).length > 0 ? ` ${JSON.stringify(settings)}` : ''}`,
    );
    const fault = { name, settings, since: new Date(world.clock.now()).toISOString(), happened: 0 };
    const interceptor = kind.start(world, settings);
    if (!interceptor) return { ...fault, happened: 1 };
    const scope = scopeSchema.parse(settings);
    const times = scope.times ?? kind.times ?? Number.POSITIVE_INFINITY;
    const running: Running = { fault, scope, interceptor, times, happened: 0, cancelTimer: undefined };
    this.#running.set(name, running);
    const forMs = scope.forMs ?? kind.forMs;
    if (forMs) running.cancelTimer = world.scope.after(forMs, () => this.clear(name));
    return fault;
  }

  /** @returns false when it was not in force */
  clear(name: string): boolean {
    const running = this.#running.get(name);
    if (!running) return false;
    this.#running.delete(name);
    running.cancelTimer?.();
    this.#world?.say('fault', `${name} cleared`);
    running.interceptor.cleared?.();
    return true;
  }

  clearAll(): void {
    for (const name of [...this.#running.keys()]) this.clear(name);
  }

  /** Nearly always true, and bytes are written a million times: who writes them need not ask then. */
  get none(): boolean {
    return this.#running.size === 0;
  }

  /** Asks the faults at one point; true when one has dealt with the matter. */
  stop<P extends Point>(
    point: P,
    subject: Subject,
    ...args: Parameters<NonNullable<Interceptor[P]>>
  ): boolean {
    if (this.none) return false;
    for (const running of [...this.#running.values()]) {
      const step = running.interceptor[point] as Step | undefined;
      if (!step || !concerns(running.scope, subject)) continue;
      const verdict = step.apply(running.interceptor, args);
      if (verdict !== 'pass') this.#count(running);
      if (verdict === 'stop') return true;
    }
    return false;
  }

  #count(running: Running): void {
    running.happened += 1;
    if (running.happened >= running.times) this.clear(running.fault.name);
  }
}

function concerns(only: Scope, { clientId, request }: Subject): boolean {
  if (only.clientId !== undefined && clientId !== undefined && only.clientId !== clientId) return false;
  return only.request === undefined || request === undefined || only.request === request;
}

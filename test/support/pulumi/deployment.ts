import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import providerServices from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import type { Registered } from './computed.ts';
import { ask, fromStruct, grpc, toStruct } from './grpc.ts';

/** A resource as a program registered it, with what it said about its life. */
export interface Goal extends Registered {
  readonly urn: string;
  readonly custom: boolean;
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly provider: string;
}

/** A resource in the state of a stack. */
export interface Stated extends Goal {
  readonly id: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What was done with a resource. Those that were left as they were are not listed. */
export interface Step {
  readonly op: 'create' | 'update' | 'replace' | 'delete';
  readonly type: string;
  readonly name: string;
  /** Paths of the inputs that changed. */
  readonly changed: readonly string[];
}

/** The state of a stack, by URN. It outlives a run. */
export type State = Map<string, Stated>;

type Client = InstanceType<typeof providerServices.ResourceProviderClient>;

/**
 * One run of a program against a state, as Pulumi's engine does it: check, diff, create or update or replace, and at
 * the end delete what was not registered. Everything is asked of a provider over gRPC.
 */
export class Deployment {
  readonly steps: Step[] = [];
  readonly #state: State;
  readonly #client: Client;
  readonly #registered = new Set<string>();
  readonly #replaced: Stated[] = [];

  constructor(state: State, provider: string) {
    this.#state = state;
    this.#client = new providerServices.ResourceProviderClient(
      provider,
      grpc.credentials.createInsecure() as never,
    );
  }

  close(): void {
    this.#client.close();
  }

  /** Brings one resource to what the program wants. Throws an Error where the provider refuses. */
  async register(asked: Goal): Promise<Stated> {
    const before = this.#state.get(asked.urn);
    const inputs = ignoring(asked.ignoreChanges, before?.inputs, hashed(asked.inputs) as Goal['inputs']);
    const goal = { ...asked, inputs };
    if (goal.custom) await this.#check(goal, before);
    const after = await this.#settle(goal, before);
    this.#registered.add(goal.urn);
    this.#state.set(goal.urn, after);
    return after;
  }

  /** Deletes what the program did not register, youngest first. Throws an Error for what is protected. */
  async finish(): Promise<void> {
    for (const one of this.#replaced) await this.#delete(one);
    const gone = [...this.#state.values()].filter(({ urn }) => !this.#registered.has(urn)).reverse();
    const kept = gone.find(({ protect }) => protect);
    if (kept) throw new Error(`${kept.name} is protected, and cannot be deleted`);
    for (const one of gone) {
      await this.#delete(one);
      this.#state.delete(one.urn);
      if (one.custom) this.#note('delete', one, []);
    }
  }

  async #check({ type, name, urn, inputs }: Goal, before: Stated | undefined): Promise<void> {
    const request = new messages.CheckRequest().setUrn(urn).setNews(toStruct(inputs));
    request.setOlds(toStruct(before?.inputs ?? {}));
    const response = await ask<typeof request, InstanceType<typeof messages.CheckResponse>>(
      (one, done) => (isProvider(type) ? this.#client.checkConfig(one, done) : this.#client.check(one, done)),
      request,
    );
    const failures = response.getFailuresList();
    if (failures.length === 0) return;
    const said = failures.map((one) => `${one.getProperty()}: ${one.getReason()}`).join('; ');
    throw new Error(`${type} ${name} has problems: ${said}`);
  }

  async #settle(goal: Goal, before: Stated | undefined): Promise<Stated> {
    if (!goal.custom) return { ...goal, id: '', outputs: {} };
    if (isProvider(goal.type)) return { ...goal, id: `${goal.name}-id`, outputs: goal.inputs };
    if (!before) return this.#create(goal, 'create', []);
    const { changed, replaces } = await this.#diff(goal, before);
    if (changed.length === 0) return { ...before, ...goal };
    if (replaces.length === 0) return this.#update(goal, before, changed);
    if (before.protect) throw new Error(`${goal.name} is protected, and ${replaces} would replace it`);
    if (goal.deleteBeforeReplace) await this.#delete(before);
    else this.#replaced.push(before);
    return this.#create(goal, 'replace', changed);
  }

  async #diff({ urn, inputs, ignoreChanges }: Goal, before: Stated) {
    const request = new messages.DiffRequest().setUrn(urn).setId(before.id);
    request.setOlds(toStruct(before.outputs)).setOldInputs(toStruct(before.inputs));
    request.setNews(toStruct(inputs)).setIgnorechangesList([...ignoreChanges]);
    const response = await ask<typeof request, InstanceType<typeof messages.DiffResponse>>(
      (one, done) => this.#client.diff(one, done),
      request,
    );
    return { changed: response.getDiffsList(), replaces: response.getReplacesList() };
  }

  async #create(goal: Goal, op: 'create' | 'replace', changed: readonly string[]): Promise<Stated> {
    const request = new messages.CreateRequest().setUrn(goal.urn).setProperties(toStruct(goal.inputs));
    const response = await ask<typeof request, InstanceType<typeof messages.CreateResponse>>(
      (one, done) => this.#client.create(one, done),
      request,
    );
    this.#note(op, goal, changed);
    return { ...goal, id: response.getId(), outputs: fromStruct(response.getProperties()) };
  }

  async #update(goal: Goal, before: Stated, changed: readonly string[]): Promise<Stated> {
    const request = new messages.UpdateRequest().setUrn(goal.urn).setId(before.id);
    request.setOlds(toStruct(before.outputs)).setOldInputs(toStruct(before.inputs));
    request.setNews(toStruct(goal.inputs)).setIgnorechangesList([...goal.ignoreChanges]);
    const response = await ask<typeof request, InstanceType<typeof messages.UpdateResponse>>(
      (one, done) => this.#client.update(one, done),
      request,
    );
    this.#note('update', goal, changed);
    return { ...goal, id: before.id, outputs: fromStruct(response.getProperties()) };
  }

  async #delete({ custom, type, urn, id, outputs }: Stated): Promise<void> {
    if (!custom || isProvider(type)) return;
    const request = new messages.DeleteRequest().setUrn(urn).setId(id).setProperties(toStruct(outputs));
    await ask((one: typeof request, done) => this.#client.delete(one, done), request);
  }

  #note(op: Step['op'], { type, name }: Goal, changed: readonly string[]): void {
    this.steps.push({ op, type, name, changed });
  }
}

function isProvider(type: string): boolean {
  return type.startsWith('pulumi:providers:');
}

/** The engine puts what is to be ignored back to what it was; our paths have no lists in them. */
function ignoring(paths: readonly string[], before: Goal['inputs'] | undefined, inputs: Goal['inputs']) {
  if (!before) return inputs;
  const result = structuredClone(inputs) as Record<string, unknown>;
  for (const path of paths) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const parent = (from: unknown) =>
      names.reduce<unknown>((value, name) => (value as Record<string, unknown>)?.[name], from) as
        | Record<string, unknown>
        | undefined;
    const [to, from] = [parent(result), parent(before)];
    if (to && from) to[last] = from[last];
  }
  return result;
}

/** The engine knows an asset by the hash of its bytes. Paths are relative to the program's folder. */
function hashed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hashed);
  if (typeof value !== 'object' || value === null) return value;
  if (ASSET in value && 'path' in value) {
    const bytes = readFileSync(join(String(value.path)));
    return { ...value, hash: createHash('sha256').update(bytes).digest('hex') };
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, hashed(part)]));
}

/** Pulumi's mark for values that are more than JSON. */
const ASSET = '4dabf18193072939515e22adb298388d';

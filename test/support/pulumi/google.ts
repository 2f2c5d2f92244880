import { computed } from './computed.ts';
import { checkInputs, type Failure } from './google-check.ts';
import { type Change, changesBetween, replaces, stops } from './google-replaces.ts';

/** Values of a resource. */
export type Values = Readonly<Record<string, unknown>>;

/** A resource as it is in the cloud. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Values;
}

/** What the recording cloud holds, by id. A Map will do; the one of a real engine's run is a file. */
export interface Store {
  get(id: string): Recorded | undefined;
  set(id: string, recorded: Recorded): unknown;
  delete(id: string): boolean;
  values(): Iterable<Recorded>;
}

/** What this cloud is to refuse, to see what a program and its engine do about it. */
export interface Refusals {
  /** Names of buckets that belong to somebody else. */
  readonly takenBuckets?: readonly string[];
  /** Inputs that do not pass the check of the provider. */
  readonly check?: (type: string, inputs: Values) => Failure[];
}

/** What a provider says about a difference. */
export interface Difference {
  readonly changes: readonly Change[];
  readonly replaces: readonly string[];
}

/** Google as far as its provider shows it: names and kinds of inputs, what replaces, and what is refused. */
export class Google {
  readonly #store: Store;
  readonly #refusals: Refusals;

  constructor(store: Store, refusals: Refusals = {}) {
    this.#store = store;
    this.#refusals = refusals;
  }

  check(type: string, inputs: Values): Failure[] {
    return [...checkInputs(type, inputs), ...(this.#refusals.check?.(type, inputs) ?? [])];
  }

  /** What is asked for now against what there is; what nobody ever asked for is no difference. */
  diff(type: string, state: Values, oldInputs: Values, inputs: Values): Difference {
    const keys = new Set([...Object.keys(oldInputs), ...Object.keys(inputs)]);
    const before = Object.fromEntries([...keys].map((key) => [key, state[key]]));
    const changes = changesBetween(before, inputs);
    return { changes, replaces: changes.filter((one) => replaces(type, one)).map(({ path }) => path) };
  }

  /** Makes a resource and returns its id. Throws an Error with Google's words where it would refuse. */
  create(type: string, name: string, inputs: Values): string {
    if (type === 'gcp:storage/bucket:Bucket' && this.#refusals.takenBuckets?.includes(String(inputs.name)))
      throw new Error(BUCKET_TAKEN);
    const id = this.#freeId(`${type}/${name}`);
    this.#store.set(id, { type, name, inputs });
    return id;
  }

  #freeId(wanted: string): string {
    const taken = (id: string) => this.#store.get(id) !== undefined;
    let id = wanted;
    for (let n = 2; taken(id); n += 1) id = `${wanted}-${n}`;
    return id;
  }

  /** Changes a resource in place. Throws an Error where Google's provider would refuse. */
  update(id: string, type: string, name: string, changes: readonly Change[], inputs: Values): void {
    const stopping = changes.find((change) => stops(type, change));
    if (stopping && inputs.allowStoppingForUpdate !== true) throw new Error(notStopped(stopping.path));
    this.#store.set(id, { type, name, inputs });
  }

  /** What there is now, or undefined where it is gone. */
  read(id: string): Values | undefined {
    return this.#store.get(id)?.inputs;
  }

  delete(id: string): void {
    const found = this.#store.get(id);
    if (found?.inputs.deletionProtection === true) throw new Error(PROTECTED);
    this.#store.delete(id);
  }

  /** All values of a resource: what was asked for, and what Google adds. */
  state(type: string, name: string, inputs: Values): Values {
    return { ...inputs, ...computed({ type, name, inputs }) };
  }
}

const BUCKET_TAKEN =
  'googleapi: Error 409: The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again., conflict';

const PROTECTED =
  'Cannot delete instance: instance Deletion Protection is enabled. Set deletion_protection to false for this resource and run "pulumi up" before attempting to delete it.';

const notStopped = (path: string) =>
  `Changing the ${path} on a started instance requires stopping it. To acknowledge this, please set allow_stopping_for_update = true in your config.`;

import { opsError } from '../errors.ts';
import type { VerbContext } from '../verb.ts';
import { begun, FIRST_NAME, finished, firstLine, keyNamed, keyToRotate, newKey } from './rotation.ts';
import type { SecretStore } from './store.ts';

/** What a bridge says to a key: it takes it, it does not, or it cannot be asked, and why. */
export type Tried = 'taken' | 'refused' | { readonly unreachable: string };

/** A keys file to rotate a key of. */
export interface Rotating {
  readonly store: SecretStore;
  /** Asks the running bridge. */
  readonly attempt: (key: string) => Promise<Tried>;
  /** Notes that the file was changed. */
  readonly changed: () => Promise<void>;
  /** The verb as it is typed. */
  readonly verb: string;
}

/**
 * Begins a rotation: a new key beside the old one, or the first there is. Prints the new key, once. With --finish ends
 * it: removes the old one, once the bridge takes the new one.
 */
export async function rotate(rotating: Rotating, context: VerbContext): Promise<number> {
  const { options, args, out } = context;
  if (options.dryRun) {
    const { store } = rotating;
    for (const line of [...store.readPlan(), ...store.plan()]) out.line(line);
    return 0;
  }
  const text = await rotating.store.read();
  if (text === undefined || text.trim() === '') return first(rotating, context);
  const name = keyToRotate(text, args[0]);
  return options.finish ? finish(rotating, context, text, name) : begin(rotating, context, text, name);
}

/** Before there is any key: one that may do everything. */
async function first({ store, changed }: Rotating, context: VerbContext): Promise<number> {
  const { args, out, options } = context;
  const name = args[0] ?? FIRST_NAME;
  if (options.finish) throw opsError('rotation-none', name);
  const key = newKey();
  await store.write(firstLine(name, key));
  tellKey(context, name, key);
  await changed();
  out.note(`That is the first key, ${name}, and may read and trade: it is shown this once.`);
  out.note(`It is in ${store.where}; ${store.seen}.`);
  return 0;
}

async function begin(rotating: Rotating, context: VerbContext, text: string, name: string): Promise<number> {
  const { store, changed, verb } = rotating;
  const { out } = context;
  const key = newKey();
  await store.write(begun(text, name, key));
  tellKey(context, name, key);
  await changed();
  out.note(`That is the new key ${name}: it is shown this once. The old one stays valid, as ${name}.old.`);
  out.note(`It is in ${store.where}; ${store.seen}.`);
  out.note(`Give it to those who use ${name}, then: ${verb} ${name} --finish`);
  return 0;
}

async function finish(rotating: Rotating, context: VerbContext, text: string, name: string): Promise<number> {
  const { store, attempt, changed } = rotating;
  const without = finished(text, name);
  const said = await attempt(keyNamed(text, name).key);
  if (said === 'refused') throw opsError('key-not-taken', name);
  if (said !== 'taken' && !context.options.untested) throw opsError('key-untried', name, said.unreachable);
  await store.write(without);
  await changed();
  if (context.options.json)
    context.out.line(JSON.stringify({ name, removed: `${name}.old`, where: store.where }));
  else context.out.line(`${name}.old is gone from ${store.where}; ${store.seen}.`);
  return 0;
}

/** Alone on standard output, so that it can be piped to where it is kept. */
function tellKey({ options, out }: VerbContext, name: string, key: string): void {
  out.line(options.json ? JSON.stringify({ name, key }) : key);
}

import { type ComponentResourceOptions, type ResourceTransformation, runtime } from '@pulumi/pulumi';
import { computed, idOf, type Registered } from './computed.ts';

/** A resource, and whether the program protects it. */
export interface MadeResource extends Registered {
  readonly protect: boolean;
}

/** The resources a program made, components left out. */
export interface Made {
  readonly all: readonly MadeResource[];
  /** The one of this type; by name where there are several. */
  one(type: string, name?: string): Readonly<Record<string, unknown>>;
}

/**
 * Runs part of a program against Pulumi's mocks and returns what it registered. Its outermost component takes the
 * options it is given: mocks are not told what is protected. They are the process's: one test file, one process, one
 * run after the other.
 */
export async function made(
  stack: string,
  program: (options: ComponentResourceOptions) => unknown,
): Promise<Made> {
  const all: MadeResource[] = [];
  const protects = new Set<string>();
  const note: ResourceTransformation = ({ type, name, opts }) => {
    if (opts.protect) protects.add(`${type} ${name}`);
    return undefined;
  };
  await runtime.setMocks(
    {
      newResource: (args) => {
        const protect = protects.has(`${args.type} ${args.name}`);
        const resource = { type: args.type, name: args.name, inputs: args.inputs, protect };
        if (args.custom) all.push(resource);
        return { id: idOf(resource), state: { ...args.inputs, ...computed(resource) } };
      },
      call: ({ token }) => {
        throw new Error(`no program of ours asks a provider: ${token}`);
      },
    },
    'gatehouse',
    stack,
  );
  await program({ transformations: [note] });
  await runtime.disconnect();
  return { all, one: (type, name) => oneOf(all, type, name).inputs };
}

function oneOf(all: readonly Registered[], type: string, name: string | undefined): Registered {
  const found = all.filter((one) => one.type === type && (name === undefined || one.name === name));
  const [first] = found;
  if (first && found.length === 1) return first;
  const list = all.map((one) => `${one.type} ${one.name}`).join('\n');
  throw new Error(`${found.length} resources are ${type} ${name ?? ''}; made were\n${list}`);
}

import { runtime } from '@pulumi/pulumi';
import { computed, idOf, type Registered } from './computed.ts';

/** The resources a program made, components left out. */
export interface Made {
  readonly all: readonly Registered[];
  /** The one of this type; by name where there are several. */
  one(type: string, name?: string): Readonly<Record<string, unknown>>;
}

/**
 * Runs part of a program against Pulumi's mocks and returns what it registered. The mocks are the process's: one test
 * file, one process, one run after the other.
 */
export async function made(stack: string, program: () => unknown): Promise<Made> {
  const all: Registered[] = [];
  await runtime.setMocks(
    {
      newResource: (args) => {
        const resource = { type: args.type, name: args.name, inputs: args.inputs };
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
  await program();
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

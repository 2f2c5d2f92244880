import { groupShape, type InputType, resourceShape, type Shape } from './google-types.ts';

/** What is wrong with one input: where it stands, and why. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** Pulumi's mark for a value that a preview does not know yet (sdk/go/common/resource/plugin). */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** How a secret or an asset is marked in Pulumi's messages. */
const SIGNATURE = '4dabf18193072939515e22adb298388d';

/** Everything in the inputs of a resource that @pulumi/gcp's own declarations do not have. */
export function checkInputs(type: string, inputs: Readonly<Record<string, unknown>>): Failure[] {
  return [...group(resourceShape(type), inputs, '')];
}

function* group(shape: Shape, value: Readonly<Record<string, unknown>>, path: string): Generator<Failure> {
  for (const [name, part] of Object.entries(value)) {
    // Pulumi adds keys of its own, such as __defaults.
    if (name.startsWith('__')) continue;
    const own = path === '' ? name : `${path}.${name}`;
    const known = shape.get(name);
    if (known) yield* one(known.type, part, own);
    else yield { property: own, reason: 'is no input' };
  }
  for (const [name, { required }] of shape) {
    if (required && value[name] === undefined)
      yield { property: path === '' ? name : `${path}.${name}`, reason: 'must be given' };
  }
}

function* one(type: InputType, value: unknown, path: string): Generator<Failure> {
  if (value === UNKNOWN || value === null || value === undefined || type.kind === 'any') return;
  const kind = kindOf(value);
  const wanted = type.kind === 'group' ? 'map' : type.kind;
  if (kind !== wanted) {
    yield { property: path, reason: `must be ${wanted}, not ${kind}` };
  } else if (type.kind === 'list') {
    for (const [index, item] of (value as unknown[]).entries())
      yield* one(type.of, item, `${path}[${index}]`);
  } else if (type.kind === 'map') {
    for (const [key, item] of Object.entries(value as object)) yield* one(type.of, item, `${path}["${key}"]`);
  } else if (type.kind === 'group') {
    yield* group(groupShape(type.name), value as Record<string, unknown>, path);
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object' || value === null) return typeof value;
  return SIGNATURE in value ? 'asset' : 'map';
}

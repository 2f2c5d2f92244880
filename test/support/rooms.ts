import type { Import } from './imports.ts';
import { UNKNOWN } from './imports.ts';

/** A room, and the rooms it may import. Folders within a folder are listed before it. */
interface Room {
  readonly name: string;
  readonly folder: string;
  readonly imports: readonly string[];
}

const ROOMS: readonly Room[] = [
  { name: 'tws', folder: 'tws/', imports: [] },
  { name: 'bridge', folder: 'compose/bridge/src/', imports: ['tws'] },
  { name: 'simulator', folder: 'compose/simulator/src/', imports: ['tws'] },
  { name: 'recorder', folder: 'compose/recorder/src/', imports: ['tws'] },
  { name: 'compose', folder: 'compose/', imports: [] },
  { name: 'healthchecks', folder: 'healthchecks/', imports: ['tws'] },
  { name: 'infra', folder: 'infra/', imports: ['compose'] },
  // npm start runs the bridge and the simulator in its own process; both stand under compose/.
  { name: 'ops', folder: 'ops/', imports: ['compose', 'bridge', 'simulator', 'healthchecks'] },
  { name: 'bin', folder: 'bin/', imports: ['ops'] },
];

/** Layers of the bridge: http -> session -> client. Files at its root are shared, and its two mains compose. */
const LAYERS: readonly Room[] = [
  { name: 'http', folder: 'compose/bridge/src/http/', imports: ['session', 'shared'] },
  { name: 'session', folder: 'compose/bridge/src/session/', imports: ['client', 'shared'] },
  { name: 'client', folder: 'compose/bridge/src/client/', imports: ['shared'] },
  { name: 'composing', folder: 'compose/bridge/src/main.ts', imports: ['composing', 'http', 'shared'] },
  {
    name: 'composing',
    folder: 'compose/bridge/src/bridge',
    imports: ['http', 'session', 'client', 'shared'],
  },
  { name: 'shared', folder: 'compose/bridge/src/', imports: [] },
];

/** Packages that only one place may know. */
const KEPT: Readonly<Record<string, string>> = {
  '@stoqey/ib': 'compose/bridge/src/client/',
  zx: 'ops/remote.ts',
};

/** Builtins that compute and touch nothing outside the process: all that tws/ may use. */
const PURE_BUILTINS = new Set(['node:buffer', 'node:util']);

/** Every import that breaks a rule, as a sentence. */
export function violations(imports: readonly Import[]): string[] {
  return imports.flatMap((one) => [...arrows(one), ...kept(one), ...pure(one)]);
}

function* arrows({ from, to }: Import): Generator<string> {
  if (to === UNKNOWN) yield `${from} imports a module that only running it tells`;
  for (const rooms of [ROOMS, LAYERS]) {
    const [source, target] = [roomOf(rooms, from), roomOf(rooms, to)];
    if (!source || !target || source.name === target.name || source.imports.includes(target.name)) continue;
    yield `${from} (${source.name}) imports ${to} (${target.name})`;
  }
}

function roomOf(rooms: readonly Room[], path: string): Room | undefined {
  return rooms.find(({ folder }) => path.startsWith(folder));
}

function* kept({ from, to }: Import): Generator<string> {
  for (const [name, place] of Object.entries(KEPT)) {
    if ((to === name || to.startsWith(`${name}/`)) && !from.startsWith(place))
      yield `${from} imports ${to}: only ${place} may`;
  }
}

/** Of packages tws/ uses none, and of builtins those that do no I/O. */
function* pure({ from, to }: Import): Generator<string> {
  if (!from.startsWith('tws/') || roomOf(ROOMS, to) || PURE_BUILTINS.has(to)) return;
  yield `${from} imports ${to}: tws/ is pure and stands alone`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file a startup script puts on a host. */
export interface KitFile {
  readonly path: string;
  readonly mode: '644' | '755';
  readonly text: string;
}

/** Where the scripts of a host stand. */
const KIT = '/usr/local/lib/gatehouse';

/** Scripts of this folder that are part of the kit beside kit/: some belong to a release too. */
const ALSO = ['metadata-guard.sh', 'lib/release-id.sh'] as const;

/**
 * What is installed on a host: kit/ below /usr/local/lib/gatehouse, etc/ below /etc, sorted by path. `values` fill
 * the @NAMES@ in etc/. The same checkout and values give the same files. Throws on a name without a value.
 */
export function kitFiles(values: Readonly<Record<string, string>>): KitFile[] {
  const read = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8');
  const scripts = [...filesIn('kit'), ...ALSO].map((source) => ({
    path: `${KIT}/${source.replace(/^kit\//, '')}`,
    mode: /\/lib\/|\.conf$|^lib\//.test(source) ? ('644' as const) : ('755' as const),
    text: read(source),
  }));
  const settings = filesIn('etc').map((source) => ({
    path: `/${source}`,
    mode: '644' as const,
    text: filled(source, read(source), values),
  }));
  return [...scripts, ...settings].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filesIn(folder: string): string[] {
  return readdirSync(join(import.meta.dirname, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(import.meta.dirname.length + 1));
}

function filled(source: string, text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/@([A-Z_]+)@/g, (_all, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`compose/host/${source}: nothing is known for @${name}@`);
    return value;
  });
}

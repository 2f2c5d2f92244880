import { type Config, readConfig } from '../../compose/config.ts';

/** The least a person writes for each dialect; tests change single keys of these. */
export const WRITTEN = {
  simulated: {
    host: { kind: 'local' },
    gateway: { dialect: 'simulated' },
    caddy: { tls: 'internal' },
  },
  gnzsnz: {
    host: { kind: 'gcp', project: 'my-project' },
    gateway: { dialect: 'gnzsnz' },
    caddy: { tls: 'domain', domain: 'gateway.example.com' },
  },
  extrange: {
    host: { kind: 'gcp', project: 'my-project' },
    gateway: { dialect: 'extrange', image: 'ghcr.io/extrange/ibkr:10.37.1o' },
    caddy: { tls: 'domain', domain: 'gateway.example.com' },
  },
  external: {
    host: { kind: 'local' },
    gateway: { dialect: 'external' },
    caddy: { tls: 'internal' },
  },
} as const;

type Section = Readonly<Record<string, unknown>>;

/** A stack with some keys of its sections written otherwise. */
export function written(dialect: keyof typeof WRITTEN, changes: Readonly<Record<string, Section>> = {}) {
  const base: Readonly<Record<string, Section>> = WRITTEN[dialect];
  const sections = new Set([...Object.keys(base), ...Object.keys(changes)]);
  return Object.fromEntries([...sections].map((name) => [name, { ...base[name], ...changes[name] }]));
}

export function configOf(
  dialect: keyof typeof WRITTEN,
  changes: Readonly<Record<string, Section>> = {},
): Config {
  return readConfig(written(dialect, changes));
}

/** Stands in for esbuild where a test is not about what is bundled. */
export async function stubBundler(_root: string, entry: string): Promise<Buffer> {
  return Buffer.from(`// ${entry}\n`);
}

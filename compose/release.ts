import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { hostScripts, hostStack } from './host/stack-file.ts';
import { bundle } from './release/bundle.ts';
import { definitionsOf } from './release/definition.ts';
import { type ReleaseFile, releaseId, sha256 } from './release/files.ts';
import { commitOf, type Provenance } from './release/provenance.ts';
import { composeFile, type Definitions } from './render.ts';
import type { FileSpec, StackSpec } from './spec.ts';
import { stackSpec } from './stack.ts';

export { checkRelease, writeRelease } from './release/write.ts';

/** A release in memory; writeRelease makes it a folder. */
export interface Release {
  readonly id: string;
  readonly spec: StackSpec;
  readonly definitions: Definitions;
  /** All that the id covers, manifest.json among them. */
  readonly files: readonly ReleaseFile[];
  readonly provenance: Provenance;
}

export interface ReleaseOptions {
  /** The checkout the sources are taken from; by default the one this file is in. */
  readonly root?: string;
  /** The name of the stack, for the provenance. */
  readonly stack?: string;
  readonly now?: Date;
  /** What turns an entry of the sources into one file; tests may stand in for esbuild. */
  readonly bundler?: (root: string, entry: string) => Promise<Buffer>;
}

/** The checkout this file is in. */
export const ROOT = join(import.meta.dirname, '..');

/**
 * Makes the release of a configuration, without writing it. The same configuration and sources give the same id
 * and the same bytes, wherever and whenever. Throws ComposeError bundle-failed.
 */
export async function buildRelease(config: Config, options: ReleaseOptions = {}): Promise<Release> {
  const root = options.root ?? ROOT;
  const spec = stackSpec(config);
  const bundler = options.bundler ?? bundle;
  const parts = await filesOf(
    spec.services.flatMap(({ files }) => files),
    root,
    bundler,
  );
  const definitions = definitionsOf(spec, parts);
  const rendered = [
    ...parts,
    ...(await filesOf(await hostScripts(root), root, bundler)),
    textFile('host/stack.json', hostStack(config, spec, definitions)),
    textFile('compose.yaml', composeFile(spec, definitions)),
  ];
  const files = [...rendered, textFile('manifest.json', manifest(definitions, rendered))];
  const id = releaseId(files);
  return { id, spec, definitions, files, provenance: await provenance(id, root, options) };
}

async function filesOf(
  specs: readonly FileSpec[],
  root: string,
  bundler: NonNullable<ReleaseOptions['bundler']>,
): Promise<ReleaseFile[]> {
  return Promise.all(
    specs.map(async (file) => ({
      path: file.path,
      mode: file.executable ? 0o555 : 0o444,
      bytes: await bytesOf(file.from, root, bundler),
    })),
  );
}

async function bytesOf(
  from: FileSpec['from'],
  root: string,
  bundler: NonNullable<ReleaseOptions['bundler']>,
): Promise<Buffer> {
  if (from.kind === 'text') return Buffer.from(from.text);
  if (from.kind === 'copy') return readFile(join(root, from.source));
  return bundler(root, from.entry);
}

function textFile(path: string, text: string): ReleaseFile {
  return { path, mode: 0o444, bytes: Buffer.from(text) };
}

/** Which services a release is made of, by definition, and what every file must be. */
function manifest(definitions: Definitions, files: readonly ReleaseFile[]): string {
  const entries = files
    .map(({ path, mode, bytes }) => [path, { mode: mode.toString(8), sha256: sha256(bytes) }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify({ services: definitions, files: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

async function provenance(release: string, root: string, options: ReleaseOptions): Promise<Provenance> {
  const commit = await commitOf(root);
  return {
    release,
    ...(options.stack !== undefined && { stack: options.stack }),
    builtAt: (options.now ?? new Date()).toISOString(),
    ...(commit !== undefined && { commit }),
    node: process.versions.node,
  };
}

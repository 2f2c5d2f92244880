import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Config } from '../../compose/config.ts';
import { listing, sha256 } from '../../compose/release/files.ts';
import { buildRelease, checkRelease, type Release, writeRelease } from '../../compose/release.ts';
import { configOf, stubBundler } from './stacks.ts';

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'gatehouse-release-'));
});
afterEach(() => rm(out, { recursive: true, force: true }));

const build = (config: Config, now = new Date(0)) => buildRelease(config, { bundler: stubBundler, now });

const SCRIPTS = ['common', 'entrypoint', 'health', 'prepare', 'reset-logins', 'settings'].map(
  (name) => `gateway/${name}.sh`,
);

const HOST = [
  'host/apply',
  'host/window',
  'host/stack.json',
  ...readdirSync('compose/host/lib').map((name) => `host/lib/${name}`),
];

describe('what is in a release', () => {
  it.each([
    ['simulated', ['simulator/Dockerfile', 'simulator/simulator.mjs']],
    ['gnzsnz', SCRIPTS],
    ['extrange', SCRIPTS],
    ['external', []],
  ] as const)('of %s', async (dialect, own) => {
    const { files } = await build(configOf(dialect));
    expect(files.map(({ path }) => path).sort()).toEqual(
      [
        'bridge/Dockerfile',
        'bridge/bridge.mjs',
        'bridge/probe.mjs',
        'caddy/Caddyfile',
        'compose.yaml',
        'manifest.json',
        ...HOST,
        ...own,
      ].sort(),
    );
  });

  it('the manifest has the hash and mode of every other file, and every definition', async () => {
    const release = await build(configOf('gnzsnz'));
    const manifest = JSON.parse(text(release, 'manifest.json'));
    expect(manifest.services).toEqual(release.definitions);
    expect(Object.keys(manifest.files)).toEqual(
      release.files
        .map(({ path }) => path)
        .filter((path) => path !== 'manifest.json')
        .sort(),
    );
    expect(manifest.files['gateway/health.sh']).toEqual({
      mode: '555',
      sha256: sha256(await readFile('compose/gateway/scripts/health.sh')),
    });
    expect(manifest.files['caddy/Caddyfile'].mode).toBe('444');
  });

  it('each container carries the definition it was made from, the bridge in its image too', async () => {
    const release = await build(configOf('simulated'));
    const { services } = parse(text(release, 'compose.yaml'), { version: '1.1' });
    for (const [name, definition] of Object.entries(release.definitions)) {
      expect(services[name].labels).toEqual({ 'gatehouse.definition': definition });
    }
    expect(services.bridge.image).toBe(`gatehouse/bridge:${release.definitions.bridge}`);
  });
});

describe('the id', () => {
  it('is the same for the same configuration, at any time', async () => {
    const first = await build(configOf('gnzsnz'), new Date('2026-01-01'));
    const second = await build(configOf('gnzsnz'), new Date('2027-01-01'));
    expect(second.id).toBe(first.id);
    expect(second.provenance.builtAt).not.toBe(first.provenance.builtAt);
  });

  it('is the hash of the sorted modes, hashes and paths', () => {
    const file = (path: string, mode: 0o444 | 0o555) => ({ path, mode, bytes: Buffer.from(path) });
    expect(listing([file('b', 0o444), file('a/é', 0o555), file('a/z', 0o444), file('B', 0o444)])).toBe(
      [
        `444 ${sha256('B')}  B\n`,
        `444 ${sha256('a/z')}  a/z\n`,
        `555 ${sha256('a/é')}  a/é\n`,
        `444 ${sha256('b')}  b\n`,
      ].join(''),
    );
  });

  it('changes with a byte, a mode and a path', async () => {
    const { files } = await build(configOf('external'));
    const [first, ...others] = files;
    if (!first) throw new Error('an empty release');
    const changed = [
      { ...first, bytes: Buffer.concat([first.bytes, Buffer.from('\n')]) },
      { ...first, mode: 0o555 as const },
      { ...first, path: `${first.path}2` },
    ].map((file) => sha256(listing([file, ...others])));
    expect(new Set([sha256(listing(files)), ...changed]).size).toBe(4);
  });
});

describe('a definition', () => {
  it('of the bridge changes with its bundle, and no other does', async () => {
    const before = await build(configOf('gnzsnz'));
    const after = await buildRelease(configOf('gnzsnz'), {
      bundler: async (root, entry) =>
        Buffer.concat([await stubBundler(root, entry), Buffer.from('// more\n')]),
    });
    expect(changed(before, after)).toEqual(['bridge']);
  });

  it.each([
    ['caddy', { caddy: { maxBodyKb: 64 } }],
    ['bridge', { bridge: { logLevel: 'debug' } }],
    ['gateway', { gateway: { dailyRestart: '23:40' } }],
  ])('of %s alone changes with its own keys', async (service, change) => {
    const before = await build(configOf('gnzsnz'));
    const after = await build(configOf('gnzsnz', change as Record<string, Record<string, unknown>>));
    expect(changed(before, after)).toEqual([service]);
    expect(after.id).not.toBe(before.id);
  });
});

describe('writing', () => {
  it('puts every file under the id, read-only, and nothing beside it', async () => {
    const release = await build(configOf('gnzsnz'));
    const folder = await writeRelease(release, out);
    expect(await readdir(out)).toEqual([release.id]);
    expect((await readdir(folder)).sort()).toEqual([
      'bridge',
      'caddy',
      'compose.yaml',
      'gateway',
      'host',
      'manifest.json',
      'provenance.json',
    ]);
    expect(await modeOf(join(folder, 'compose.yaml'))).toBe(0o444);
    expect(await modeOf(join(folder, 'gateway/entrypoint.sh'))).toBe(0o555);
    expect(JSON.parse(await readFile(join(folder, 'provenance.json'), 'utf8'))).toMatchObject({
      release: release.id,
      builtAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('leaves a release that stands there alone', async () => {
    const folder = await writeRelease(await build(configOf('simulated')), out);
    const written = await stat(join(folder, 'provenance.json'));
    expect(await writeRelease(await build(configOf('simulated'), new Date()), out)).toBe(folder);
    expect((await stat(join(folder, 'provenance.json'))).mtimeMs).toBe(written.mtimeMs);
  });

  it('refuses a folder that was edited, and says which release it holds instead', async () => {
    const release = await build(configOf('simulated'));
    const folder = await writeRelease(release, out);
    await chmod(join(folder, 'caddy/Caddyfile'), 0o644);
    await writeFile(join(folder, 'caddy/Caddyfile'), '');
    await expect(writeRelease(release, out)).rejects.toMatchObject({ code: 'release-damaged' });
    await expect(checkRelease(folder, release.id)).rejects.toThrow(/holds r-[0-9a-f]{16}, not r-/);
  });

  it('leaves nothing behind when it fails half way', async () => {
    const release = await build(configOf('simulated'));
    const twice = { ...release, files: [...release.files, ...release.files.slice(0, 1)] };
    await expect(writeRelease(twice, out)).rejects.toMatchObject({ code: 'out-unwritable' });
    expect(await readdir(out)).toEqual([]);
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(join(out, 'file'), '');
    await expect(
      writeRelease(await build(configOf('simulated')), join(out, 'file/out')),
    ).rejects.toMatchObject({
      code: 'out-unwritable',
    });
  });
});

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

function text({ files }: Release, path: string): string {
  return String(files.find((file) => file.path === path)?.bytes);
}

function changed(before: Release, after: Release): string[] {
  return Object.keys(after.definitions).filter(
    (name) => after.definitions[name] !== before.definitions[name],
  );
}

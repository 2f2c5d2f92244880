import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../compose/release/bundle.ts';
import { sha256 } from '../../compose/release/files.ts';
import { buildRelease, type Release, ROOT, writeRelease } from '../../compose/release.ts';
import { configOf } from './stacks.ts';

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-bundle-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the bundles of this repository', () => {
  let release: Release;
  beforeAll(async () => {
    release = await buildRelease(configOf('simulated'));
  });

  it('are the same bytes from another checkout at another place', async () => {
    await checkout(folder);
    const there = await buildRelease(configOf('simulated'), { root: folder });
    expect(hashes(there)).toEqual(hashes(release));
    expect(there.id).toBe(release.id);
  });

  it('name no folder of the machine they were made on', () => {
    for (const { path, bytes } of release.files) expect(bytes.includes(ROOT), path).toBe(false);
  });

  it.each([
    ['bridge/probe.mjs', ['--help'], 0, /--level/],
    ['simulator/simulator.mjs', ['--help'], 0, /--seed/],
    // Nothing of the environment it needs is there: what matters is that it gets as far as to say so.
    ['bridge/bridge.mjs', [], 2, /BRIDGE_/],
  ])('%s runs from its file alone', async (file, flags, code, says) => {
    const at = join(await writeRelease(release, folder), file);
    const ended = await run(process.execPath, [at, ...flags], { cwd: folder, env: {} }).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      (error) => ({ code: error.code as number, said: `${error.stdout}${error.stderr}` }),
    );
    expect(ended.said).toMatch(says);
    expect(ended.code).toBe(code);
  });
});

describe('bundling', () => {
  it('brings what CommonJS takes for granted', async () => {
    await writeFile(join(folder, 'old.cjs'), "exports.path = require('node:path').basename(__dirname);\n");
    await writeFile(
      join(folder, 'new.ts'),
      "import { path } from './old.cjs';\nconsole.log(path as string);\n",
    );
    await writeFile(join(folder, 'out.mjs'), await bundle(folder, 'new.ts'));
    const { stdout } = await run(process.execPath, [join(folder, 'out.mjs')]);
    expect(folder.endsWith(stdout.trim())).toBe(true);
  });

  it('keeps the licences of what is bundled', async () => {
    await writeFile(join(folder, 'a.js'), '/*! Licence of a */\nexport const a = 1;\n');
    await writeFile(join(folder, 'main.ts'), "import { a } from './a.js';\nconsole.log(a);\n");
    expect(String(await bundle(folder, 'main.ts'))).toContain('Licence of a');
  });

  it('says where it fails', async () => {
    await writeFile(join(folder, 'main.ts'), "import { a } from './missing.ts';\nconsole.log(a);\n");
    await expect(bundle(folder, 'main.ts')).rejects.toMatchObject({
      code: 'bundle-failed',
      message: 'main.ts does not bundle: main.ts:1: Could not resolve "./missing.ts"',
    });
  });
});

function hashes({ files }: Release): Record<string, string> {
  return Object.fromEntries(files.map(({ path, bytes }) => [path, sha256(bytes)]));
}

/** A second checkout: the sources that are bundled, and the installed packages by a link. */
async function checkout(at: string): Promise<void> {
  const sources = ['compose', 'healthchecks', 'tws', 'package.json'];
  await Promise.all(sources.map((name) => cp(join(ROOT, name), join(at, name), { recursive: true })));
  await symlink(join(ROOT, 'node_modules'), join(at, 'node_modules'));
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KitFile } from '../../compose/host/kit.ts';
import { hostFiles, startupScript } from '../../compose/host/startup.ts';
import { configOf } from '../compose/stacks.ts';
import { ensureCommand } from './parts/apt.ts';
import { sh } from './parts/shell.ts';
import { ensureShellcheck } from './parts/shellcheck.ts';
import { usePart } from './parts/use-part.ts';

const KIT = '/usr/local/lib/gatehouse';
const UNITS = '/etc/systemd/system/';

const files = hostFiles(configOf('gnzsnz'));
const scripts = files.filter(({ text }) => text.startsWith('#!/bin/bash'));
const units = files.filter(({ path }) => /^\/etc\/systemd\/system\/gatehouse[^/]*$/.test(path));

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-kit-'));
  await Promise.all(files.map(put));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** The programs of the units are looked for, too, so they name those below the root. */
async function put({ path, mode, text }: KitFile): Promise<void> {
  const inRoot = path.startsWith(UNITS) ? text.replaceAll(KIT, join(root, KIT)) : text;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), inRoot, { mode: Number.parseInt(mode, 8) });
}

describe('shellcheck', () => {
  const shellcheck = usePart(ensureShellcheck);

  it.each(scripts)('finds nothing in $path', async ({ path }) => {
    const checked = await sh({
      nothrow: true,
    })`${shellcheck().path} --external-sources --source-path SCRIPTDIR ${join(root, path)}`;
    expect({ exitCode: checked.exitCode, found: checked.stdout }).toEqual({ exitCode: 0, found: '' });
  });

  it('finds nothing in a whole startup script', async () => {
    const script = join(root, 'startup-script');
    await writeFile(script, startupScript(configOf('gnzsnz')));
    const checked = await sh({ nothrow: true })`${shellcheck().path} ${script}`;
    expect({ exitCode: checked.exitCode, found: checked.stdout }).toEqual({ exitCode: 0, found: '' });
  });
});

describe('systemd', () => {
  const analyze = usePart(async () => ({
    path: await ensureCommand('systemd', 'systemd-analyze', ['systemd']),
  }));

  it.each(units)('takes $path', async ({ path }) => {
    const checked = await sh({ nothrow: true })`${analyze().path} verify --man=no ${join(root, path)}`;
    expect({ exitCode: checked.exitCode, found: checked.stderr }).toEqual({ exitCode: 0, found: '' });
  });

  it('takes every time of a timer', async () => {
    const times = files.flatMap(({ text }) =>
      [...text.matchAll(/^OnCalendar=(.+)$/gm)].map(([, time]) => time),
    );
    expect(times).toHaveLength(3);
    for (const time of times) await sh`${analyze().path} calendar ${time}`;
  });
});

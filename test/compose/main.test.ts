import { execFile } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { release } from '../../compose/cli.ts';
import { COMPOSE_ERRORS } from '../../compose/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-main-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('npm run release', () => {
  it('writes the release of a stack and says where, exit 0', async () => {
    const { code, stdout } = await run('--stack', 'local', '--out', folder);
    const [first, ...services] = stdout.split('\n');
    expect(code).toBe(0);
    expect(first).toMatch(/^(r-[0-9a-f]{16}) is in .*\/\1$/);
    expect(services.map((line) => line.trim().split(' ')[0])).toEqual(['gateway', 'bridge', 'caddy']);
  });

  it('says the same as JSON', async () => {
    const { code, stdout } = await run('--stack', 'prod', '--out', folder, '--json');
    const said = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(Object.keys(said.services)).toEqual(['gateway', 'bridge', 'caddy']);
    await access(join(said.folder, 'compose.yaml'));
  });

  it('is a command of its own', async () => {
    const main = promisify(execFile)(process.execPath, ['compose/main.ts', '--stack', 'none']);
    await expect(main).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('stack-missing') });
  });

  it('explains itself, exit 0', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--stack <name>');
    expect(stdout).toContain('Exit codes:');
  });

  it.each([
    [[], "error: required option '--stack <name>' not specified"],
    [['--stack', 'none'], 'Error: stack-missing\nthere is no readable Pulumi.none.yaml'],
    [['--stack', 'local', '--nope'], "error: unknown option '--nope'"],
  ])('%j is a mistake in its use, exit 2', async (flags, says) => {
    const { code, stderr } = await run(...flags);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });

  it('fails with a hint where it cannot write, exit 1', async () => {
    const { code, stderr } = await run('--stack', 'local', '--out', '/dev/null/out');
    expect(stderr).toContain('Error: out-unwritable');
    expect(stderr).toContain(`Try: ${COMPOSE_ERRORS['out-unwritable']}`);
    expect(code).toBe(1);
  });
});

/** The command within this process: what it says, and its exit code. */
async function run(...flags: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { log: [] as string[], error: [] as string[] };
  const code = await release(flags, {
    log: (text: string) => said.log.push(text),
    error: (text: string) => said.error.push(text),
  });
  return { code, stdout: said.log.join('\n'), stderr: said.error.join('\n') };
}

import { afterAll, beforeAll, describe, expect, onTestFailed, test, vi } from 'vitest';
import { ensureCommand } from './parts/apt.ts';
import { ensurePrivateEngine } from './parts/private-engine.ts';
import { usePart } from './parts/use-part.ts';
import { type Deployed, deployed } from './support/deployed.ts';
import { verbProcess } from './support/verb-process.ts';

/** To shield a process from the kernel's choice takes CAP_SYS_RESOURCE, which a container with an engine mostly lacks. */
vi.mock('../../compose/gateway/ibc.ts', async (original) => {
  const ibc = await original<typeof import('../../compose/gateway/ibc.ts')>();
  const ibcService: typeof ibc.ibcService = (...args) => ({ ...ibc.ibcService(...args), oomScore: 0 });
  return { ...ibc, ibcService };
});

describe('a stack that a person stopped, on the engine of this machine', () => {
  const engine = usePart(() => ensurePrivateEngine());
  const jq = usePart(async () => ({ path: await ensureCommand('jq', 'jq', ['jq']) }));
  let stack: Deployed;

  beforeAll(async () => {
    jq();
    stack = await deployed(engine());
  });
  afterAll(() => stack?.close());

  async function verb(...argv: string[]): Promise<number | null> {
    const run = verbProcess(
      stack.root,
      { host: 'none' },
      [...argv, '--host-folder', stack.hostFolder],
      engine().env,
    );
    onTestFailed(() => console.error(run.output()));
    return run.ended();
  }

  async function states(): Promise<string[]> {
    const filter = `label=com.docker.compose.project=${stack.name}`;
    const lines = await engine().docker('ps', '--all', '--filter', filter, '--format', '{{.State}}');
    return lines.split('\n');
  }

  test('stays so when the daemon starts anew, as at a reboot, until it is started', async () => {
    expect(await verb('--local-stop', '--yes')).toBe(0);
    expect(await states()).toEqual(['exited', 'exited', 'exited']);
    await engine().end('SIGTERM');
    await engine().start();
    expect(await states()).toEqual(['exited', 'exited', 'exited']);
    expect(await verb('--local-start', '--yes')).toBe(0);
    expect(await states()).toEqual(['running', 'running', 'running']);
  });

  test('a gateway whose session is lent stays away, too, and the rest comes back', async () => {
    expect(await verb('--local-lend', '10m', '--yes')).toBe(0);
    await engine().end('SIGTERM');
    await engine().start();
    expect((await states()).sort()).toEqual(['exited', 'running', 'running']);
    expect(await verb('--local-start', '--yes')).toBe(0);
    expect(await states()).toEqual(['running', 'running', 'running']);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../../ops/commands/command.ts';
import { threadDump } from '../../ops/commands/incident.ts';
import { localRemote } from '../../ops/remote.ts';
import { ensureCommand } from './parts/apt.ts';
import { ensureGatewayMemory } from './parts/jdk.ts';
import { findCommand } from './parts/shell.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';

const SLEEPS = `public class Sleeps {
  public static void main(String[] none) throws Exception { System.out.println("up"); Thread.sleep(600_000); }
}
`;

describe('the threads of a real JVM', () => {
  const jdk = usePart(ensureGatewayMemory);
  const jcmd = usePart(async () => ({ path: await ensureCommand('JDK', 'jcmd', ['default-jdk-headless']) }));
  let folder: string;
  let jvm: ChildProcess;
  let printed = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-threads-'));
    await writeFile(join(folder, 'Sleeps.java'), SLEEPS);
    jvm = spawn(jdk().java, [join(folder, 'Sleeps.java')]);
    for (const stream of [jvm.stdout, jvm.stderr]) stream?.on('data', (text) => (printed += text));
    await until('the JVM is up', () => printed.includes('up'), {
      givenUp: () => (jvm.exitCode === null ? undefined : printed),
    });
  });
  afterAll(async () => {
    jvm?.kill('SIGKILL');
    if (folder) await rm(folder, { recursive: true });
  });

  /** What compose exec would run in the container, here, where pgrep finds that JVM and no other. */
  async function dump(programs: Readonly<Record<string, string>>): Promise<string> {
    const bin = await mkdtemp(join(folder, 'bin-'));
    await writeFile(join(bin, 'pgrep'), `#!/bin/sh\necho ${jvm.pid}\n`);
    await chmod(join(bin, 'pgrep'), 0o755);
    for (const [name, path] of Object.entries(programs)) await symlink(path, join(bin, name));
    const { args } = threadDump('p');
    const script = args.at(-1) ?? '';
    return (await localRemote().run(command('/usr/bin/env', `PATH=${bin}`, '/bin/sh', '-c', script))).stdout;
  }

  test('are told by jcmd where the image has one', async () => {
    const java = dirname(jcmd().path);
    expect(await dump({ jcmd: join(java, 'jcmd') })).toMatch(/Full thread dump.*"main"/s);
  });

  test('are printed into its own log where there is none', async () => {
    const before = printed.length;
    expect(await dump({ sleep: (await findCommand('sleep')) ?? '' })).toContain(
      `process ${jvm.pid} was asked`,
    );
    await until('the JVM has printed them', () => printed.slice(before).includes('Full thread dump'));
    expect(printed.slice(before)).toContain('"main"');
  });
});

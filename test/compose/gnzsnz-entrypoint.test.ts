import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeImage, fakeImage, giveCredentials } from './gnzsnz-image.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('the entrypoint', () => {
  it('starts the image with the user name from its file, and ends as the image does', async () => {
    const image = await imageWith(
      'echo "user=$TWS_USERID password=$TWS_PASSWORD file=$TWS_PASSWORD_FILE"; exit 7',
    );
    await giveCredentials(image);
    const { ended, output } = start(image);
    expect(await ended).toBe(7);
    expect(output()).toContain(`user=someone password= file=${image.secrets}/TWS_PASSWORD`);
    expect(output()).not.toContain('hunter2');
  });

  it('prepares the settings before the image starts', async () => {
    const image = await imageWith('grep SocketPort "$TWS_PATH/$TWS_INI_TMPL"');
    await giveCredentials(image);
    const { ended, output } = start(image);
    expect(await ended).toBe(0);
    expect(output()).toContain('SocketPort=4002');
  });

  it('waits for credentials without a login', async () => {
    const image = await imageWith('echo started');
    const { said, child, output } = start(image);
    await said(`waiting for ${image.secrets}/TWS_USERID and ${image.secrets}/TWS_PASSWORD`);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(output()).not.toContain('started');
    await expect(attempts(image)).rejects.toThrow('ENOENT');
  });

  it('refuses to log in without a folder for the settings', async () => {
    const image = await imageWith('echo started');
    await giveCredentials(image);
    await rm(image.settings, { recursive: true });
    const { said, child, output } = start(image);
    await said(`${image.settings} must be a folder that uid`);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(output()).not.toContain('started');
  });
});

describe('the login budget', () => {
  it('counts every start where a new container finds it', async () => {
    const image = await imageWith('true');
    await giveCredentials(image);
    await start(image).ended;
    await start(image).ended;
    expect(await attempts(image)).toHaveLength(2);
  });

  it('once spent, lets no login happen and says what to do', async () => {
    const image = await imageWith('echo started');
    await giveCredentials(image);
    await writeFile(join(image.settings, 'gatehouse-logins'), '2026-01-05T10:00:00Z\n'.repeat(5));
    const { said, child, output } = start(image);
    await said('not logging in: 5 starts since 2026-01-05T10:00:00Z without one login');
    expect(output()).toContain(`remove ${image.settings}/gatehouse-logins and restart`);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(output()).not.toContain('started');
    expect(await attempts(image)).toHaveLength(5);
  });
});

describe('a stop', () => {
  it('is a logout by IBC, and is waited for', async () => {
    const image = await imageWith(
      'echo started; until [ -e "$HOME/out" ]; do sleep 0.05; done; echo logged out',
    );
    await giveCredentials(image);
    const ibc = await ibcServer(() => writeFile(join(image.folder, 'out'), ''));
    const { said, child, ended, output } = start(image, { GATEHOUSE_IBC_PORT: String(ibc.port) });
    await said('started');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(ibc.received()).toBe('STOP\n');
    expect(output()).toContain('logged out');
  });

  it('before IBC listens is a TERM to the image', async () => {
    const image = await imageWith(
      'trap "echo ended; exit 3" TERM; echo started; while :; do sleep 0.05; done',
    );
    await giveCredentials(image);
    const { said, child, ended } = start(image, { GATEHOUSE_IBC_PORT: '1' });
    await said('started');
    child.kill('SIGTERM');
    expect(await ended).toBe(3);
  });

  it('that IBC does not finish is a TERM to the image in the end', async () => {
    const image = await imageWith(
      'trap "echo ended; exit 3" TERM; echo started; while :; do sleep 0.05; done',
    );
    await giveCredentials(image);
    const ibc = await ibcServer(() => {});
    const { said, child, ended } = start(image, {
      GATEHOUSE_IBC_PORT: String(ibc.port),
      GATEHOUSE_STOP_SECONDS: '0.1',
    });
    await said('started');
    child.kill('SIGTERM');
    expect(await ended).toBe(3);
    expect(ibc.received()).toBe('STOP\n');
  });
});

async function imageWith(run: string): Promise<FakeImage> {
  const image = await fakeImage(run);
  cleanups.push(() => rm(image.folder, { recursive: true, force: true }));
  return image;
}

const attempts = async ({ settings }: FakeImage) =>
  (await readFile(join(settings, 'gatehouse-logins'), 'utf8')).trimEnd().split('\n');

function start({ environment }: FakeImage, extra: Record<string, string> = {}) {
  const child = spawn('compose/gateway/gnzsnz/entrypoint.sh', {
    env: { ...environment, ...extra },
    // A group of its own: what a failed test leaves running is ended with it.
    detached: true,
  });
  cleanups.push(() => endGroup(child));
  let text = '';
  const heard: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
      for (const listener of heard) listener();
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, ended, output: () => text, said: (part: string) => until(part) };

  function until(part: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => text.includes(part) && resolve();
      heard.push(look);
      ended.then(() => reject(new Error(`ended without saying "${part}":\n${text}`)));
      look();
    });
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}

/** IBC's command server: one line is a command, and it answers. */
async function ibcServer(onCommand: () => unknown) {
  let text = '';
  const server: Server = createServer((socket) => {
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', async (part) => {
      text += part;
      await onCommand();
      socket.write('OK\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  return { port: (server.address() as { port: number }).port, received: () => text };
}

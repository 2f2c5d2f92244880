import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type FakeImage, fakeImage, giveCredentials, PLANTED, program } from './gateway-image.ts';
import { ibcServer, startGateway as start } from './gateway-process.ts';

describe('the entrypoint', () => {
  it('starts the image with the user name from its file, and ends as the image does', async () => {
    const image = await imageWith(
      'echo "user=$TWS_USERID password=$TWS_PASSWORD file=$TWS_PASSWORD_FILE"; exit 7',
    );
    await giveCredentials(image);
    const { ended, output } = start(image);
    expect(await ended).toBe(7);
    expect(output()).toContain(`user=${PLANTED.userId} password= file=${image.secrets}/TWS_PASSWORD`);
    expect(output()).not.toContain(PLANTED.password);
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
    await said('not logging in: 5 logins since 2026-01-05T10:00:00Z without one success');
    expect(output()).toContain('run /gatehouse/reset-logins.sh in this container');
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(output()).not.toContain('started');
    expect(await attempts(image)).toHaveLength(5);
  });
});

describe('a reset of the login budget', () => {
  it('lets a gateway that waits for it go on, without a restart', async () => {
    const image = await imageWith('echo started');
    await giveCredentials(image);
    await writeFile(join(image.settings, 'gatehouse-logins'), '2026-01-05T10:00:00Z\n'.repeat(5));
    const { said, ended } = start(image);
    await said('not logging in');
    expect(await reset(image)).toBe('5 logins forgotten: the gateway may try 5 more\n');
    await said('started');
    expect(await ended).toBe(0);
    expect(await attempts(image)).toHaveLength(1);
  });

  it('of a budget nothing was spent of says so', async () => {
    expect(await reset(await imageWith(''))).toBe('no login is counted: the gateway may try 5\n');
  });
});

describe('a login that IBC repeats by itself', () => {
  const attempt = (n: number) => `echo "2026-01-05 10:00:00:000 IBC: Login attempt: ${n}"`;

  it('is counted like a start', async () => {
    const image = await imageWith([attempt(1), attempt(2), attempt(3)].join('\n'));
    await giveCredentials(image);
    const { ended, output } = start(image);
    expect(await ended, output()).toBe(0);
    expect(output()).toContain('IBC: Login attempt: 3');
    expect(await attempts(image)).toHaveLength(3);
  });

  it('ends the gateway when the budget is spent', async () => {
    const image = await imageWith(
      [attempt(1), attempt(2), 'until [ -e "$HOME/out" ]; do sleep 0.05; done'].join('\n'),
      { loginBudget: 2 },
    );
    await giveCredentials(image);
    const ibc = await ibcServer(() => writeFile(join(image.folder, 'out'), ''));
    const { ended, output } = start(image, { GATEHOUSE_IBC_PORTS: ibc.port });
    expect(await ended, output()).toBe(0);
    expect(ibc.received()).toBe('STOP\n');
    expect(output()).toContain('the login budget is spent: IBC is told to stop');
  });
});

describe('a stop', () => {
  it('is a logout by IBC, and is waited for', async () => {
    const image = await imageWith(
      'echo started; until [ -e "$HOME/out" ]; do sleep 0.05; done; echo logged out',
    );
    await giveCredentials(image);
    const ibc = await ibcServer(() => writeFile(join(image.folder, 'out'), ''));
    const { said, child, ended, output } = start(image, { GATEHOUSE_IBC_PORTS: ibc.port });
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
    const { said, child, ended } = start(image, { GATEHOUSE_IBC_PORTS: '1' });
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
      GATEHOUSE_IBC_PORTS: ibc.port,
      GATEHOUSE_STOP_SECONDS: '0.1',
    });
    await said('started');
    child.kill('SIGTERM');
    expect(await ended).toBe(3);
    expect(ibc.received()).toBe('STOP\n');
  });
});

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

describe('the logs of a gateway that is debugged', () => {
  it('are on the data volume too, one file a weekday', async () => {
    const image = await imageWith('echo hello', { debug: true });
    await giveCredentials(image);
    const { ended } = start(image);
    expect(await ended).toBe(0);
    const [today = ''] = (await readdir(image.settings)).filter((name) => name.startsWith('ibc-'));
    expect(today).toMatch(/^ibc-\w{3}\.log$/);
    expect(await readFile(join(image.settings, today), 'utf8')).toBe('hello\n');
  });

  it('start anew a week later', async () => {
    const image = await imageWith('echo hello', { debug: true });
    await giveCredentials(image);
    const files = WEEKDAYS.map((day) => join(image.settings, `ibc-${day}.log`));
    for (const file of files) {
      await writeFile(file, 'of a week ago\n');
      await utimes(file, new Date(0), new Date(0));
    }
    await start(image).ended;
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    expect(texts.toSorted()).toEqual(['hello\n', ...Array(6).fill('of a week ago\n')]);
  });

  it('are not kept otherwise', async () => {
    const image = await imageWith('echo hello');
    await giveCredentials(image);
    await start(image).ended;
    expect((await readdir(image.settings)).filter((name) => name.startsWith('ibc-'))).toEqual([]);
  });
});

describe('VNC', () => {
  const screen = { vncPort: 5900 };
  const x11vnc = 'echo "x11vnc $*"; exec sleep 60';

  it('gets its password by file, once the screen is there', async () => {
    const image = await imageWith('until [ -e "$HOME/out" ]; do sleep 0.05; done', screen);
    await giveCredentials(image);
    await writeFile(join(image.secrets, 'VNC_PASSWORD'), `${PLANTED.vnc}\n`);
    await program(join(image.folder, 'bin/x11vnc'), x11vnc);
    const socket = join(image.folder, 'X1');
    const { said, output } = start(image, { GATEHOUSE_X_SOCKET: socket });
    await writeFile(socket, '');
    await said('x11vnc');
    expect(output()).toContain(`-rfbport 5900 -passwdfile ${image.secrets}/VNC_PASSWORD`);
    expect(output()).not.toContain(PLANTED.vnc);
  });

  it('without a password is no VNC, and the gateway starts', async () => {
    const image = await imageWith('echo started', screen);
    await giveCredentials(image);
    const { ended, output } = start(image);
    expect(await ended).toBe(0);
    expect(output()).toContain(`no VNC: ${image.secrets}/VNC_PASSWORD is missing or empty`);
    expect(output()).toContain('started');
  });
});

async function reset({ scripts, environment }: FakeImage): Promise<string> {
  const { stdout } = await promisify(execFile)(join(scripts, 'reset-logins.sh'), { env: environment });
  return stdout;
}

async function imageWith(run: string, gateway: Record<string, unknown> = {}): Promise<FakeImage> {
  const image = await fakeImage('gnzsnz', run, gateway);
  onTestFinished(() => rm(image.folder, { recursive: true, force: true, maxRetries: 5 }));
  return image;
}

const attempts = async ({ settings }: FakeImage) =>
  (await readFile(join(settings, 'gatehouse-logins'), 'utf8')).trimEnd().split('\n');

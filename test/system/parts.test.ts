import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FrameReader, frame } from '../../tws/frame.ts';
import { encodeServerHello } from '../../tws/hello.ts';
import { ensureCaddy } from './parts/caddy.ts';
import { ensureCompose } from './parts/docker-compose.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { ensureCaddyImage, ensureNodeBaseImage } from './parts/images.ts';
import { ensureJavaHandshake } from './parts/jdk.ts';
import { ensurePython, TWS_CLIENTS } from './parts/python.ts';
import { sh } from './parts/shell.ts';
import { ensureShellcheck } from './parts/shellcheck.ts';
import { ensureSshd } from './parts/sshd.ts';
import { usePart } from './parts/use-part.ts';

describe('the Docker engine', () => {
  const engine = usePart(ensureDockerEngine);
  const nodeTag = 'gatehouse-parts-test/node:24';
  const caddyTag = 'gatehouse-parts-test/caddy:2';

  test('runs the pinned Node from the base image', async () => {
    await ensureNodeBaseImage(engine(), nodeTag);
    const printed = await engine().docker('run', '--rm', nodeTag, 'node', '-p', 'process.version');
    const manifest = await readFile(new URL('../../node_modules/node/package.json', import.meta.url), 'utf8');
    expect(printed).toBe(`v${JSON.parse(manifest).version}`);
  });

  test('makes the base image once', async () => {
    await ensureNodeBaseImage(engine(), nodeTag);
    const before = await engine().docker('image', 'inspect', '--format', '{{.Id}} {{.Created}}', nodeTag);
    await ensureNodeBaseImage(engine(), nodeTag);
    expect(await engine().docker('image', 'inspect', '--format', '{{.Id}} {{.Created}}', nodeTag)).toBe(
      before,
    );
  });

  test('lets containers find each other by name, and a user without rights run Node', async () => {
    await ensureNodeBaseImage(engine(), nodeTag);
    await engine().docker('network', 'create', 'gatehouse-parts-test');
    try {
      const lookup =
        'require("dns").promises.lookup("me").then(({ family }) => console.log(process.getuid(), family))';
      const flags = [
        '--network',
        'gatehouse-parts-test',
        '--network-alias',
        'me',
        '--user',
        'node',
        '--read-only',
      ];
      expect(await engine().docker('run', '--rm', ...flags, nodeTag, 'node', '-e', lookup)).toBe('1000 4');
    } finally {
      await engine().docker('network', 'rm', 'gatehouse-parts-test');
    }
  });

  test('runs the Caddy image', async () => {
    await ensureCaddyImage(engine(), caddyTag);
    expect(await engine().docker('run', '--rm', caddyTag, 'caddy', 'version')).toMatch(/^v2\./);
  });

  test('stays for another user when one leaves', async () => {
    const other = await ensureDockerEngine();
    await other.close();
    expect(await engine().docker('version', '--format', '{{.Server.Version}}')).toBe(engine().version);
  });
});

describe('docker compose', () => {
  const compose = usePart(ensureCompose);

  test('is version 2 or later', () => {
    expect(Number.parseInt(compose().version, 10)).toBeGreaterThanOrEqual(2);
  });
});

describe('Caddy', () => {
  const caddy = usePart(ensureCaddy);

  test('is the pinned version', async () => {
    const { stdout } = await sh`${caddy().path} version`;
    expect(stdout.trim()).toBe(caddy().version);
  });
});

describe('sshd', () => {
  const sshd = usePart(() => ensureSshd({ environment: { GREETING: 'hello' } }));

  test('runs a command for the holder of the key', async () => {
    const { host, port, user, identityFile, knownHostsFile } = sshd();
    const known = ['-o', `UserKnownHostsFile=${knownHostsFile}`, '-o', 'StrictHostKeyChecking=yes'];
    const flags = [
      '-F',
      'none',
      '-i',
      identityFile,
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'BatchMode=yes',
      ...known,
    ];
    const { stdout } = await sh`ssh ${flags} -p ${port} ${user}@${host} ${'echo $GREETING from $USER'}`;
    expect(stdout).toBe(`hello from ${user}\n`);
  });

  test('lets nobody in without it', async () => {
    const { host, port, user } = sshd();
    const flags = [
      '-F',
      'none',
      '-o',
      'IdentityFile=none',
      '-o',
      'IdentityAgent=none',
      '-o',
      'BatchMode=yes',
    ];
    const unknown = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
    const refused = await sh({ nothrow: true })`ssh ${flags} ${unknown} -p ${port} ${user}@${host} true`;
    expect(refused.stderr).toContain('Permission denied (publickey)');
  });
});

describe.each(Object.values(TWS_CLIENTS))('the Python client $name $version', (distribution) => {
  const client = usePart(() => ensurePython(distribution));

  test('is imported in its own environment', async () => {
    const program = `import sys, ${distribution.module}; print(sys.prefix)`;
    const { stdout } = await sh`${client().python} -c ${program}`;
    expect(`${stdout.trim()}/bin/python`).toBe(client().python);
  });
});

describe('the benchmark peers shake hands', () => {
  const java = usePart(ensureJavaHandshake);
  const ibAsync = usePart(() => ensurePython(TWS_CLIENTS.ibAsync));

  test('in a JVM', async () => {
    const port = await shakingHands();
    const { stdout } = await sh`${java().java} -cp ${java().classPath} Handshake 127.0.0.1 ${port} 7`;
    expect(stdout).toBe('178 DU1 1\n');
  });

  test('with ib_async', async () => {
    const port = await shakingHands();
    const script = new URL('../bench/peers/ib_async_probe.py', import.meta.url).pathname;
    const { stdout, stderr } = await sh`${ibAsync().python} ${script} 127.0.0.1 ${port} 7`;
    expect({ stdout, stderr }).toEqual({ stdout: 'DU1\n', stderr: '' });
  });
});

describe('shellcheck', () => {
  const shellcheck = usePart(ensureShellcheck);

  test('accepts the scripts that CI runs', async () => {
    await sh`${shellcheck().path} ${new URL('../../.ci/run', import.meta.url).pathname}`;
  });
});

/** A server that answers what these peers send, as a gateway does, and nothing else. @returns its port. */
async function shakingHands(): Promise<number> {
  const server = createServer((socket) => {
    const answers = [
      [encodeServerHello({ serverVersion: 178, connectionTime: '20260405 23:49:26 UTC' })],
      ['15\x001\0DU1\0', '9\x001\x001\0'],
      ['62\x001\0'], // to ib_async's request for positions
    ];
    const reader = new FrameReader();
    let magic = 'API\0'.length;
    socket.on('data', (chunk: Buffer) => {
      const rest = chunk.subarray(magic);
      magic -= chunk.length - rest.length;
      reader.push(rest, () => answers.shift()?.forEach((answer) => void socket.write(frame(answer))));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

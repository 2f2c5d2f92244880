import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { fakeImage, giveCredentials, PLANTED } from '../compose/gateway-image.ts';
import { startGateway } from '../compose/gateway-process.ts';
import { freePorts } from '../support/port.ts';
import { MissingPart } from './parts/missing-part.ts';
import { sh } from './parts/shell.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { ensureVnc } from './parts/vnc.ts';
import { vncLogin } from './support/vnc.ts';

/** The display of the image, which its entrypoint of ours names. */
const DISPLAY = ':1';

const X_SOCKET = '/tmp/.X11-unix/X1';

/** The security type of a password, in RFC 6143; no other is to be offered. */
const VNC_PASSWORD = 2;

describe('the screen of gnzsnz, by the real x11vnc and a real X server', () => {
  const vnc = usePart(async () => {
    const parts = await ensureVnc();
    if (await isTaken(X_SOCKET))
      throw new MissingPart('a display', `an X server of this machine has ${DISPLAY}`);
    return parts;
  });

  it('lets in who has the password of the secret file, and shows it to nobody', async () => {
    const port = await serving();
    const right = await vncLogin(port, PLANTED.vnc);
    const wrong = await vncLogin(port, 'another');
    expect(right).toEqual({ version: 'RFB 003.008', securityTypes: [VNC_PASSWORD], accepted: true });
    expect(wrong).toMatchObject({ securityTypes: [VNC_PASSWORD], accepted: false });
    const processes = (await sh`ps -eo args`).stdout;
    expect(processes).toMatch(/^x11vnc .* -passwdfile /m);
    expect(processes).not.toContain(PLANTED.vnc);
  });

  /** Starts the X server as the image's own script does, and our entrypoint beside it. Returns the port. */
  async function serving(): Promise<number> {
    const screen = spawn(vnc().xvfb, [DISPLAY, '-nolisten', 'tcp'], { stdio: 'ignore' });
    onTestFinished(() => void screen.kill());
    const image = await fakeImage('gnzsnz', 'exec sleep 600', { vncPort: 5900 });
    onTestFinished(() => rm(image.folder, { recursive: true, force: true }));
    await giveCredentials(image);
    await writeFile(join(image.secrets, 'VNC_PASSWORD'), `${PLANTED.vnc}\n`);
    const [port = 0] = await freePorts(1);
    const { output } = startGateway(image, { GATEHOUSE_VNC_PORT: String(port) });
    onTestFailed(() => console.error(output()));
    await until('x11vnc listens', () => listens(port));
    return port;
  }
});

/** A socket that a killed server left is taken away: our entrypoint waits for a new one. */
async function isTaken(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    await rm(path, { force: true });
    return false;
  } finally {
    socket.destroy();
  }
}

async function listens(port: number): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return (await readFile('/proc/net/tcp', 'utf8')).includes(`:${hex} 00000000:0000 0A`);
}

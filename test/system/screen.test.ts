import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { command, commandLine } from '../../ops/commands/command.ts';
import { screenStream } from '../../ops/commands/incident.ts';
import { screenshot } from '../../ops/incident/screen.ts';
import { localRemote } from '../../ops/remote.ts';
import { ensureCommand } from './parts/apt.ts';
import { MissingPart } from './parts/missing-part.ts';
import { isRoot } from './parts/shell.ts';
import { usePart } from './parts/use-part.ts';

/** White, in a network and a /tmp of its own as in a container: the display and the port are fixed. */
const SCREEN =
  'mount -t tmpfs tmpfs /tmp && mkdir -m 1777 /tmp/.X11-unix && ip link set lo up && ' +
  '{ Xvfb :1 -wr -nolisten tcp -screen 0 320x240x24 & } 2> /dev/null && x=$! && ' +
  'until [ -S /tmp/.X11-unix/X1 ]; do sleep 0.1; done && ';

describe('a screenshot of a display, by a real VNC server', () => {
  const parts = usePart(async () => {
    if (!isRoot()) throw new MissingPart('a screen', 'not root: it needs a network of its own');
    await ensureCommand('Xvfb', 'Xvfb', ['xvfb']);
    return { x11vnc: await ensureCommand('x11vnc', 'x11vnc', ['x11vnc']) };
  });

  test('is a picture of all of it', async () => {
    parts();
    const { stdout } = await localRemote().run(
      screenStream((look) =>
        command('unshare', '--net', '--mount', 'sh', '-c', `${SCREEN}${commandLine(look)}; kill $x`),
      ),
    );
    const png = screenshot(stdout);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([320, 240]);
    const pixels = inflateSync(png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8));
    const white = pixels.filter((byte) => byte === 0xff).length;
    expect(white).toBeGreaterThan(320 * 240 * 3 * 0.9);
  });
});

import { ensureCommand } from './apt.ts';

/** The screen server and the X server of the image gnzsnz/ib-gateway, by apt. @throws MissingPart */
export async function ensureVnc(): Promise<{ x11vnc: string; xvfb: string }> {
  return {
    x11vnc: await ensureCommand('x11vnc', 'x11vnc', ['x11vnc']),
    xvfb: await ensureCommand('Xvfb', 'Xvfb', ['xvfb']),
  };
}

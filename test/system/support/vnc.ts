import { createCipheriv } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a VNC server offers and answers, as far as a login goes (RFC 6143, 7.1). */
export interface VncLogin {
  readonly version: string;
  /** Numbers of the security types offered: 1 is none, 2 is VNC's own password. */
  readonly securityTypes: readonly number[];
  readonly accepted: boolean;
}

/** Logs in with a password. */
export async function vncLogin(port: number, password: string): Promise<VncLogin> {
  const socket = connect(port, '127.0.0.1');
  try {
    const version = (await take(socket, 12)).toString().trim();
    socket.write('RFB 003.008\n');
    const [count = 0] = await take(socket, 1);
    const securityTypes = [...(await take(socket, count))];
    socket.write(Buffer.of(2));
    socket.write(encrypted(await take(socket, 16), password));
    return { version, securityTypes, accepted: (await take(socket, 4)).readUInt32BE() === 0 };
  } finally {
    socket.destroy();
  }
}

async function take(socket: Socket, bytes: number): Promise<Buffer> {
  for (;;) {
    const chunk: Buffer | null = socket.read(bytes);
    if (chunk !== null) return chunk;
    await once(socket, 'readable');
  }
}

/** Two blocks of DES (three times with one key is once) under the password, whose bits are turned round (7.2.2). */
function encrypted(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8);
  key.write(password.slice(0, 8), 'latin1');
  const turned = key.map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  );
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([turned, turned, turned]), null);
  return cipher.setAutoPadding(false).update(challenge);
}

import { createSocket } from 'node:dgram';
import { rmSync } from 'node:fs';
import { connect, createServer, type ListenOptions, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';

/**
 * Runs in the network of a VM's emulator: what the guest sends to its metadata address arrives here on the loopback.
 * HTTP and TLS go to the test over sockets in the folder of the first argument, and the test reaches ports of the
 * guest, those the emulator forwards, the same way. Names are answered here: all of them are the one address.
 */

const [folder = '', ...forwarded] = process.argv.slice(2);
const LOOPBACK = '127.0.0.1';

relay({ host: LOOPBACK, port: 80 }, { path: join(folder, 'http') });
relay({ host: LOOPBACK, port: 443 }, { path: join(folder, 'https') });
for (const port of forwarded) {
  const path = join(folder, port);
  rmSync(path, { force: true });
  relay({ path }, { host: LOOPBACK, port: Number(port) });
}
answerNames([169, 254, 169, 254]);

function relay(from: ListenOptions, to: NetConnectOpts): void {
  createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...to, allowHalfOpen: true });
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  }).listen(from);
}

/** One A record to a question for one, no record to any other (RFC 1035, 4.1). */
function answerNames(address: readonly number[]): void {
  const dns = createSocket('udp4');
  dns.on('message', (query, { port, address: asker }) => {
    const end = query.indexOf(0, 12) + 5;
    const wantsAddress = query.readUInt16BE(end - 4) === 1;
    const id = query.subarray(0, 2);
    const counts = [0x81, 0x80, 0, 1, 0, wantsAddress ? 1 : 0, 0, 0, 0, 0];
    const record = wantsAddress ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address] : [];
    const answer = [id, Buffer.from(counts), query.subarray(12, end), Buffer.from(record)];
    dns.send(Buffer.concat(answer), port, asker);
  });
  dns.bind(53, LOOPBACK, () => console.log('relaying'));
}

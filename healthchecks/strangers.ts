import { clean } from './evidence.ts';

/** How the servers that most often stand on a wrong port begin to speak. */
const STRANGERS: readonly (readonly [start: string, name: string])[] = [
  ['HTTP/', 'an HTTP server'],
  ['SSH-', 'an SSH server'],
  ['RFB ', 'a VNC server'],
  ['\x15\x03', 'a TLS server'],
  ['220', 'a mail or FTP server'],
  ['-ERR', 'a Redis server'],
];

/** Who a peer that is no gateway seems to be, by the first bytes it sent. */
export function stranger(first: Buffer): string {
  const text = first.toString('latin1');
  const name = STRANGERS.find(([start]) => text.startsWith(start))?.[1] ?? 'something else';
  return `${name}, it began with "${clean(text.split(/[\r\n]/)[0] ?? '')}"`;
}

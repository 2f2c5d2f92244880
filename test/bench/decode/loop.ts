import { readFileSync } from 'node:fs';

/** What a socket hands over at a time. */
const CHUNK = 65_536;
const WARM_UP = 0.2;

/**
 * Feeds a file of frames to a decoder until it has had so many, and prints the CPU seconds that took for a million.
 * Arguments: the file, the frames it holds, the frames to decode.
 *
 * @param take is handed the stream piece by piece
 * @param decoded how many frames it has decoded so far: proof that it did
 */
export function measureDecoder(take: (chunk: Buffer) => void, decoded: () => number): void {
  const [file = '', held = '', wanted = ''] = process.argv.slice(2);
  const chunks = cut(readFileSync(file));
  const feed = (frames: number) => {
    for (let i = 0; i < frames; i += Number(held)) for (const chunk of chunks) take(chunk);
  };
  feed(Number(wanted) * WARM_UP);
  const before = decoded();
  const start = process.cpuUsage();
  feed(Number(wanted));
  const { user, system } = process.cpuUsage(start);
  process.stdout.write(`${(user + system) / (decoded() - before)}\n`);
}

function cut(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) chunks.push(bytes.subarray(at, at + CHUNK));
  return chunks;
}

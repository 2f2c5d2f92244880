import type { Remote } from '../remote.ts';
import type { Collected, HostPart, Part } from './part.ts';
import { redact } from './redact.ts';

/** The most of one part: its end is what tells. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Makes every part, one after the other, redacted. Never throws: what goes wrong is in the note. */
export async function collect(parts: readonly Part[], say: (file: string) => void): Promise<Collected[]> {
  const collected: Collected[] = [];
  for (const { file, from, make } of parts) {
    say(file);
    collected.push({ file, from: redact(from), ...(await made(make)) });
  }
  return collected;
}

async function made(make: Part['make']): Promise<Pick<Collected, 'bytes' | 'note'>> {
  try {
    const content = await make();
    if (Buffer.isBuffer(content)) return { bytes: content };
    const bytes = Buffer.from(redact(content));
    if (bytes.length <= MOST_BYTES) return { bytes };
    return { bytes: bytes.subarray(-MOST_BYTES), note: `the last ${MOST_BYTES} of ${bytes.length} bytes` };
  } catch (error) {
    return { bytes: Buffer.alloc(0), note: redact(error instanceof Error ? error.message : String(error)) };
  }
}

/** The parts a host gives. One that cannot be reached is asked once. */
export function partsOf(host: Remote, parts: readonly HostPart[]): Part[] {
  let gone: unknown;
  return parts.map(({ file, command, shape = (text) => text }) => ({
    file,
    from: host.line(command),
    make: async () => {
      if (gone !== undefined) throw gone;
      try {
        const { stdout, stderr } = await host.run({ ...command, okExits: command.okExits ?? ANY_EXIT });
        return shape(stdout === '' ? stderr : stdout);
      } catch (error) {
        if (isUnreachable(error)) gone = error;
        throw error;
      }
    },
  }));
}

/** What a command says of its own failure belongs into the bundle as well. */
const ANY_EXIT = Array.from({ length: 127 }, (_, exit) => exit);

function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ssh-');
}

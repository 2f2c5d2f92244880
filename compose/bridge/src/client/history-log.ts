import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A request for historical data that went out. */
const sentRequest = z.object({
  identity: z.string(),
  contract: z.string(),
  weight: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
});

export type SentRequest = z.infer<typeof sentRequest>;

/** Remembers what was asked of IBKR's historical service beyond the life of the process. */
export interface HistoryLog {
  load(): readonly SentRequest[];
  save(sent: readonly SentRequest[]): void;
}

/**
 * A file of some kilobytes in the data directory. IBKR goes on counting when the bridge is started again; one that began
 * with nothing counted could break the rules, and one that waited ten minutes would be of no use until then. Written
 * before the request goes out, and at once: one a second at most, and a process that is killed has counted it.
 * @param onTrouble what kept it from reading or writing; pacing goes on without it
 */
export function historyLogFile(dataDir: string, onTrouble: (error: Error) => void): HistoryLog {
  const path = join(dataDir, 'history-sent.json');
  return {
    load() {
      try {
        return z.array(sentRequest).parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onTrouble(error as Error);
        return [];
      }
    },
    save(sent) {
      try {
        writeFileSync(`${path}.new`, JSON.stringify(sent), { mode: 0o600 });
        renameSync(`${path}.new`, path);
      } catch (error) {
        onTrouble(error as Error);
      }
    },
  };
}

/** Remembers nothing: for tests, and for who has no data directory. */
export const NO_HISTORY_LOG: HistoryLog = { load: () => [], save: () => {} };

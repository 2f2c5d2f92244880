import { command } from '../commands/command.ts';
import { devFolder } from '../dev/folder.ts';
import type { VerbContext } from '../verb.ts';

const LINES = 100;

/** Prints the log of the bridge that npm start runs, or ran last: one JSON object a line. */
export async function devLogs({ root, options, out, local, onStop }: VerbContext): Promise<number> {
  const follow = options.follow === true ? ['-F'] : [];
  const tail = command('tail', '-n', String(LINES), ...follow, devFolder(root).log);
  if (options.dryRun) {
    out.line(local.line(tail));
    return 0;
  }
  const abort = new AbortController();
  const ignore = onStop(() => abort.abort());
  const exit = await local.attach(tail, abort.signal).finally(ignore);
  return abort.signal.aborted ? 0 : exit;
}

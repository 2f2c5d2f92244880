import { type PastRelease, readHistory } from '../deploy/history.ts';
import { atPlace } from '../runbook/place.ts';
import type { VerbContext } from '../verb.ts';

/** Lists the releases a stack had: when, by whom, what came of it, and which can be gone back to. */
export function releases(context: VerbContext): Promise<number> {
  const { out, options, stack } = context;
  return atPlace(context, async ({ site }) => {
    const { releases: all } = await readHistory(site);
    if (options.json) out.line(JSON.stringify({ stack, releases: all }));
    else if (all.length === 0) out.line(`no release of this stack is on ${site.host.where}`);
    else for (const line of all.map(row)) out.line(line);
    return 0;
  });
}

/** `* r-0123456789abcdef  2026-11-20T01:02:03Z  me@desk  --prod-all  applied  healthy`. */
function row({ id, current, here, last }: PastRelease): string {
  const mark = current ? '*' : here ? ' ' : '-';
  const what = last
    ? [last.at, last.who, last.what, last.outcome, last.verdict.after, ...(last.why ? [last.why] : [])]
    : ['sent, never applied'];
  return `${mark} ${[id, ...what].join('  ')}`;
}

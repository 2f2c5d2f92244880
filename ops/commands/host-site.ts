import { type Command, command } from './command.ts';

/** Files of a site that tell how it stands, each one JSON value; `current` is a link. */
const FACTS = 'stopped lent pending.json verdict.json lock/owner';

/**
 * Prints how a site stands, each fact under a line `== name`: which release is current, whether it was stopped, what
 * waits, the last verdict, who holds the lock, the last line of the audit. Prints nothing where there is no site.
 */
export function siteFacts(folder: string): Command {
  const script =
    'cd "$1" 2> /dev/null || exit 0; echo "== current"; readlink current; ' +
    `for f in ${FACTS}; do [ ! -e "$f" ] || { printf "\\n== %s\\n" "$f"; cat "$f"; }; done; ` +
    'printf "\\n== audit\\n"; tail -n 1 audit.jsonl 2> /dev/null; exit 0';
  return command('sh', '-c', script, 'site', folder);
}

/** What each service of the current release is made of; prints nothing before the first release. */
export function currentManifest(folder: string): Command {
  return { ...command('cat', `${folder}/current/manifest.json`), okExits: [0, 1] };
}

/** stopped: nothing but a person starts the stack. lent: nothing but a person or its timer starts the gateway. */
export type Marker = 'stopped' | 'lent';

/** Writes a marker into a site, in one step. */
export function putMarker(folder: string, name: Marker, text: string): Command {
  const script = 'umask 022; mkdir -p "$1" && printf "%s\\n" "$3" > "$1/$2.new" && mv "$1/$2.new" "$1/$2"';
  return command('sh', '-c', script, 'mark', folder, name, text);
}

/** Takes markers away, all of them unless some are named. */
export function removeMarkers(folder: string, ...names: readonly Marker[]): Command {
  const which = names.length === 0 ? (['stopped', 'lent'] as const) : names;
  return command('rm', '-f', ...which.map((name) => `${folder}/${name}`));
}

/** What the host's own units log: its boot, its agent, its timers. `since` as docker takes it. */
export function hostLogs({
  lines,
  since,
  follow = false,
}: {
  readonly lines?: number | undefined;
  readonly since?: string | undefined;
  readonly follow?: boolean;
}): Command {
  return command(
    ...(['journalctl', '--no-pager', '--output', 'short-iso', '--unit', 'gatehouse*'] as const),
    ...(lines === undefined ? [] : ['--lines', String(lines)]),
    // journalctl writes a span of time as -30m.
    ...(since === undefined ? [] : ['--since', /^\d+[smh]$/.test(since) ? `-${since}` : since]),
    ...(follow ? ['--follow'] : []),
  );
}

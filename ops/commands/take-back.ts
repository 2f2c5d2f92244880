import { type Command, command } from './command.ts';

/** A session that was lent, and when it comes back. */
export interface Lending {
  /** The site's folder. */
  readonly folder: string;
  /** The marker as it was written: another one means that a person decided otherwise meanwhile. */
  readonly marker: string;
  /** The gateway's container. */
  readonly container: string;
  /** Seconds from now. */
  readonly seconds: number;
  /** Name of the timer. */
  readonly unit: string;
  /** Line for the audit file, written when it happens. */
  readonly audit: string;
}

/** Takes the marker away if it is still that one, and starts the gateway with the restart policy it had. */
const TAKE_BACK =
  '[ ! -e "$1/stopped" ] && [ "$(cat "$1/lent" 2> /dev/null)" = "$2" ] || exit 0; rm -f "$1/lent"; ' +
  'docker update --restart unless-stopped "$3" && docker start "$3" && printf "%s\\n" "$4" >> "$1/audit.jsonl"';

/**
 * Where there is no systemd a process waits, and a reboot ends it. It says so itself, once it leads its own group, and
 * the command ends no sooner: whoever comes next can end that group.
 */
const LATER =
  's=$1 u=$2; shift 2; ' +
  'if systemd-run --quiet --collect --on-active="$s" --timer-property=AccuracySec=1s --unit="$u" sh -c "$@" 2> /dev/null; ' +
  'then echo timer; ' +
  `else p=$(setsid -f sh -c 'echo process; exec > /dev/null; sleep "$1"; shift; exec sh -c "$@"' wait "$s" "$@" < /dev/null 2> /dev/null) && echo "$p"; fi`;

/**
 * Ends what waits to take a session of this stack back, the timer or the process: none of it has anything to do any
 * more. A process is known by its arguments, so that no number is mistaken for another's. One that leads no group yet
 * (its run was cut off before it did) is ended by itself.
 */
const NO_MORE =
  'systemctl stop "gatehouse-take-back-$2-??????????.timer" 2> /dev/null; ' +
  'for f in $(grep -lzxF -- take-back /proc/[0-9]*/cmdline 2> /dev/null); do ' +
  'grep -qzxF -- wait "$f" 2> /dev/null && grep -qzxF -- "$1" "$f" || continue; ' +
  'n=$(echo "$f" | cut -d / -f 3); kill -- "-$n" 2> /dev/null || kill "$n" 2> /dev/null; done; exit 0';

/** The same for the site in this folder, of this project. */
export function takeBackNoMore(folder: string, project: string): Command {
  return command('sh', '-c', NO_MORE, 'no-more', folder, project);
}

/** Has the host itself take the session back later, and prints by what: `timer` or `process`. */
export function takeBackLater(lending: Lending): Command {
  const { folder, marker, container, seconds, unit, audit } = lending;
  const what = [TAKE_BACK, 'take-back', folder, marker, container, audit];
  return command('sh', '-c', LATER, 'later', String(seconds), unit, ...what);
}

import { type Command, command } from './command.ts';

/** Exit status of lockTake when somebody else holds the lock: EX_TEMPFAIL of sysexits.h. */
export const LOCK_HELD = 75;

/**
 * Takes the lock of a folder, or prints who holds it and ends with LOCK_HELD. The lock is a folder with its owner in
 * it, moved into place whole: a rename onto a folder that is not empty fails, so nobody sees a lock without owner.
 */
export function lockTake(folder: string, owner: string): Command {
  const script =
    'umask 022; mkdir -p "$1/releases" && mkdir "$1/lock.$$" && printf "%s\\n" "$2" > "$1/lock.$$/owner" || exit 1; ' +
    'mv -T "$1/lock.$$" "$1/lock" 2> /dev/null && exit 0; ' +
    `rm -r "$1/lock.$$"; cat "$1/lock/owner"; exit ${LOCK_HELD}`;
  return { ...command('sh', '-c', script, 'lock', folder, owner), okExits: [0, LOCK_HELD] };
}

/** Prints who holds the lock; nothing when nobody does. */
export function lockOwner(folder: string): Command {
  return { ...command('cat', `${folder}/lock/owner`), okExits: [0, 1] };
}

/** Gives the lock back if it is still this owner's; another's is left alone. */
export function lockGive(folder: string, owner: string): Command {
  const script =
    '[ "$(cat "$1/lock/owner" 2> /dev/null)" = "$2" ] || exit 0; ' +
    'mv -T "$1/lock" "$1/lock.$$" && rm -r "$1/lock.$$"';
  return command('sh', '-c', script, 'unlock', folder, owner);
}

/** Is a process of the host still there? Status 1 where it is not, or where the host was started anew since. */
export function processThere(pid: number, boot: string): Command {
  const script = '[ "$(cat /proc/sys/kernel/random/boot_id)" = "$2" ] && [ -d "/proc/$1" ]';
  return { ...command('sh', '-c', script, 'process', String(pid), boot), okExits: [0, 1] };
}

/**
 * Asks the apply that holds the lock to end before it touches a service. Where it is another's, of another release, or
 * has not said by which process it works, nothing happens.
 */
export function applyStop(folder: string, by: string, release: string): Command {
  const ours = 'select(.owner == \\$by and .release == \\$release) | .pid // empty';
  const find = `jq -r --arg by "$2" --arg release "$3" "${ours}" "$1/lock/owner"`;
  const script = `pid=$(${find}) && [ "$pid" ] && kill -TERM "$pid"`;
  return { ...command('sh', '-c', script, 'stop', folder, by, release), okExits: [0, 1, 2] };
}

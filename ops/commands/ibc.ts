import { type Command, command } from './command.ts';
import { composeExec } from './compose.ts';

/** What IBC's command server takes from an IB Gateway (its ENABLEAPI is for TWS alone). */
export type IbcWord = 'STOP' | 'RESTART' | 'PAUSE' | 'RECONNECTDATA' | 'RECONNECTACCOUNT';

/**
 * Tells the IBC of each gateway in the container one word, and prints what each answers: `7462 OK Restart in progress`.
 * Status 1 when one of them takes none. The server listens on the container's own loopback alone.
 */
export function ibcTell(project: string, word: IbcWord): Command {
  const script =
    'r=0; for p in $GATEHOUSE_IBC_PORTS; do ' +
    '{ printf "%s\\n" "$1" >&3 && IFS= read -r -t 20 a <&3 && echo "$p $a"; } 3<>"/dev/tcp/127.0.0.1/$p" || r=1; ' +
    'done 2>&1; exit $r';
  return { ...composeExec(project, 'gateway', command('bash', '-c', script, 'ibc', word)), okExits: [0, 1] };
}

/** Gives the gateway its login budget back; it must run, and goes on within seconds if it waits for that. */
export function resetLogins(project: string, script: string): Command {
  return composeExec(project, 'gateway', command(script));
}

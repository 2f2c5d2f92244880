import type { GatewayClient } from '../client/types.ts';
import type { Cancel, Clock } from '../clock.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** Milliseconds between an answer and the next question. */
  readonly interval: number;
  /** Milliseconds an answer may take. */
  readonly deadline: number;
  readonly answered: () => void;
  /** Called for each unanswered one; the next question follows at once. */
  readonly missed: (error: Error) => void;
}

/**
 * Asks the gateway for its time, over and over: the only way to find a connection that is open and dead.
 * Starts with a question, so that a gateway that mutes right after the login is found early.
 * @returns ends it.
 */
export function startHeartbeat(client: GatewayClient, options: HeartbeatOptions): Cancel {
  let ended = false;
  let cancel: Cancel = () => {};
  const beat = async (): Promise<void> => {
    const missed = await ask(client, options.deadline);
    if (ended) return;
    if (missed) options.missed(missed);
    else options.answered();
    if (ended) return;
    cancel = options.clock.after(missed ? 0 : options.interval, () => void beat());
  };
  void beat();
  return () => {
    ended = true;
    cancel();
  };
}

async function ask(client: GatewayClient, deadline: number): Promise<Error | undefined> {
  try {
    await client.currentTime({ deadline, priority: 'heartbeat' });
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

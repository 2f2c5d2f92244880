import type { Outgoing } from './outbox.ts';
import type { Stream } from './stream.ts';

/** Sends what waits until the stream is closed. Sending waits for the listener: what comes meanwhile is conflated. */
export async function pump(
  { outbox }: Pick<Stream, 'outbox'>,
  send: (outgoing: Outgoing) => Promise<unknown>,
): Promise<void> {
  for (let batch = await outbox.take(); batch; batch = await outbox.take()) {
    for (const outgoing of batch) await send(outgoing);
  }
}

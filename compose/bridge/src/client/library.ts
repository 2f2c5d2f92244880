import { IBApi } from '@stoqey/ib/dist/api/api.js';
import { EventName } from '@stoqey/ib/dist/api/data/enum/event-name.js';
import type { ConnectOptions } from './types.ts';
import { type LibrarySocket, readFrames, writeFrames } from './wire.ts';

/** The number of the message openOrder, as text. */
const OPEN_ORDER = '5'.charCodeAt(0);

// Imported by their files and not from the package's root: the root also loads IBApiNext and rxjs, which the bridge
// does not use, at four times the load time and 12 MB of memory.
export { EventName, type IBApi };

/**
 * One connection of @stoqey/ib 1.6.10, with what would hurt a server taken out:
 *
 * - Its rate limiter lets `maxReqPerSec / 10` messages through each 100 ms, whatever the load. With an infinite
 *   rate it never queues, and pacing.ts is the only budget.
 * - With host, port, client id and rate all given it never reads its configuration, and so no .env file.
 * - Its command buffer keeps what was scheduled while disconnected and sends it on the next connection: an order
 *   could go out minutes late. So an api is used for one connection and never again.
 * - Its decoder throws out of the socket's data event on what it cannot parse (a reject reason that is not JSON),
 *   which would end the process: `onGarbled` is called instead, and the connection must then be closed.
 * - It decodes what nobody listens to. An openOrder has 140 fields and comes with every status of every order, eight of
 *   ten bytes of what a gateway sends about one: without a listener it is not read.
 * - What it does with the bytes of a message costs more than the message: wire.ts does that.
 */
export function createApi(options: ConnectOptions, onGarbled: (error: unknown) => void): IBApi {
  const api = new IBApi({ ...options, maxReqPerSec: Number.POSITIVE_INFINITY });
  const { controller } = api as unknown as { controller: Controller };
  writeFrames(controller.socket);
  readFrames(controller.socket, {
    wanted: (payload) =>
      payload[0] !== OPEN_ORDER || payload[1] !== 0 || api.listenerCount(EventName.openOrder) > 0,
    onGarbled,
  });
  const process = controller.processIngressQueue.bind(controller);
  controller.processIngressQueue = () => {
    try {
      process();
    } catch (error) {
      onGarbled(error);
    }
  };
  return api;
}

interface Controller {
  readonly socket: LibrarySocket;
  processIngressQueue(): void;
}

/** Ends the connection for good: no listener of ours hears of it again. */
export function discardApi(api: IBApi): void {
  api.removeAllListeners();
  api.disconnect();
}

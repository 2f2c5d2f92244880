import { EventName, IBApi } from '@stoqey/ib';
import { VERSION } from './frames.ts';
import { measureDecoder } from './loop.ts';

/** What the library keeps to itself: where its socket hands over what came. */
interface Internals {
  readonly controller: {
    readonly socket: { neverReceived: boolean; _serverVersion: number; onData(chunk: Buffer): void };
  };
}

const api = new IBApi();
const { socket } = (api as unknown as Internals).controller;
socket.neverReceived = false;
socket._serverVersion = VERSION;

// One event a frame for the count, and listeners for what the frames hold, as an application has them.
let decoded = 0;
api.on(EventName.received, () => {
  decoded += 1;
});
let ticks = 0;
const heard = () => {
  ticks += 1;
};
api.on(EventName.tickPrice, heard);
api.on(EventName.tickSize, heard);
api.on(EventName.tickString, heard);
api.on(EventName.orderStatus, heard);
api.on(EventName.realtimeBar, heard);

measureDecoder(
  (chunk) => socket.onData(chunk),
  () => (ticks > 0 ? decoded : 0),
);

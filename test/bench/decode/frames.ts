import { answers, encodeFrame } from '../../../tws/index.ts';
import { random } from '../../support/mutate.ts';

/** A version all four decoders speak. */
export const VERSION = 178;

/** A quote's day: mostly ticks, now and then an order's status or a bar. */
const MIXTURE: readonly (readonly [share: number, make: (draw: (most: number) => number) => Buffer])[] = [
  [
    35,
    (draw) =>
      encodeFrame(
        answers.tickPrice,
        {
          reqId: draw(100),
          tickType: 1 + draw(4),
          price: (10_000 + draw(40_000)) / 100,
          size: draw(5000),
          attrMask: 0,
        },
        VERSION,
      ),
  ],
  [
    35,
    (draw) =>
      encodeFrame(answers.tickSize, { reqId: draw(100), tickType: draw(9), size: draw(1_000_000) }, VERSION),
  ],
  [
    15,
    (draw) =>
      encodeFrame(
        answers.tickString,
        { reqId: draw(100), tickType: 45, value: String(1_775_484_000 + draw(20_000)) },
        VERSION,
      ),
  ],
  [
    5,
    (draw) =>
      encodeFrame(
        answers.orderStatus,
        {
          orderId: draw(500),
          status: draw(2) ? 'Submitted' : 'Filled',
          filled: draw(100),
          remaining: draw(100),
          avgFillPrice: (10_000 + draw(40_000)) / 100,
          permId: 1_000_000_000 + draw(1_000_000),
          parentId: 0,
          lastFillPrice: (10_000 + draw(40_000)) / 100,
          clientId: 100,
          whyHeld: '',
          mktCapPrice: 0,
        },
        VERSION,
      ),
  ],
  [
    10,
    (draw) => {
      const open = 10_000 + draw(40_000);
      return encodeFrame(
        answers.realtimeBar,
        {
          reqId: draw(100),
          time: 1_775_484_000 + draw(20_000),
          open: open / 100,
          high: (open + 25) / 100,
          low: (open - 50) / 100,
          close: (open + 3) / 100,
          volume: draw(100_000),
          wap: (open * 10 + 15) / 1000,
          count: draw(300),
        },
        VERSION,
      );
    },
  ],
];

/** So many frames as they come off a socket, the same for the same seed. */
export function stream(frames: number, seed: number): Buffer {
  const next = random(seed);
  const draw = (most: number) => Math.floor(next() * most);
  const deck = MIXTURE.flatMap(([share, make]) => Array.from({ length: share }, () => make));
  return Buffer.concat(
    Array.from({ length: frames }, () => deck[draw(deck.length)]?.(draw) ?? Buffer.alloc(0)),
  );
}

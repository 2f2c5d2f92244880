import type { BarKind } from '../../../../tws/bar-kinds.ts';
import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import { parseKind } from '../history/kinds.ts';
import { liveBar } from '../history/live.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { duplicate, type Handlers, invalid, resolve } from './handler.ts';

/** The only size there is, seconds. */
const SIZE = 5;
const PERIOD = SIZE * 1000;
const KINDS: readonly (BarKind | undefined)[] = ['TRADES', 'MIDPOINT', 'BID', 'ASK'];

export const realTimeHandlers: Handlers = {
  reqRealTimeBars(world, session, request) {
    const { reqId, whatToShow } = request;
    const contract = resolve(world, session, reqId, request.contract);
    if (!contract) return;
    const kind = parseKind(whatToShow);
    if (!kind || !KINDS.includes(kind)) {
      return session.error(reqId, 321, invalid(`Real-time bars what to show is invalid: ${whatToShow}`));
    }
    const stream = session.openStream(`realTimeBars ${reqId}`);
    if (!stream) return duplicate(session, reqId);
    // Bars end on whole five seconds of the clock, wherever in them the request came.
    const first = PERIOD - (world.clock.now() % PERIOD);
    stream.after(first, () => {
      const send = () => sendBar(world, session, request, contract, kind);
      send();
      stream.every(PERIOD, send);
    });
  },
  cancelRealTimeBars(_world, session, { reqId }) {
    if (session.closeStream(`realTimeBars ${reqId}`)) return;
    session.error(reqId, 300, `Can't find EId with tickerId:${reqId}`);
  },
};

function sendBar(
  world: World,
  session: Session,
  { reqId, useRTH }: RequestOf<'reqRealTimeBars'>,
  contract: Contract,
  kind: BarKind,
): void {
  const end = Math.floor(world.clock.now() / PERIOD) * PERIOD;
  const bar = liveBar(world.market, contract, end, SIZE, kind, useRTH);
  if (bar) session.send(answers.realtimeBar, { reqId, time: end / 1000 - SIZE, ...bar });
}

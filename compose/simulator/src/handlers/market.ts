import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import { Line } from '../market/line.ts';
import { ticksOf } from '../market/ticks.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { type Handlers, invalid, resolve } from './handler.ts';

/** How often a line is looked at for what is new, milliseconds; gateways gather ticks for 250 ms (stocks). */
const EVERY = 250;
/** Delayed data is this old, milliseconds. */
const DELAY = 15 * 60_000;
/** What gateways send as the exchange map's name and the permissions of a stock. */
const BBO_EXCHANGE = '9c0001';
const PERMISSIONS = 3;

export const marketHandlers: Handlers = {
  reqMktData(world, session, request) {
    const { reqId } = request;
    const refused = refusal(request);
    if (refused) return session.error(reqId, 321, invalid(refused));
    const contract = resolve(world, session, reqId, request.contract);
    if (!contract) return;
    if (request.snapshot) sendSnapshot(world, session, reqId, contract);
    else startLine(world, session, reqId, contract);
  },
  cancelMktData(_world, session, { reqId }) {
    if (!session.closeStream(`mktData ${reqId}`)) {
      session.error(reqId, 300, `Can't find EId with tickerId:${reqId}`);
    }
  },
  reqMarketDataType(_world, session, { marketDataType }) {
    session.marketDataType = marketDataType;
  },
};

function refusal({ snapshot, genericTickList }: RequestOf<'reqMktData'>): string | undefined {
  const generic = genericTickList.trim();
  if (snapshot && generic !== '') {
    return 'Snapshot market data subscription is not applicable to generic ticks';
  }
  return undefined;
}

function isDelayed(session: Session): boolean {
  return session.marketDataType >= 3;
}

function open(world: World, session: Session, reqId: number, contract: Contract) {
  const line = new Line(session, reqId);
  const delayed = isDelayed(session);
  session.send(answers.tickReqParams, {
    reqId,
    minTick: 0.01,
    bboExchange: BBO_EXCHANGE,
    snapshotPermissions: PERMISSIONS,
  });
  if (session.marketDataType !== 1) {
    session.send(answers.marketDataType, { reqId, marketDataType: session.marketDataType });
  }
  return () => {
    const now = world.clock.now() - (delayed ? DELAY : 0);
    line.update(ticksOf(world.market.quote(contract, now), delayed));
  };
}

function sendSnapshot(world: World, session: Session, reqId: number, contract: Contract): void {
  open(world, session, reqId, contract)();
  session.send(answers.tickSnapshotEnd, { reqId });
}

function startLine(world: World, session: Session, reqId: number, contract: Contract): void {
  const stream = session.openStream(`mktData ${reqId}`);
  if (!stream) {
    session.error(reqId, 322, 'Error processing request: Duplicate ticker id');
    return;
  }
  const update = open(world, session, reqId, contract);
  update();
  stream.every(EVERY, update);
}

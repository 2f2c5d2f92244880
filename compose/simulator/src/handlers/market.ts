import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import { computations } from '../market/computation.ts';
import { genericTicks, legalGeneric, parseGeneric, unknownGeneric } from '../market/generic.ts';
import { Line } from '../market/line.ts';
import type { Quote } from '../market/market.ts';
import { ticksOf } from '../market/ticks.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { duplicate, type Handlers, invalid, resolve } from './handler.ts';

/** Delayed data is this old, milliseconds. */
const DELAY = 15 * 60_000;
/** Market data lines of one session (IBKR's usual allowance). */
const MAX_LINES = 100;
/** What gateways send as the name of a stock's exchange map, and its permissions. */
const BBO_EXCHANGE = '9c0001';
const PERMISSIONS = 3;

type MktData = RequestOf<'reqMktData'>;

export const marketHandlers: Handlers = {
  reqMktData(world, session, request) {
    const { reqId } = request;
    const refused = refusal(request);
    if (refused) return session.error(reqId, 321, invalid(refused));
    const contract = resolve(world, session, reqId, request.contract);
    if (!contract) return;
    if (request.snapshot || request.regulatorySnapshot) sendSnapshot(world, session, request, contract);
    else startLine(world, session, request, contract);
  },
  cancelMktData(_world, session, { reqId }) {
    if (session.closeStream(`mktData ${reqId}`)) return;
    session.error(reqId, 300, `Can't find EId with tickerId:${reqId}`);
  },
  reqMarketDataType(_world, session, { marketDataType }) {
    if (marketDataType >= 1 && marketDataType <= 4) session.marketDataType = marketDataType;
    else session.error(-1, 321, invalid(`Invalid market data type ${marketDataType}.`));
  },
};

function refusal({ snapshot, genericTickList }: MktData): string | undefined {
  const numbers = parseGeneric(genericTickList);
  if (snapshot && numbers.length > 0) {
    return 'Snapshot market data subscription is not applicable to generic ticks';
  }
  const unknown = unknownGeneric(numbers);
  if (unknown === undefined) return undefined;
  return `Incorrect generic tick list of ${unknown}. Legal ones for (STK) are: ${legalGeneric()}`;
}

/** The type of data a new line gets: what was asked for, unless only delayed data is to be had. */
function typeOf(session: Session): number {
  const type = session.onlyDelayed && session.marketDataType < 3 ? 3 : session.marketDataType;
  session.onlyDelayed = false;
  return type;
}

/** Opens a line: tells its terms, and returns what brings it up to date. */
function open(world: World, session: Session, request: MktData, contract: Contract): () => void {
  const { reqId } = request;
  const { market, clock } = world;
  const type = typeOf(session);
  const delayed = type >= 3;
  const numbers = parseGeneric(request.genericTickList);
  const line = new Line(session, reqId);
  session.send(answers.marketDataType, { reqId, marketDataType: type });
  session.send(answers.tickReqParams, {
    reqId,
    minTick: 0.01,
    bboExchange: BBO_EXCHANGE,
    snapshotPermissions: PERMISSIONS,
  });
  return () => {
    const now = clock.now() - (delayed ? DELAY : 0);
    const quote = market.quote(contract, now);
    const frozen = type === 2 || type === 4;
    line.update(ticksOf(frozen || market.isOpen(now, true) ? quote : closed(quote), delayed));
    line.update(genericTicks(market, contract, quote, numbers));
    if (contract.secType === 'OPT') line.greeks(computations(market, contract, quote, delayed));
  };
}

/** What shows of a closed market that isn't frozen: no bid and no ask. */
function closed(quote: Quote): Quote {
  return { ...quote, bid: -1, ask: -1, bidSize: 0, askSize: 0 };
}

function sendSnapshot(world: World, session: Session, request: MktData, contract: Contract): void {
  open(world, session, request, contract)();
  session.send(answers.tickSnapshotEnd, { reqId: request.reqId });
}

function startLine(world: World, session: Session, request: MktData, contract: Contract): void {
  const { reqId } = request;
  if (session.countStreams('mktData') >= MAX_LINES) {
    session.error(reqId, 101, 'Max number of tickers has been reached');
    return;
  }
  const stream = session.openStream(`mktData ${reqId}`);
  if (!stream) {
    duplicate(session, reqId);
    return;
  }
  const update = open(world, session, request, contract);
  update();
  stream.every(world.market.tickMs, update);
}

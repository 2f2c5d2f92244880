import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import type { Quote } from '../market/market.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { duplicate, type Handlers, resolve } from './handler.ts';

const TYPES = ['', 'Last', 'AllLast', 'BidAsk', 'MidPoint'];
const REFUSED = 10189;

export const tickByTickHandlers: Handlers = {
  reqTickByTickData(world, session, request) {
    const { reqId } = request;
    const contract = resolve(world, session, reqId, request.contract);
    if (!contract) return;
    const tickType = TYPES.indexOf(request.tickType);
    if (tickType < 1 || contract.secType !== 'STK') {
      const what = `${request.tickType} tick-by-tick requests are not supported for ${contract.symbol}`;
      return session.error(reqId, REFUSED, `Failed to request tick-by-tick data.${what}`);
    }
    const stream = session.openStream(`tickByTick ${reqId}`);
    if (!stream) return duplicate(session, reqId);
    const next = () => sendTick(world, session, request, contract, tickType);
    next();
    stream.every(world.market.tickMs, next);
  },
  cancelTickByTickData(_world, session, { reqId }) {
    if (session.closeStream(`tickByTick ${reqId}`)) return;
    session.error(reqId, 300, `Can't find EId with tickerId:${reqId}`);
  },
};

function sendTick(
  world: World,
  session: Session,
  request: RequestOf<'reqTickByTickData'>,
  contract: Contract,
  tickType: number,
): void {
  const now = world.clock.now();
  const quote = world.market.quote(contract, now);
  const body =
    tickType === 3 ? bidAsk(quote, request.ignoreSize) : tickType === 4 ? midPoint(quote) : trade(quote);
  session.send(answers.tickByTick, { reqId: request.reqId, tickType, time: Math.floor(now / 1000), ...body });
}

function trade({ last, lastSize }: Quote) {
  return { trade: { price: last, size: lastSize, attrMask: 0, exchange: 'ARCA', specialConditions: '' } };
}

function bidAsk({ bid, ask, bidSize, askSize }: Quote, ignoreSize: boolean) {
  const sizes = ignoreSize ? { bidSize: 0, askSize: 0 } : { bidSize, askSize };
  return { bidAsk: { bidPrice: bid, askPrice: ask, ...sizes, attrMask: 0 } };
}

function midPoint({ bid, ask }: Quote) {
  return { midPoint: Math.round((bid + ask) * 5000) / 10_000 };
}

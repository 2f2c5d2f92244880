import { answers, type RequestOf } from '../../../../tws/index.ts';
import type { Contract } from '../contracts/contract.ts';
import { book, type Row } from '../market/depth.ts';
import type { Session } from '../server/session.ts';
import type { World } from '../world.ts';
import { duplicate, type Handlers, resolve } from './handler.ts';

/** Books one session may watch at once, and rows of each (IBKR's usual allowance). */
const MAX_BOOKS = 3;
const MAX_ROWS = 10;
const INSERT = 0;
const UPDATE = 1;

type Depth = RequestOf<'reqMktDepth'>;

export const depthHandlers: Handlers = {
  reqMktDepth(world, session, request) {
    const { reqId } = request;
    const contract = resolve(world, session, reqId, request.contract);
    if (!contract) return;
    // SMART has no book of its own: only the sum of all exchanges' books has.
    if (contract.exchange === 'SMART' && !request.isSmartDepth) {
      const what = 'Deep market data is not supported for this combination of security type/exchange';
      return session.error(reqId, 10092, what);
    }
    if (session.countStreams('mktDepth') >= MAX_BOOKS) {
      const text = `Max number (${MAX_BOOKS}) of market depth requests has been reached`;
      return session.error(reqId, 309, text);
    }
    const stream = session.openStream(`mktDepth ${reqId}`);
    if (!stream) return duplicate(session, reqId);
    const update = follow(world, session, request, contract);
    update();
    stream.every(2 * world.market.tickMs, update);
  },
  cancelMktDepth(_world, session, { reqId }) {
    if (session.closeStream(`mktDepth ${reqId}`)) return;
    session.error(reqId, 310, `Can't find the subscribed market depth with tickerId:${reqId}`);
  },
};

/** Sends the rows of the book that are new or changed since the last call. */
function follow(world: World, session: Session, request: Depth, contract: Contract): () => void {
  const sent = new Map<string, string>();
  const rows = Math.min(MAX_ROWS, Math.max(1, request.numRows));
  return () => {
    for (const row of book(world.market, contract, world.clock.now(), rows)) {
      const key = `${row.side}/${row.position}`;
      const text = `${row.price}/${row.size}`;
      const before = sent.get(key);
      if (before === text) continue;
      sent.set(key, text);
      send(session, request, contract, row, before === undefined ? INSERT : UPDATE);
    }
  };
}

/** Books that name who stands behind a row (SMART, NASDAQ) have a message of their own. */
function send(session: Session, request: Depth, contract: Contract, row: Row, operation: number): void {
  const { reqId, isSmartDepth } = request;
  const { marketMaker, ...plain } = row;
  if (isSmartDepth || contract.exchange === 'NASDAQ') {
    session.send(answers.updateMktDepthL2, { reqId, ...plain, marketMaker, operation, isSmartDepth });
  } else {
    session.send(answers.updateMktDepth, { reqId, ...plain, operation });
  }
}

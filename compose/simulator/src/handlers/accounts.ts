import { answers } from '../../../../tws/index.ts';
import type { Account, Position } from '../accounts/account.ts';
import {
  type AccountValue,
  accountValues,
  holding,
  ledgerValues,
  summaryValues,
  sums,
} from '../accounts/values.ts';
import { answerContract } from '../orders/reports.ts';
import type { Session } from '../server/session.ts';
import { hhmm } from '../time/format.ts';
import { toEastern } from '../time/zone.ts';
import type { World } from '../world.ts';
import { duplicate, type Handlers, invalid } from './handler.ts';

/** How often gateways send account values again, milliseconds. */
const REPEAT = 180_000;
/** Account summaries one session may follow at once. */
const MAX_SUMMARIES = 2;
const PNL_EVERY = 1_000;

const sumsOf = (world: World, account: Account) => sums(account, world.market, world.clock.now());

export const accountHandlers: Handlers = {
  reqPositions(world, session) {
    for (const account of world.accounts.all()) sendPositions(session, account);
    session.send(answers.positionEnd, {});
    session.openStream('positions');
  },
  cancelPositions(_world, session) {
    session.closeStream('positions');
  },
  reqAccountSummary(world, session, { reqId, tags }) {
    if (session.countStreams('accountSummary') >= MAX_SUMMARIES) {
      const cause = 'Maximum number of account summary requests exceeded';
      return session.error(reqId, 322, `Error processing request.-'bz' : cause - ${cause}`);
    }
    const stream = session.openStream(`accountSummary ${reqId}`);
    if (!stream) return duplicate(session, reqId);
    const chosen = chooser(tags);
    const sent = new Map<string, string>();
    const send = () => sendSummary(world, session, reqId, chosen, sent);
    send();
    session.send(answers.accountSummaryEnd, { reqId });
    stream.every(REPEAT, send);
  },
  cancelAccountSummary(_world, session, { reqId }) {
    session.closeStream(`accountSummary ${reqId}`);
  },
  reqAccountUpdates(world, session, { subscribe, account: code }) {
    const account = world.accounts.get(code);
    session.closeStream('accountUpdates');
    if (!subscribe) return;
    if (!account) return session.error(-1, 321, invalid(`Invalid account code '${code}'.`));
    session.accountUpdates = account.code;
    sendAccount(world, session, account);
    session.send(answers.accountDownloadEnd, { account: account.code });
    session.openStream('accountUpdates')?.every(REPEAT, () => sendAccount(world, session, account));
  },
  reqAccountUpdatesMulti(world, session, { reqId, account: code, modelCode, ledgerAndNLV }) {
    const account = world.accounts.get(code);
    if (!account) return session.error(reqId, 321, invalid(`Invalid account code '${code}'.`));
    const stream = session.openStream(`accountUpdatesMulti ${reqId}`);
    if (!stream) return duplicate(session, reqId);
    const send = () => {
      for (const value of multiValues(world, account, ledgerAndNLV)) {
        session.send(answers.accountUpdateMulti, { reqId, account: account.code, modelCode, ...value });
      }
    };
    send();
    session.send(answers.accountUpdateMultiEnd, { reqId });
    stream.every(REPEAT, send);
  },
  cancelAccountUpdatesMulti(_world, session, { reqId }) {
    session.closeStream(`accountUpdatesMulti ${reqId}`);
  },
  reqPnL(world, session, { reqId, account: code }) {
    const account = world.accounts.get(code);
    if (!account) return session.error(reqId, 321, invalid(`Invalid account code '${code}'.`));
    const send = () => {
      const { daily, unrealized, realized } = sumsOf(world, account);
      session.send(answers.pnl, {
        reqId,
        dailyPnL: daily,
        unrealizedPnL: unrealized,
        realizedPnL: realized,
      });
    };
    send();
    session.openStream(`pnl ${reqId}`)?.every(PNL_EVERY, send);
  },
  cancelPnL(_world, session, { reqId }) {
    session.closeStream(`pnl ${reqId}`);
  },
  reqPnLSingle(world, session, { reqId, account: code, conId }) {
    const account = world.accounts.get(code);
    if (!account) return session.error(reqId, 321, invalid(`Invalid account code '${code}'.`));
    const send = () => sendPnlSingle(world, session, reqId, account.position(conId));
    send();
    session.openStream(`pnlSingle ${reqId}`)?.every(PNL_EVERY, send);
  },
  cancelPnLSingle(_world, session, { reqId }) {
    session.closeStream(`pnlSingle ${reqId}`);
  },
};

function sendPositions(session: Session, account: Account): void {
  for (const { contract, size, avgCost } of account.positions()) {
    session.send(answers.position, {
      account: account.code,
      // Positions name the listing exchange, not the one an order would be routed to.
      contract: { ...answerContract(contract), exchange: contract.primaryExch },
      position: size,
      avgCost,
    });
  }
}

type Chooser = (world: World, account: Account) => AccountValue[];

/** `$LEDGER`, `$LEDGER:USD` and `$LEDGER:ALL` choose the books by currency, other tags their own line. */
function chooser(tags: string): Chooser {
  const wanted = new Set(tags.split(',').map((tag) => tag.trim()));
  return (world, account) => {
    const values = sumsOf(world, account);
    const named = summaryValues(values, account.code).filter(({ key }) => wanted.has(key));
    const base = wanted.has('$LEDGER') || wanted.has('$LEDGER:ALL') ? ledgerValues(values, 'BASE') : [];
    const usd = wanted.has('$LEDGER:USD') || wanted.has('$LEDGER:ALL') ? ledgerValues(values, 'USD') : [];
    return [...named, ...base, ...usd];
  };
}

/** Sends what is new since it was last sent. */
function sendSummary(
  world: World,
  session: Session,
  reqId: number,
  chosen: Chooser,
  sent: Map<string, string>,
): void {
  for (const account of world.accounts.all()) {
    for (const { key, value, currency } of chosen(world, account)) {
      const name = `${account.code}/${key}/${currency}`;
      if (sent.get(name) === value) continue;
      sent.set(name, value);
      session.send(answers.accountSummary, { reqId, account: account.code, tag: key, value, currency });
    }
  }
}

function multiValues(world: World, account: Account, ledgerAndNLV: boolean): AccountValue[] {
  const values = sumsOf(world, account);
  if (!ledgerAndNLV) return accountValues(values, account.code);
  const net = summaryValues(values, account.code).filter(({ key }) => key === 'NetLiquidation');
  return [...net, ...ledgerValues(values, 'BASE'), ...ledgerValues(values, 'USD')];
}

/** The account window: values, portfolio, time. */
function sendAccount(world: World, session: Session, account: Account): void {
  const now = world.clock.now();
  for (const value of accountValues(sumsOf(world, account), account.code)) {
    session.send(answers.accountValue, { ...value, account: account.code });
  }
  for (const position of account.touched()) sendPortfolio(world, session, account, position);
  const time = hhmm(toEastern(now).second);
  session.send(answers.accountUpdateTime, { timeStamp: `${time.slice(0, 2)}:${time.slice(2)}` });
}

function sendPortfolio(world: World, session: Session, account: Account, position: Position): void {
  const { contract } = position;
  const { price, value, unrealized } = holding(position, world.market, world.clock.now());
  session.send(answers.portfolioValue, {
    ...answerContract(contract),
    primaryExch: contract.primaryExch,
    position: position.size,
    marketPrice: price,
    marketValue: value,
    averageCost: position.avgCost,
    unrealizedPNL: unrealized,
    realizedPNL: position.realized,
    account: account.code,
  });
}

function sendPnlSingle(world: World, session: Session, reqId: number, position: Position | undefined): void {
  if (!position) return;
  const { value, unrealized, daily } = holding(position, world.market, world.clock.now());
  session.send(answers.pnlSingle, {
    reqId,
    position: position.size,
    dailyPnL: daily,
    unrealizedPnL: unrealized,
    realizedPnL: position.realized,
    value,
  });
}

/** Tells who subscribed to it that a fill changed an account. */
export function accountChanged(world: World, account: Account): void {
  for (const session of world.sessions.all()) {
    if (session.streaming('positions')) sendPositions(session, account);
    if (session.streaming('accountUpdates') && session.accountUpdates === account.code) {
      sendAccount(world, session, account);
    }
  }
}

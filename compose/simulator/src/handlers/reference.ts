import { answers } from '../../../../tws/index.ts';
import { CENT_RULE } from '../contracts/details.ts';
import { STOCK_EXCHANGES } from '../contracts/exchanges.ts';
import { instruments } from '../contracts/instruments.ts';
import { TICK } from '../market/segment.ts';
import { answerContract } from '../orders/reports.ts';
import { type Handlers, invalid } from './handler.ts';

/** As many matches as a gateway names. */
const MOST = 16;

/** Look-ups that clients make beside the ones trading needs. */
export const referenceHandlers: Handlers = {
  reqMatchingSymbols(_world, session, { reqId, pattern }) {
    const wanted = pattern.toUpperCase();
    const found = instruments.filter((i) => i.symbol.startsWith(wanted) || i.longName.includes(wanted));
    const samples = found.slice(0, MOST).map(({ conId, symbol, primaryExch, longName }) => ({
      conId,
      symbol,
      secType: 'STK',
      primaryExch,
      currency: 'USD',
      derivativeSecTypes: ['OPT'],
      description: longName,
      issuerId: '',
    }));
    session.send(answers.symbolSamples, { reqId, samples });
  },
  reqMarketRule(_world, session, { marketRuleId }) {
    if (marketRuleId !== Number(CENT_RULE)) {
      return session.error(-1, 321, invalid(`Invalid market rule id ${marketRuleId}.`));
    }
    session.send(answers.marketRule, { marketRuleId, priceIncrements: [{ lowEdge: 0, increment: TICK }] });
  },
  reqMktDepthExchanges(_world, session) {
    const exchanges = STOCK_EXCHANGES.filter((exchange) => exchange !== 'SMART').map((exchange) => ({
      exchange,
      secType: 'STK',
      listingExch: '',
      serviceDataType: exchange === 'NASDAQ' ? 'Deep2' : 'Deep',
      aggGroup: 1,
    }));
    session.send(answers.mktDepthExchanges, { exchanges });
  },
  reqPositionsMulti(world, session, { reqId, account: code, modelCode }) {
    const account = world.accounts.get(code);
    if (!account) return session.error(reqId, 321, invalid(`Invalid account code '${code}'.`));
    for (const { contract, size, avgCost } of account.positions()) {
      session.send(answers.positionMulti, {
        reqId,
        account: account.code,
        contract: answerContract(contract),
        position: size,
        avgCost,
        modelCode,
      });
    }
    session.send(answers.positionMultiEnd, { reqId });
  },
  // The answer was whole: nothing streams.
  cancelPositionsMulti() {},
};

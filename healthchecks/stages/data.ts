import type { Answer } from '../answers.ts';
import type { Finding } from '../causes.ts';
import { isTrading } from '../hours.ts';
import {
  cancelMktData,
  dataAnswers,
  reqContractDetails,
  reqMarketDataType,
  reqMktData,
} from '../messages/data.ts';
import type { Run } from '../run.ts';
import type { Outcome, Stage } from '../stage.ts';

/** Live data where it is subscribed, else delayed, and the last known values while the market is closed. */
const DELAYED_FROZEN = 4;

/**
 * Market data flows: the first tick decides. A snapshot would take up to 11 s to end. A closed market is no fault,
 * and the contract's own hours tell.
 */
export function data(run: Run): Stage {
  const { symbol, now } = run.options;
  const contract = { symbol, secType: 'STK', exchange: 'SMART', currency: 'USD' };
  const ticks = run.requestId();
  const details = run.requestId();
  let trading: boolean | undefined;

  function see(answer: Answer): Outcome {
    if (answer.type === 'contractDetails' && answer.reqId === details) {
      trading = isTrading(answer.tradingHours, answer.timeZoneId, now());
    }
    if (!isTick(answer, ticks)) return run.refused(answer, ticks);
    run.send(cancelMktData, { reqId: ticks });
    run.evidence.add(
      `first tick of ${symbol}: type ${answer.tickType}${isDelayed(answer) ? ', delayed' : ''}`,
    );
    return 'done';
  }

  function silence(): 'done' | Finding {
    run.send(cancelMktData, { reqId: ticks });
    if (run.gateway.linkLost) return { cause: 'connection-to-ibkr-lost' };
    if (trading === false) return closedMarket(run);
    return run.doubts.get(ticks) ?? brokenFarm(run) ?? { cause: 'no-tick', detail: symbol };
  }

  return {
    name: 'data',
    start() {
      run.reader.learn(dataAnswers);
      run.send(reqMarketDataType, { marketDataType: DELAYED_FROZEN });
      run.send(reqContractDetails, { reqId: details, contract });
      run.send(reqMktData, { reqId: ticks, contract });
      return undefined;
    },
    see: (seen) => (seen.kind === 'answer' ? see(seen.answer) : undefined),
    silence,
    ended: () => ({ cause: 'connection-closed' }),
  };
}

type Tick = Extract<Answer, { type: 'tickPrice' | 'tickSize' }>;

/** A gateway that has nothing sends a price of -1 and a size of 0. */
function isTick(answer: Answer, reqId: number): answer is Tick {
  if (answer.type === 'tickPrice') return answer.reqId === reqId && answer.price > 0;
  return answer.type === 'tickSize' && answer.reqId === reqId && answer.size > 0;
}

/** Types 66 to 76, and 88 for the time, are the delayed ones of bid, ask, last and so on (IBKR's documentation). */
function isDelayed({ tickType }: Tick): boolean {
  return (tickType >= 66 && tickType <= 76) || tickType === 88;
}

function closedMarket(run: Run): 'done' {
  run.evidence.add(`the market of ${run.options.symbol} is closed now: no tick is due`);
  return 'done';
}

function brokenFarm(run: Run): Finding | undefined {
  const [farm] = run.gateway.brokenFarms;
  return farm === undefined ? undefined : { cause: 'farm-broken', detail: farm };
}

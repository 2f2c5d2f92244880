import { answers } from '../../../../tws/index.ts';
import { expirations, strikes } from '../contracts/chain.ts';
import { details } from '../contracts/details.ts';
import { OPTION_EXCHANGES } from '../contracts/exchanges.ts';
import { instrumentById, instrumentOf } from '../contracts/instruments.ts';
import { lookup } from '../contracts/lookup.ts';
import { yyyymmdd } from '../time/format.ts';
import { toEastern } from '../time/zone.ts';
import { type Handlers, NO_DEFINITION } from './handler.ts';

export const contractHandlers: Handlers = {
  reqContractDetails(world, session, { reqId, contract }) {
    const { day } = toEastern(world.clock.now());
    const found = lookup(contract, day);
    if (found.length === 0) return session.error(reqId, 200, NO_DEFINITION);
    for (const one of found) session.send(answers.contractDetails, { reqId, ...details(one, day) });
    session.send(answers.contractDetailsEnd, { reqId });
  },
  reqSecDefOptParams(world, session, { reqId, underlyingSymbol, underlyingSecType, underlyingConId }) {
    const instrument = instrumentById(underlyingConId);
    const known = instrument && instrument === instrumentOf(underlyingSymbol) && underlyingSecType === 'STK';
    // A gateway answers an underlying it doesn't know with the end alone.
    if (known) {
      const listed = expirations(toEastern(world.clock.now()).day).map(yyyymmdd);
      for (const exchange of OPTION_EXCHANGES) {
        session.send(answers.secDefOptParams, {
          reqId,
          exchange,
          underlyingConId,
          tradingClass: instrument.symbol,
          multiplier: '100',
          expirations: listed,
          strikes: strikes(instrument),
        });
      }
    }
    session.send(answers.secDefOptParamsEnd, { reqId });
  },
};

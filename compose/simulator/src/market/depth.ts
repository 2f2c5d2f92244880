import type { Contract } from '../contracts/contract.ts';
import { hashOf, unit } from '../random.ts';
import type { Market } from './market.ts';
import { TICK } from './segment.ts';

/** One row of the book. */
export interface Row {
  /** 0 ask, 1 bid. */
  readonly side: 0 | 1;
  readonly position: number;
  readonly price: number;
  readonly size: number;
  readonly marketMaker: string;
}

const MAKERS = ['NSDQ', 'ARCA', 'BATS', 'IEX', 'EDGX', 'NYSE', 'MEMX', 'BYX', 'PEARL', 'BEX'] as const;

/** The book of a contract, both sides, best row first; its first rows are the quote. */
export function book(market: Market, contract: Contract, ms: number, rows: number): Row[] {
  const quote = market.quote(contract, ms);
  const side = (which: 0 | 1): Row[] => {
    const best = which === 1 ? quote.bid : quote.ask;
    const away = which === 1 ? -TICK : TICK;
    return Array.from({ length: rows }, (_, position) => {
      const key = hashOf(market.seed, contract.conId, which, position, Math.floor(ms / (4 * market.tickMs)));
      const shown = which === 1 ? quote.bidSize : quote.askSize;
      return {
        side: which,
        position,
        price: Math.max(TICK, Math.round((best + away * position) * 100) / 100),
        size: position === 0 ? shown : 100 * (1 + Math.floor(12 * unit(key))),
        marketMaker: MAKERS[(position + which) % MAKERS.length] ?? 'NSDQ',
      };
    });
  };
  return [...side(1), ...side(0)];
}

/** A contract as the gateway knows it. Names follow the TWS API; expiration is its lastTradeDateOrContractMonth. */
export interface Contract {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  readonly primaryExchange?: string;
  readonly currency: string;
  readonly localSymbol?: string;
  readonly tradingClass?: string;
  /** YYYYMMDD. */
  readonly expiration?: string;
  readonly strike?: number;
  readonly right?: 'C' | 'P';
  readonly multiplier?: number;
}

/** What is known of a contract before the gateway was asked. */
export interface ContractQuery {
  readonly conId?: number;
  readonly symbol: string;
  readonly secType: 'STK' | 'OPT';
  readonly exchange: string;
  readonly currency: string;
  /** YYYYMMDD, or YYYYMM for all of a month. */
  readonly expiration?: string;
  readonly strike?: number;
  readonly right?: 'C' | 'P';
}

/** A contract with what else the gateway says of it. */
export interface ContractDetails {
  readonly contract: Contract;
  readonly longName?: string;
  /** The smallest step of its price. */
  readonly minTick?: number;
  readonly validExchanges: readonly string[];
  /** As IBKR names it: `US/Eastern`, `MET`, `Japan`. */
  readonly timeZone?: string;
  /** IBKR's own text, a part for each of the next days: `20270115:0400-20270115:2000;20270116:CLOSED`. */
  readonly tradingHours?: string;
  readonly liquidHours?: string;
}

/** From securityDefinitionOptionParameter: one row for each exchange and trading class. */
export interface OptionParameters {
  readonly exchange: string;
  readonly underlyingConId: number;
  readonly tradingClass: string;
  readonly multiplier: number;
  readonly expirations: readonly string[];
  readonly strikes: readonly number[];
}

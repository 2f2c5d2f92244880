import { libraryContract } from './convert.ts';
import type { IBApi } from './library.ts';
import type { WatchKind } from './market-types.ts';
import type { Contract } from './types.ts';

/** Options' volumes and open interest, historical and implied volatility. A snapshot could not carry them. */
const GENERIC_TICKS = '100,101,104,106';
/** As many as IBKR gives for one book. */
const DEPTH_ROWS = 10;

interface Sending {
  readonly start: (api: IBApi, id: number, contract: Contract) => void;
  readonly stop: (api: IBApi, id: number, contract: Contract) => void;
}

/** SMART has no book of its own: it takes the sum of all exchanges' books. */
const isSmart = ({ exchange }: Contract) => exchange === 'SMART';

/** What begins and ends a watch at the gateway. */
export const SEND: Readonly<Record<WatchKind, Sending>> = {
  quote: {
    start: (api, id, contract) => api.reqMktData(id, libraryContract(contract), GENERIC_TICKS, false, false),
    stop: (api, id) => api.cancelMktData(id),
  },
  trade: {
    start: (api, id, contract) =>
      api.reqTickByTickData(id, libraryContract(contract), 'AllLast' as never, 0, false),
    stop: (api, id) => api.cancelTickByTickData(id),
  },
  depth: {
    start: (api, id, contract) =>
      api.reqMktDepth(id, libraryContract(contract), DEPTH_ROWS, isSmart(contract)),
    stop: (api, id, contract) => api.cancelMktDepth(id, isSmart(contract)),
  },
};

import { EventName, type IBApi } from './library.ts';
import type { Watched, WatchKind } from './market-types.ts';
import { greeksOf, tickOf } from './ticks.ts';

const OPERATIONS = ['insert', 'update', 'delete'] as const;

/** Undefined is something the bridge does not tell. */
export type Tell = (id: number, event: Watched[WatchKind] | undefined) => void;

/** Hands over every piece of market data with the id of the request it answers. */
export function listenToMarket(api: IBApi, tell: Tell): void {
  listenToTicks(api, tell);
  listenToTrades(api, tell);
  listenToDepth(api, tell);
}

function listenToTicks(api: IBApi, tell: Tell): void {
  const value = (id: number, type: number | undefined, number: number | undefined) =>
    tell(id, tickOf(type ?? -1, number));
  api.on(EventName.tickPrice, (id, type, price) => value(id, type, price));
  api.on(EventName.tickSize, (id, type, size) => value(id, type, size));
  api.on(EventName.tickGeneric, (id, type, number) => value(id, type, number));
  api.on(EventName.tickString, (id, type, text) => value(id, type, Number(text || Number.NaN)));
  api.on(
    EventName.tickOptionComputation,
    (
      id,
      type,
      _attrib,
      impliedVolatility,
      delta,
      optionPrice,
      _dividend,
      gamma,
      vega,
      theta,
      underlyingPrice,
    ) => {
      const greeks = { impliedVolatility, delta, gamma, vega, theta, optionPrice, underlyingPrice };
      tell(id, greeksOf(type, greeks));
    },
  );
}

function listenToTrades(api: IBApi, tell: Tell): void {
  api.on(EventName.tickByTickAllLast, (id, _type, time, price, size, _attrib, exchange, conditions) =>
    tell(id, { time: Number(time), price, size, exchange, conditions }),
  );
}

function listenToDepth(api: IBApi, tell: Tell): void {
  const changed = (
    id: number,
    position: number,
    code: number,
    side: number,
    price: number,
    size: number,
    maker?: string,
  ) => {
    const operation = OPERATIONS[code];
    if (operation === undefined) return;
    const change = {
      operation,
      side: side === 0 ? ('ask' as const) : ('bid' as const),
      position,
      price,
      size,
    };
    tell(id, { ...change, ...(maker && { marketMaker: maker }) });
  };
  api.on(EventName.updateMktDepth, (id, position, operation, side, price, size) =>
    changed(id, position, operation, side, price, size),
  );
  api.on(EventName.updateMktDepthL2, (id, position, maker, operation, side, price, size) =>
    changed(id, position, operation, side, price, size, maker),
  );
}

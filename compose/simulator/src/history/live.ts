import type { BarKind } from '../../../../tws/bar-kinds.ts';
import type { Contract } from '../contracts/contract.ts';
import type { Market } from '../market/market.ts';
import { partAt } from '../market/segment.ts';
import { between } from '../market/stretch.ts';
import { type Shape, shape } from './kinds.ts';

/**
 * What a contract did in the seconds before a moment, at any hour; what real-time bars are made of.
 * @returns undefined while the market is closed
 */
export function liveBar(
  market: Market,
  contract: Contract,
  end: number,
  seconds: number,
  kind: BarKind,
  useRTH: boolean,
): Shape | undefined {
  const from = end - seconds * 1000;
  if (!market.isOpen(from, !useRTH)) return undefined;
  const { day, part, second } = partAt(from);
  const stretch = between(
    market.segment(contract, day, part),
    Math.floor(second),
    Math.floor(second) + seconds,
  );
  return stretch && shape(kind, contract, stretch, day);
}

import type { Contract as LibraryContract } from '@stoqey/ib/dist/api/contract/contract.js';
import type { ContractDetails as LibraryContractDetails } from '@stoqey/ib/dist/api/contract/contractDetails.js';
import type { Execution as LibraryExecution } from '@stoqey/ib/dist/api/order/execution.js';
import type { Order as LibraryOrder } from '@stoqey/ib/dist/api/order/order.js';
import type { CommissionReport } from '@stoqey/ib/dist/api/report/commissionReport.js';
import type {
  Commission,
  Contract,
  ContractDetails,
  ContractQuery,
  Execution,
  OrderTicket,
} from './types.ts';

/** The library's contract as ours. On the wire, 0 and the empty text mean that a field does not apply. */
export function contractOf(contract: LibraryContract): Contract {
  return {
    conId: contract.conId ?? 0,
    symbol: contract.symbol ?? '',
    secType: contract.secType ?? '',
    exchange: contract.exchange ?? '',
    currency: contract.currency ?? '',
    ...(contract.primaryExch && { primaryExchange: contract.primaryExch }),
    ...(contract.localSymbol && { localSymbol: contract.localSymbol }),
    ...(contract.tradingClass && { tradingClass: contract.tradingClass }),
    ...(contract.lastTradeDateOrContractMonth && { expiration: contract.lastTradeDateOrContractMonth }),
    ...(contract.strike && { strike: contract.strike }),
    ...(contract.right && { right: contract.right.startsWith('C') ? 'C' : 'P' }),
    ...(contract.multiplier && { multiplier: contract.multiplier }),
  };
}

/** The library's contract details as ours. */
export function detailsOf(details: LibraryContractDetails): ContractDetails {
  const { contract, longName, minTick, validExchanges, timeZoneId, tradingHours, liquidHours } = details;
  return {
    contract: contractOf(contract),
    validExchanges: (validExchanges ?? '').split(',').filter((exchange) => exchange !== ''),
    ...(longName && { longName }),
    ...(minTick && { minTick }),
    ...(timeZoneId && { timeZone: timeZoneId }),
    ...(tradingHours && { tradingHours }),
    ...(liquidHours && { liquidHours }),
  };
}

/** The largest double and its neighbours are the wire's 'unset'; a number made of nothing is NaN. */
export function known(value: number | undefined): number | undefined {
  return value !== undefined && Math.abs(value) < 1e300 ? value : undefined;
}

/** A query or a qualified contract as the library's: absent fields go out empty. */
export function libraryContract(contract: ContractQuery | Contract): LibraryContract {
  return {
    symbol: contract.symbol,
    secType: contract.secType as NonNullable<LibraryContract['secType']>,
    exchange: contract.exchange,
    currency: contract.currency,
    ...(contract.conId !== undefined && { conId: contract.conId }),
    ...(contract.expiration !== undefined && { lastTradeDateOrContractMonth: contract.expiration }),
    ...(contract.strike !== undefined && { strike: contract.strike }),
    ...(contract.right !== undefined && { right: contract.right as NonNullable<LibraryContract['right']> }),
  };
}

/** Transmitted at once; exemptCode -1 is what every official client sends for an order that is no short sale. */
export function libraryOrder(ticket: OrderTicket): LibraryOrder {
  return {
    action: ticket.action as NonNullable<LibraryOrder['action']>,
    totalQuantity: ticket.quantity,
    orderType: ticket.orderType as LibraryOrder['orderType'],
    tif: ticket.tif as NonNullable<LibraryOrder['tif']>,
    account: ticket.account,
    orderRef: ticket.orderRef,
    transmit: true,
    exemptCode: -1,
    ...(ticket.limitPrice !== undefined && { lmtPrice: ticket.limitPrice }),
    ...(ticket.stopPrice !== undefined && { auxPrice: ticket.stopPrice }),
  };
}

export function executionOf(contract: LibraryContract, execution: LibraryExecution): Execution {
  return {
    execId: execution.execId ?? '',
    orderId: execution.orderId ?? 0,
    clientId: execution.clientId ?? 0,
    permId: execution.permId ?? 0,
    account: execution.acctNumber ?? '',
    contract: contractOf(contract),
    side: execution.side ?? '',
    price: execution.price ?? 0,
    quantity: execution.shares ?? 0,
    time: execution.time ?? '',
    exchange: execution.exchange ?? '',
    orderRef: execution.orderRef ?? '',
  };
}

/** The library gives undefined for the wire's 'unset' (the largest double). */
export function commissionOf(report: CommissionReport): Commission | undefined {
  if (!report.execId || report.commission === undefined) return undefined;
  return {
    execId: report.execId,
    commission: report.commission,
    currency: report.currency ?? '',
    ...(report.realizedPNL !== undefined && { realizedPnl: report.realizedPNL }),
  };
}

import { type IbMessage, isFailure } from '../errors.ts';
import { commissionOf, detailsOf, executionOf, known } from './convert.ts';
import { EventName, type IBApi } from './library.ts';
import { isRequestId, type Requests } from './requests.ts';
import type { GatewayListener } from './types.ts';

/** Sends everything the library emits to where it belongs: to the request that asked, or to the listener. */
export function listen(api: IBApi, requests: Requests, listener: GatewayListener): void {
  listenToMessages(api, requests, listener);
  listenToSession(api, listener);
  listenToContracts(api, requests);
  listenToTrading(api, requests, listener);
  listenToAccounts(api, requests);
}

/** The library emits `info` for id -1, which includes failures such as 326, and `error` for the rest. */
function listenToMessages(api: IBApi, requests: Requests, listener: GatewayListener): void {
  api.on(EventName.info, (message, code) => listener.notice({ code, message }));
  api.on(EventName.error, (error: Error, code: number, id: number) => {
    const message: IbMessage = { code, message: error.message };
    listener.notice(message);
    if (id <= 0) return;
    if (!isRequestId(id)) listener.orderError(id, message);
    else if (isFailure(code)) requests.refuse(id, message);
  });
}

function listenToSession(api: IBApi, listener: GatewayListener): void {
  api.on(EventName.managedAccounts, (csv) =>
    listener.accounts(csv.split(',').filter((account) => account !== '')),
  );
  api.on(EventName.nextValidId, (orderId) => listener.nextOrderId(orderId));
}

function listenToContracts(api: IBApi, requests: Requests): void {
  api.on(EventName.contractDetails, (id, details) => requests.row(id, detailsOf(details)));
  api.on(EventName.contractDetailsEnd, (id) => requests.end(id));
  api.on(
    EventName.securityDefinitionOptionParameter,
    (id, exchange, underlyingConId, tradingClass, multiplier, expirations, strikes) =>
      requests.row(id, {
        exchange,
        underlyingConId,
        tradingClass,
        multiplier: Number(multiplier),
        expirations,
        strikes,
      }),
  );
  api.on(EventName.securityDefinitionOptionParameterEnd, (id) => requests.end(id));
}

function listenToTrading(api: IBApi, requests: Requests, listener: GatewayListener): void {
  api.on(
    EventName.orderStatus,
    (
      orderId,
      status,
      filled,
      remaining,
      averageFillPrice,
      permId = 0,
      _parentId,
      _lastFillPrice,
      clientId = 0,
    ) => listener.orderStatus({ orderId, clientId, status, filled, remaining, averageFillPrice, permId }),
  );
  api.on(EventName.execDetails, (id, contract, details) => {
    const execution = executionOf(contract, details);
    requests.row(id, execution);
    listener.execution(execution);
  });
  api.on(EventName.execDetailsEnd, (id) => requests.end(id));
  api.on(EventName.commissionReport, (report) => {
    const commission = commissionOf(report);
    if (commission) listener.commission(commission);
  });
}

/** position carries no request id: positions.ts listens to it. */
function listenToAccounts(api: IBApi, requests: Requests): void {
  api.on(EventName.accountSummary, (id, account, tag, value, currency) =>
    requests.row(id, { account, tag, value, currency }),
  );
  api.on(EventName.accountSummaryEnd, (id) => requests.end(id));
  api.on(EventName.pnl, (id, ...values) => {
    const [daily, unrealized, realized] = values.map(known);
    requests.row(id, {
      ...(daily !== undefined && { daily }),
      ...(unrealized !== undefined && { unrealized }),
      ...(realized !== undefined && { realized }),
    });
    requests.end(id);
  });
}

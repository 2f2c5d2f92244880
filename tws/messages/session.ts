import { bool, constant, int, since, text, until } from '../codec.ts';
import { message } from '../message.ts';
import { SINCE } from '../versions.ts';

export const requests = {
  startApi: message('startApi', 71, { $version: constant(2), clientId: int, optionalCapabilities: text }),
  reqCurrentTime: message('reqCurrentTime', 49, { $version: constant(1) }),
  reqCurrentTimeInMillis: message('reqCurrentTimeInMillis', 105, {}),
  reqManagedAccts: message('reqManagedAccts', 17, { $version: constant(1) }),
  reqIds: message('reqIds', 8, { $version: constant(1), numIds: int }),
  setServerLogLevel: message('setServerLogLevel', 14, { $version: constant(1), logLevel: int }),
  reqAutoOpenOrders: message('reqAutoOpenOrders', 15, { $version: constant(1), autoBind: bool }),
};

export const answers = {
  /** Errors and notices alike; `id` is a request's or order's id, -1 for a notice. */
  error: message('error', 4, {
    $version: until(SINCE.errorTime, constant(2)),
    id: int,
    errorCode: int,
    errorMsg: text,
    advancedOrderRejectJson: since(SINCE.advancedOrderReject, text),
    /** Milliseconds since the epoch. */
    errorTime: since(SINCE.errorTime, int),
  }),
  nextValidId: message('nextValidId', 9, { $version: constant(1), orderId: int }),
  /** Account codes, separated by commas. */
  managedAccounts: message('managedAccounts', 15, { $version: constant(1), accountsList: text }),
  /** Seconds since the epoch. */
  currentTime: message('currentTime', 49, { $version: constant(1), time: int }),
  currentTimeInMillis: message('currentTimeInMillis', 109, { timeInMillis: int }),
};

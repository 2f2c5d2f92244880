import { barPrice, bool, constant, decimal, int, list, text, until, when } from '../codec.ts';
import { requestContract } from '../contract.ts';
import { message } from '../message.ts';
import { struct } from '../struct.ts';
import { SINCE } from '../versions.ts';

const historyLeg = struct({ conId: int, ratio: int, action: text, exchange: text });

/** One bar; `date` as the request's formatDate asked for it. */
export const bar = struct({
  date: text,
  open: barPrice,
  high: barPrice,
  low: barPrice,
  close: barPrice,
  volume: decimal,
  wap: barPrice,
  count: int,
});

export const requests = {
  reqHistoricalData: message('reqHistoricalData', 20, {
    reqId: int,
    contract: requestContract,
    includeExpired: bool,
    /** `YYYYMMDD HH:MM:SS TZ` or empty for now. */
    endDateTime: text,
    barSizeSetting: text,
    durationStr: text,
    useRTH: bool,
    whatToShow: text,
    /** 1: text in the exchange's time zone, 2: seconds since the epoch. */
    formatDate: int,
    comboLegs: when(
      (v: { contract?: { secType?: string } }) => v.contract?.secType === 'BAG',
      list(historyLeg),
    ),
    keepUpToDate: bool,
    chartOptions: text,
  }),
  cancelHistoricalData: message('cancelHistoricalData', 25, { $version: constant(1), reqId: int }),
  reqRealTimeBars: message('reqRealTimeBars', 50, {
    $version: constant(3),
    reqId: int,
    contract: requestContract,
    /** Seconds; 5 is the only size there is. */
    barSize: int,
    whatToShow: text,
    useRTH: bool,
    realTimeBarsOptions: text,
  }),
  cancelRealTimeBars: message('cancelRealTimeBars', 51, { $version: constant(1), reqId: int }),
  reqHeadTimestamp: message('reqHeadTimestamp', 87, {
    reqId: int,
    contract: requestContract,
    includeExpired: bool,
    useRTH: bool,
    whatToShow: text,
    formatDate: int,
  }),
  cancelHeadTimestamp: message('cancelHeadTimestamp', 90, { reqId: int }),
};

export const answers = {
  historicalData: message('historicalData', 17, {
    reqId: int,
    startDateStr: until(SINCE.historicalDataEnd, text),
    endDateStr: until(SINCE.historicalDataEnd, text),
    bars: list(bar),
  }),
  historicalDataEnd: message('historicalDataEnd', 108, { reqId: int, startDateStr: text, endDateStr: text }),
  /** A bar of keepUpToDate; here the close stands before high and low. */
  historicalDataUpdate: message('historicalDataUpdate', 90, {
    reqId: int,
    count: int,
    date: text,
    open: barPrice,
    close: barPrice,
    high: barPrice,
    low: barPrice,
    wap: barPrice,
    volume: decimal,
  }),
  realtimeBar: message('realtimeBar', 50, {
    $version: constant(3),
    reqId: int,
    /** Seconds since the epoch. */
    time: int,
    open: decimal,
    high: decimal,
    low: decimal,
    close: decimal,
    volume: decimal,
    wap: decimal,
    count: int,
  }),
  headTimestamp: message('headTimestamp', 88, { reqId: int, headTimestamp: text }),
};

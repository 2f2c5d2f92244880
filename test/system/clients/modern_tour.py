"""ib_async: everything a trading program asks for, against a gateway that is at its disposal.

usage: modern_tour.py HOST PORT CLIENT_ID
Prints one JSON object; whatever the library logs at warning level or above goes to standard error.
"""

import json
import logging
import sys
import time

from ib_async import IB, LimitOrder, MarketOrder, Option, Stock, StopOrder

LIMIT_SECONDS = 60
NOTICES = {2104, 2106, 2158}
KINDS = ["TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK", "ADJUSTED_LAST", "HISTORICAL_VOLATILITY", "OPTION_IMPLIED_VOLATILITY"]


class Tour:
    def __init__(self, ib):
        self.ib = ib
        self.stock = Stock("AAPL", "SMART", "USD")
        self.seen = {}

    def until(self, look):
        end = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < end and not look():
            self.ib.sleep(0.02)
        return bool(look())

    def contracts(self):
        self.ib.qualifyContracts(self.stock)
        chains = self.ib.reqSecDefOptParams("AMZN", "", "STK", 3691937)
        smart = next(chain for chain in chains if chain.exchange == "SMART")
        self.option = Option("AMZN", smart.expirations[-1], 200, "C", "SMART")
        self.ib.qualifyContracts(self.option)
        self.seen["option"] = [self.option.localSymbol[:4], self.option.conId > 0]
        self.seen["symbols"] = len(self.ib.reqMatchingSymbols("XL"))
        self.seen["marketRule"] = self.ib.reqMarketRule(26)[0].increment
        self.seen["depthExchanges"] = len(self.ib.reqMktDepthExchanges()) > 3

    def history(self):
        bars = {kind: self.ib.reqHistoricalData(self.stock, "", "2 D", "1 hour", kind, True) for kind in KINDS}
        self.seen["bars"] = {kind: len(found) >= 7 for kind, found in bars.items()}
        days = self.ib.reqHistoricalData(self.stock, "", "1 M", "1 day", "TRADES", True)
        self.seen["days"] = [len(days) >= 18, days[-1].volume > 0]
        self.seen["head"] = str(self.ib.reqHeadTimeStamp(self.stock, "TRADES", True))[:4]
        kept = self.ib.reqHistoricalData(self.stock, "", "1 D", "1 min", "TRADES", False, keepUpToDate=True)
        self.seen["kept"] = len(kept) > 10
        self.ib.cancelHistoricalData(kept)

    def quotes(self):
        bars = self.ib.reqRealTimeBars(self.stock, 5, "TRADES", False)
        ticker = self.ib.reqMktData(self.stock, "100,101,104,106,165,221,233,236")
        self.seen["level1"] = self.until(lambda: ticker.bid > 0 and ticker.bidSize > 0 and ticker.rtVolume > 0)
        self.ib.cancelMktData(self.stock)
        [snapshot] = self.ib.reqTickers(self.stock)
        self.seen["snapshot"] = snapshot.ask > snapshot.bid > 0
        book = self.ib.reqMktDepth(self.stock, isSmartDepth=True)
        self.seen["depth"] = self.until(lambda: len(book.domBids) == 5 and len(book.domAsks) == 5)
        self.ib.cancelMktDepth(self.stock, isSmartDepth=True)
        for kind in ["Last", "AllLast", "BidAsk", "MidPoint"]:
            ticks = self.ib.reqTickByTickData(self.stock, kind)
            self.seen[kind] = self.until(lambda: ticks.tickByTicks)
            self.ib.cancelTickByTickData(self.stock, kind)
        greeks = self.ib.reqMktData(self.option)
        self.seen["greeks"] = self.until(lambda: greeks.modelGreeks and 0 < greeks.modelGreeks.delta < 1)
        self.ib.cancelMktData(self.option)
        self.ib.reqMarketDataType(3)
        delayed = self.ib.reqMktData(self.stock)
        self.seen["delayed"] = self.until(lambda: delayed.marketDataType == 3 and delayed.last > 0)
        self.ib.cancelMktData(self.stock)
        self.seen["realTimeBars"] = self.until(lambda: len(bars) > 0)
        self.ib.cancelRealTimeBars(bars)

    def account(self):
        account = self.ib.managedAccounts()[0]
        self.seen["summary"] = len(self.ib.accountSummary()) > 20
        self.seen["positions"] = len(self.ib.positions())
        self.seen["portfolio"] = len(self.ib.portfolio())
        pnl = self.ib.reqPnL(account)
        single = self.ib.reqPnLSingle(account, "", 3691937)
        self.seen["pnl"] = self.until(lambda: pnl.unrealizedPnL == pnl.unrealizedPnL and single.position == 150)
        self.ib.cancelPnL(account)
        self.ib.cancelPnLSingle(account, "", 3691937)

    def orders(self):
        ib, stock = self.ib, self.stock
        state = ib.whatIfOrder(stock, LimitOrder("BUY", 10, 100))
        self.seen["whatIf"] = [state.commission, float(state.initMarginChange)]
        market = ib.placeOrder(stock, MarketOrder("BUY", 10))
        self.seen["market"] = self.until(lambda: market.isDone() and market.fills[0].commissionReport.execId)
        limit = ib.placeOrder(stock, LimitOrder("BUY", 10, 100))
        self.until(lambda: limit.orderStatus.status == "Submitted")
        limit.order.lmtPrice = 101
        ib.placeOrder(stock, limit.order)
        stop = ib.placeOrder(stock, StopOrder("BUY", 10, 900))
        self.seen["stop"] = self.until(lambda: stop.orderStatus.status == "PreSubmitted")
        bracket = [ib.placeOrder(stock, order) for order in ib.bracketOrder("BUY", 5, 900, 950, 50)]
        self.seen["bracket"] = self.until(
            lambda: [t.orderStatus.status for t in bracket] == ["Filled", "Submitted", "PreSubmitted"]
        )
        opened = {trade.order.orderId: trade.order for trade in ib.reqAllOpenOrders()}
        self.seen["modified"] = opened[limit.order.orderId].lmtPrice
        ib.cancelOrder(limit.order)
        self.seen["cancel"] = self.until(lambda: limit.orderStatus.status == "Cancelled")
        ib.reqGlobalCancel()
        self.seen["globalCancel"] = self.until(lambda: not ib.openTrades())
        self.seen["executions"] = len(ib.reqExecutions())
        self.seen["completed"] = len(ib.reqCompletedOrders(False))


def main():
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # Cancels are reported as errors with code 202, which the library logs as such.
    logging.getLogger("ib_async.wrapper").addFilter(lambda record: "Error 202" not in record.getMessage())
    ib = IB()
    errors = []
    ib.errorEvent += lambda reqId, code, text, contract: errors.append([reqId, code, text])
    ib.connect(sys.argv[1], int(sys.argv[2]), clientId=int(sys.argv[3]), timeout=LIMIT_SECONDS)
    tour = Tour(ib)
    for part in [tour.contracts, tour.history, tour.quotes, tour.account, tour.orders]:
        part()
    tour.seen["errors"] = [error for error in errors if error[1] not in NOTICES | {202}]
    ib.disconnect()
    print(json.dumps(tour.seen))


main()

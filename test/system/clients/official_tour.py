"""A client of the official kind (ibapi of any age): everything a trading program asks for.

usage: official_tour.py HOST PORT CLIENT_ID
Prints one JSON object; whatever the library logs at warning level or above goes to standard error.
"""

import inspect
import json
import logging
import sys
import threading
import time

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.execution import ExecutionFilter
from ibapi.order import Order
from ibapi.wrapper import EWrapper

try:
    from ibapi.order_cancel import OrderCancel
except ImportError:
    OrderCancel = None

LIMIT_SECONDS = 60
NOTICES = {2104, 2106, 2158}
# Messages that are noted with their arguments as they come.
NOTED = """contractDetails contractDetailsEnd securityDefinitionOptionParameterEnd symbolSamples marketRule
    mktDepthExchanges historicalData historicalDataEnd historicalDataUpdate headTimestamp realtimeBar tickPrice tickSize
    tickGeneric tickString tickOptionComputation tickSnapshotEnd marketDataType tickReqParams updateMktDepth
    updateMktDepthL2 tickByTickAllLast tickByTickBidAsk tickByTickMidPoint accountSummary accountSummaryEnd
    updateAccountValue updatePortfolio updateAccountTime accountDownloadEnd position positionEnd positionMulti
    positionMultiEnd pnl pnlSingle accountUpdateMulti accountUpdateMultiEnd openOrder openOrderEnd orderStatus
    execDetails execDetailsEnd commissionReport commissionAndFeesReport completedOrder completedOrdersEnd currentTime
    managedAccounts nextValidId""".split()
KINDS = ["TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK", "ADJUSTED_LAST", "HISTORICAL_VOLATILITY", "OPTION_IMPLIED_VOLATILITY"]


class Noting(EWrapper, EClient):
    def __init__(self):
        EWrapper.__init__(self)
        EClient.__init__(self, self)
        self.notes = {name: [] for name in NOTED}
        self.errors = []

    # Older versions pass (id, code, text), later ones add an advanced reject and then a time before the code.
    def error(self, reqId, *rest):
        code, text = (rest[1], rest[2]) if len(rest) > 3 else (rest[0], rest[1])
        if code not in NOTICES:
            self.errors.append([reqId, code, text])

    def until(self, name, fits=lambda *args: True):
        end = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < end:
            for args in list(self.notes[name]):
                if fits(*args):
                    return args
            time.sleep(0.01)
        raise SystemExit(f"{name} did not come; errors: {self.errors}")


def note(name):
    def noted(self, *args):
        self.notes[name].append(args)

    return noted


for name in NOTED:
    setattr(Noting, name, note(name))


def contract(symbol, secType="STK", exchange="SMART", **more):
    made = Contract()
    made.symbol, made.secType, made.exchange, made.currency = symbol, secType, exchange, "USD"
    for key, value in more.items():
        setattr(made, key, value)
    return made


def order(action, orderType, quantity=10, **more):
    made = Order()
    made.action, made.orderType, made.totalQuantity = action, orderType, quantity
    # Attributes that old versions send by default and gateways refuse since.
    made.eTradeOnly = made.firmQuoteOnly = ""
    for key, value in more.items():
        setattr(made, key, value)
    return made


STOCK = contract("AAPL")


def contracts(client):
    client.reqContractDetails(1, STOCK)
    _, details = client.until("contractDetails")
    client.reqSecDefOptParams(2, "AMZN", "", "STK", 3691937)
    client.until("securityDefinitionOptionParameterEnd")
    client.reqContractDetails(3, CALL)
    _, option = client.until("contractDetails", lambda reqId, _: reqId == 3)
    client.reqMatchingSymbols(4, "XL")
    client.until("symbolSamples")
    client.reqMarketRule(26)
    client.until("marketRule")
    client.reqMktDepthExchanges()
    client.until("mktDepthExchanges")
    return [details.contract.conId, details.longName, option.underConId, option.contract.strike]


CALL = contract("AMZN", "OPT", lastTradeDateOrContractMonth="20280121", strike=200.0, right="C", multiplier="100")


def history(client):
    for i, kind in enumerate(KINDS):
        client.reqHistoricalData(100 + i, STOCK, "", "2 D", "1 hour", kind, 1, 1, False, [])
        client.until("historicalDataEnd", lambda reqId, *_, wanted=100 + i: reqId == wanted)
    counts = [sum(args[0] == 100 + i for args in client.notes["historicalData"]) for i in range(len(KINDS))]
    client.reqHeadTimeStamp(120, STOCK, "TRADES", 1, 1)
    client.until("headTimestamp")
    client.reqHistoricalData(130, STOCK, "", "1 D", "1 min", "TRADES", 0, 1, True, [])
    client.until("historicalDataEnd", lambda reqId, *_: reqId == 130)
    return min(counts) >= 7 and len(set(counts)) == 1


def quotes(client):
    client.reqRealTimeBars(200, STOCK, 5, "TRADES", False, [])
    client.reqMktData(201, STOCK, "100,101,104,106,165,221,233,236", False, False, [])
    client.until("tickPrice", lambda reqId, tickType, price, *_: tickType == 4 and price > 200)
    client.until("tickSize", lambda reqId, tickType, size: tickType == 0 and size > 0)
    client.until("tickString", lambda reqId, tickType, value: tickType == 48)
    client.until("tickGeneric")
    client.cancelMktData(201)
    client.reqMktData(202, STOCK, "", True, False, [])
    client.until("tickSnapshotEnd")
    client.reqMktData(203, CALL, "", False, False, [])
    client.until("tickOptionComputation", lambda reqId, tickType, *_: tickType == 13)
    client.reqMktDepth(204, STOCK, 5, True, [])
    client.until("updateMktDepthL2")
    client.reqMktDepth(205, contract("AAPL", exchange="ARCA"), 5, False, [])
    client.until("updateMktDepth")
    for i, kind in enumerate(["Last", "AllLast", "BidAsk", "MidPoint"]):
        client.reqTickByTickData(210 + i, STOCK, kind, 0, False)
    client.until("tickByTickAllLast", lambda reqId, *_: reqId == 211)
    client.until("tickByTickBidAsk")
    client.until("tickByTickMidPoint")
    client.reqMarketDataType(3)
    client.reqMktData(220, STOCK, "", False, False, [])
    client.until("tickPrice", lambda reqId, tickType, *_: reqId == 220 and tickType == 68)
    client.until("realtimeBar")
    client.until("historicalDataUpdate")
    return True


def account(client):
    [code] = client.until("managedAccounts")
    client.reqAccountSummary(300, "All", "NetLiquidation,$LEDGER:ALL")
    client.until("accountSummaryEnd")
    client.reqAccountUpdates(True, code)
    client.until("accountDownloadEnd")
    client.reqPositions()
    client.until("positionEnd")
    client.reqPositionsMulti(301, code, "")
    client.until("positionMultiEnd")
    client.reqPnL(302, code, "")
    client.until("pnl")
    client.reqPnLSingle(303, code, "", 3691937)
    client.until("pnlSingle")
    client.reqAccountUpdatesMulti(304, code, "", False)
    client.until("accountUpdateMultiEnd")
    client.reqCurrentTime()
    client.until("currentTime")
    return [len(client.notes["position"]), len(client.notes["updatePortfolio"])]


def orders(client):
    [first] = client.until("nextValidId")

    def reaches(orderId, status):
        client.until("orderStatus", lambda one, state, *_: one == orderId and state == status)

    client.placeOrder(first, STOCK, order("BUY", "LMT", lmtPrice=100, whatIf=True))
    *_, state = client.until("openOrder")
    client.placeOrder(first + 1, STOCK, order("BUY", "MKT"))
    reaches(first + 1, "Filled")
    client.placeOrder(first + 2, STOCK, order("BUY", "LMT", lmtPrice=100))
    reaches(first + 2, "Submitted")
    client.placeOrder(first + 2, STOCK, order("BUY", "LMT", lmtPrice=101))
    client.until("openOrder", lambda orderId, _, o, *rest: orderId == first + 2 and o.lmtPrice == 101)
    client.placeOrder(first + 3, STOCK, order("BUY", "STP", auxPrice=900))
    reaches(first + 3, "PreSubmitted")
    client.placeOrder(first + 4, STOCK, order("BUY", "MKT", transmit=False))
    client.placeOrder(first + 5, STOCK, order("SELL", "LMT", lmtPrice=900, parentId=first + 4, transmit=False))
    client.placeOrder(first + 6, STOCK, order("SELL", "STP", auxPrice=50, parentId=first + 4))
    reaches(first + 4, "Filled")
    reaches(first + 5, "Submitted")
    cancel(client, first + 2)
    reaches(first + 2, "Cancelled")
    client.reqAllOpenOrders()
    client.until("openOrderEnd")
    client.reqExecutions(400, ExecutionFilter())
    client.until("execDetailsEnd")
    client.reqGlobalCancel(*extras(client.reqGlobalCancel))
    reaches(first + 6, "Cancelled")
    client.reqCompletedOrders(False)
    client.until("completedOrdersEnd")
    commissions = client.notes["commissionReport"] + client.notes["commissionAndFeesReport"]
    asked = [args for args in client.notes["execDetails"] if args[0] == 400]
    commission = getattr(state, "commission", None) or getattr(state, "commissionAndFees", None)
    return [commission, len(asked), len(commissions), len(client.notes["completedOrder"])]


def extras(method):
    """What a cancel takes behind its order id: nothing, a time, or an object, by the age of the library."""
    taken = list(inspect.signature(method).parameters)
    if "manualCancelOrderTime" in taken:
        return [""]
    return [OrderCancel()] if "orderCancel" in taken else []


def cancel(client, orderId):
    client.cancelOrder(orderId, *extras(client.cancelOrder))


def main():
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    client = Noting()
    client.connect(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    threading.Thread(target=client.run, daemon=True).start()
    client.until("nextValidId")
    seen = {"serverVersion": client.serverVersion()}
    for part in [contracts, history, quotes, account, orders]:
        seen[part.__name__] = part(client)
    seen["errors"] = [error for error in client.errors if error[1] != 202]
    client.disconnect()
    print(json.dumps(seen))


main()

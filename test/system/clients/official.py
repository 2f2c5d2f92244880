"""A client of the official kind (ibapi of any age): contract details, a market order, its fill and commission.

usage: official.py HOST PORT CLIENT_ID
Prints one JSON object; whatever the library logs at warning level or above goes to standard error.
"""

import json
import logging
import sys
import threading

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.order import Order
from ibapi.wrapper import EWrapper

LIMIT_SECONDS = 60
NOTICES = {2104, 2106, 2158}


class Trader(EWrapper, EClient):
    def __init__(self):
        EWrapper.__init__(self)
        EClient.__init__(self, self)
        self.seen = {"statuses": [], "executions": [], "commissions": [], "errors": []}
        self.done = threading.Event()

    # Older versions pass (id, code, text), later ones add an advanced reject and then a time before the code.
    def error(self, reqId, *rest):
        code, text = (rest[1], rest[2]) if len(rest) > 3 else (rest[0], rest[1])
        if code not in NOTICES:
            self.seen["errors"].append([reqId, code, text])

    def managedAccounts(self, accountsList):
        self.seen["accounts"] = accountsList

    def nextValidId(self, orderId):
        self.order_id = orderId
        contract = Contract()
        contract.symbol, contract.secType = "AAPL", "STK"
        contract.exchange, contract.currency = "SMART", "USD"
        self.reqContractDetails(1, contract)

    def contractDetails(self, reqId, contractDetails):
        self.contract = contractDetails.contract
        self.seen["conId"] = contractDetails.contract.conId
        self.seen["longName"] = contractDetails.longName

    def contractDetailsEnd(self, reqId):
        order = Order()
        order.action, order.orderType, order.totalQuantity = "BUY", "MKT", 10
        # Attributes that old versions send by default and gateways refuse since.
        order.eTradeOnly = order.firmQuoteOnly = ""
        self.placeOrder(self.order_id, self.contract, order)

    def orderStatus(self, orderId, status, *rest):
        self.seen["statuses"].append(status)
        self.finish()

    def execDetails(self, reqId, contract, execution):
        self.seen["executions"].append([float(execution.shares), float(execution.price)])
        self.finish()

    def commissionReport(self, report):
        self.seen["commissions"].append(float(report.commission))
        self.finish()

    def commissionAndFeesReport(self, report):
        self.seen["commissions"].append(float(report.commissionAndFees))
        self.finish()

    def finish(self):
        if "Filled" in self.seen["statuses"] and self.seen["executions"] and self.seen["commissions"]:
            self.done.set()


def main():
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    trader = Trader()
    trader.connect(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    # Later versions see protobuf only above 200; the version agreed on tells which dialect was spoken.
    trader.seen["serverVersion"] = trader.serverVersion()
    threading.Thread(target=trader.run, daemon=True).start()
    trader.seen["finished"] = trader.done.wait(LIMIT_SECONDS)
    trader.disconnect()
    print(json.dumps(trader.seen))


main()

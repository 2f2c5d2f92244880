"""ib_async: connect, contract details, a market order, its fill and commission.

usage: modern.py HOST PORT CLIENT_ID
Prints one JSON object; whatever the library logs at warning level or above goes to standard error.
"""

import json
import logging
import sys
import time

from ib_async import IB, MarketOrder, Stock

LIMIT_SECONDS = 60


def main():
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    ib = IB()
    errors = []
    ib.errorEvent += lambda reqId, code, text, contract: errors.append([reqId, code, text])
    # A question of its start that isn't answered costs this long, and is logged.
    ib.connect(sys.argv[1], int(sys.argv[2]), clientId=int(sys.argv[3]), timeout=LIMIT_SECONDS)
    seen = {"serverVersion": ib.client.serverVersion()}
    seen["accounts"] = ",".join(ib.managedAccounts())
    [details] = ib.reqContractDetails(Stock("AAPL", "SMART", "USD"))
    seen["conId"], seen["longName"] = details.contract.conId, details.longName
    trade = ib.placeOrder(details.contract, MarketOrder("BUY", 10))
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end and not commissions(trade):
        ib.waitOnUpdate(timeout=1)
    seen["statuses"] = [entry.status for entry in trade.log]
    seen["executions"] = [[fill.execution.shares, fill.execution.price] for fill in trade.fills]
    seen["commissions"] = commissions(trade)
    seen["finished"] = trade.isDone()
    seen["errors"] = [error for error in errors if error[1] not in (2104, 2106, 2158)]
    ib.disconnect()
    print(json.dumps(seen))


def commissions(trade):
    return [fill.commissionReport.commission for fill in trade.fills if fill.commissionReport.execId]


main()

"""ib_async and the official ibapi: the same orders, each written by the library's own encoder.

usage: orders.py LIBRARY HOST PORT CLIENT_ID ORDERS_JSON
LIBRARY is ib_async or ibapi. ORDERS_JSON is a list of {name, contract, order}: plain values go to the attribute of
that name; legs, algoParams and the like are lists of plain values. Prints `sent N`, and stays until its input ends.
"""

import json
import os
import sys
import threading

library, host, port, client_id, orders_json = sys.argv[1:6]

if library == "ib_async":
    from ib_async import IB
    from ib_async.contract import ComboLeg, Contract, TagValue
    from ib_async.order import Order, OrderComboLeg
else:
    from ibapi.client import EClient
    from ibapi.contract import ComboLeg, Contract
    from ibapi.order import Order, OrderComboLeg
    from ibapi.tag_value import TagValue
    from ibapi.wrapper import EWrapper


def filled(thing, values):
    for key, value in values.items():
        setattr(thing, key, value)
    return thing


def order_of(values):
    values = dict(values)
    order = Order()
    for name in ("algoParams", "smartComboRoutingParams"):
        if name in values:
            setattr(order, name, [TagValue(tag, value) for tag, value in values.pop(name)])
    if "orderComboLegs" in values:
        prices = values.pop("orderComboLegs")
        order.orderComboLegs = [filled(OrderComboLeg(), {"price": price}) for price in prices]
    # ibapi 9.81 sends these by default; later ones dropped them, and gateways refuse them.
    for name in ("eTradeOnly", "firmQuoteOnly"):
        if hasattr(order, name):
            setattr(order, name, False)
    return filled(order, values)


def contract_of(values):
    values = dict(values)
    legs = values.pop("comboLegs", None)
    contract = filled(Contract(), values)
    if legs:
        contract.comboLegs = [filled(ComboLeg(), leg) for leg in legs]
    return contract


cases = json.loads(orders_json)

if library == "ib_async":
    ib = IB()
    ib.connect(host, int(port), clientId=int(client_id), timeout=60)
    for case in cases:
        order = order_of(case["order"])
        order.orderId = ib.client.getReqId()
        ib.client.placeOrder(order.orderId, contract_of(case["contract"]), order)
    ib.sleep(0.01)
else:

    class App(EWrapper, EClient):
        def __init__(self):
            EClient.__init__(self, self)
            self.ready = threading.Event()

        def nextValidId(self, orderId):
            self.first = orderId
            self.ready.set()

    app = App()
    app.connect(host, int(port), int(client_id))
    threading.Thread(target=app.run, daemon=True).start()
    assert app.ready.wait(60), "no nextValidId"
    for number, case in enumerate(cases):
        app.placeOrder(app.first + number, contract_of(case["contract"]), order_of(case["order"]))

print(f"sent {len(cases)}", flush=True)
sys.stdin.read()
# The reader thread of ibapi 9.81 outlives everything else.
os._exit(0)

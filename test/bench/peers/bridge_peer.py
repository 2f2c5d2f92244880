"""A benchmark peer: a REST bridge as people write it first, Flask and ib_async behind one lock.

Serves /ping, /health, /quote, /executions and POST /order. Usage: bridge_peer.py flask|waitress HOST PORT CLIENT_ID HTTP_PORT,
or under gunicorn as bridge_peer:application, with the same in the environment (PEER_HOST, PEER_PORT, PEER_CLIENT_ID).
"""

import asyncio
import os
import sys
import threading

from flask import Flask, jsonify, request
from ib_async import IB, LimitOrder, MarketOrder, Stock

TIMEOUT = 10

ib = IB()
# Its own limiter off: what is measured is the design.
ib.client.MaxRequests = 0
loop = asyncio.new_event_loop()
lock = threading.Lock()
app = Flask(__name__)


def start(host: str, port: int, client_id: int) -> None:
    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()

    threading.Thread(target=run, daemon=True).start()
    on_loop(ib.connectAsync(host, port, clientId=client_id, timeout=TIMEOUT))


def on_loop(coroutine):
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(TIMEOUT)


@app.get("/ping")
def ping():
    return jsonify(ok=True)


@app.get("/health")
def health():
    with lock:
        return jsonify(status="ok" if ib.isConnected() else "down", accounts=ib.managedAccounts())


@app.get("/quote")
def quote():
    async def ask():
        contract = Stock(request.args["symbol"], "SMART", "USD")
        await ib.qualifyContractsAsync(contract)
        [ticker] = await ib.reqTickersAsync(contract)
        return {"bid": ticker.bid, "ask": ticker.ask, "last": ticker.last}

    with lock:
        return jsonify(on_loop(ask()))


@app.get("/executions")
def executions():
    async def ask():
        fills = await ib.reqExecutionsAsync()
        return [{"execId": fill.execution.execId, "price": fill.execution.price} for fill in fills]

    with lock:
        return jsonify(executions=on_loop(ask()))


@app.post("/order")
def order():
    async def place():
        asked = request_json
        contract = Stock(asked["symbol"], "SMART", "USD")
        await ib.qualifyContractsAsync(contract)
        if asked["orderType"] == "LMT":
            ticket = LimitOrder(asked["action"], asked["quantity"], asked["limitPrice"])
        else:
            ticket = MarketOrder(asked["action"], asked["quantity"])
        trade = ib.placeOrder(contract, ticket)
        while trade.orderStatus.status in ("", "PendingSubmit"):
            await trade.statusEvent
        return {"orderId": trade.order.orderId, "status": trade.orderStatus.status}

    request_json = request.get_json()
    with lock:
        return jsonify(on_loop(place())), 201


def application(environ, respond):
    return app(environ, respond)


if "PEER_PORT" in os.environ:
    start(os.environ["PEER_HOST"], int(os.environ["PEER_PORT"]), int(os.environ["PEER_CLIENT_ID"]))

if __name__ == "__main__":
    server, host, port, client_id, http_port = sys.argv[1:]
    start(host, int(port), int(client_id))
    if server == "waitress":
        from waitress import serve

        serve(app, host="127.0.0.1", port=int(http_port), threads=8, _quiet=True)
    else:
        import logging

        logging.getLogger("werkzeug").disabled = True
        app.run("127.0.0.1", int(http_port), threaded=True)

"""A benchmark peer: what a health check on ib_async is. Connects, prints the accounts, disconnects.

No orders, executions or account updates are fetched on connect: the leanest connection the library offers (it always
asks for the positions).
"""

import sys

from ib_async import IB, StartupFetchNONE


def main(host: str, port: str, client_id: str) -> None:
    ib = IB()
    ib.connect(host, int(port), clientId=int(client_id), timeout=10, fetchFields=StartupFetchNONE)
    print(" ".join(ib.managedAccounts()))
    ib.disconnect()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: ib_async_probe.py HOST PORT CLIENT_ID")
    main(*sys.argv[1:])

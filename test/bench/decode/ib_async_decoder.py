"""Feeds a file of frames to ib_async's client until it has had so many; prints CPU seconds for a million of them.

Arguments: the file, the frames it holds, the frames to decode, the server version. What the decoder calls does nothing:
its own work is measured, not that of the tickers behind it.
"""

import sys
import time

from ib_async.client import Client

CHUNK = 65_536
WARM_UP = 0.2


class Wrapper:
    decoded = 0

    def count(self, *_):
        self.decoded += 1

    priceSizeTick = tickSize = tickString = orderStatus = realtimeBar = count


def main(file: str, held: str, wanted: str, version: str) -> None:
    wrapper = Wrapper()
    client = Client(wrapper)
    client._serverVersion = client.decoder.serverVersion = int(version)
    client._apiReady = True
    with open(file, "rb") as stream:
        data = stream.read()
    chunks = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]

    def feed(frames: float) -> None:
        for _ in range(0, int(frames), int(held)):
            for chunk in chunks:
                client._onSocketHasData(chunk)

    feed(int(wanted) * WARM_UP)
    before = wrapper.decoded
    start = time.process_time()
    feed(int(wanted))
    print((time.process_time() - start) * 1e6 / (wrapper.decoded - before))


main(*sys.argv[1:])

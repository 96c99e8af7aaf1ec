#!/usr/bin/env python3
"""counting_reader.py WHERE [CONNECTIONS]: the asyncio sister of counting_reader.cc, with the same output.

Every call of data_received is one receive call of the event loop, so its size is the size of a read.
"""

import asyncio
import collections
import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


class Counter(asyncio.Protocol):
    """All connections count together."""

    reads_by_size = collections.Counter()
    end = "none"
    accepted = ended = 0

    def __init__(self, connections, done):
        self.connections = connections
        self.done = done

    def connection_made(self, transport):
        Counter.accepted += 1
        if Counter.accepted == self.connections:
            print("accepted", flush=True)

    def data_received(self, data):
        Counter.reads_by_size[len(data)] += 1

    def eof_received(self):
        Counter.end = "fin"

    def connection_lost(self, error):
        if error is not None:
            Counter.end = "reset"
        Counter.ended += 1
        if Counter.ended == self.connections:
            self.done.set_result(None)


async def main(where, connections):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    if where.startswith("unix:"):
        server = await loop.create_unix_server(lambda: Counter(connections, done), where[5:])
        print(where[5:], flush=True)
    else:
        host = "::1" if where == "ipv6" else "127.0.0.1"
        server = await loop.create_server(lambda: Counter(connections, done), host, 0)
        print(server.sockets[0].getsockname()[1], flush=True)
    await done
    for size, count in sorted(Counter.reads_by_size.items()):
        print("read", size, count)
    print("bytes", sum(size * count for size, count in Counter.reads_by_size.items()))
    print("hash 0")
    print("ends_with_data 0")
    print("end", Counter.end)
    server.close()


if __name__ == "__main__":
    # However the test ends, its reader must end with it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    asyncio.run(main(sys.argv[1], int((sys.argv + ["1"])[2])))

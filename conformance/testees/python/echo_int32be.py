#!/usr/bin/env python3
"""A correct echo testee for `int32be`: the one to copy when you write your own.

A 4-byte big-endian signed length, then the payload; every frame is sent back as it came. `serve`
is the whole contract. One thread per connection, so that an idle one delays no other.
"""

import argparse
import signal
import socket
import struct
import sys
import threading

GROWTH_MIN = 64 * 1024


def read_exactly(connection, size):
    """`size` bytes, or None when the stream ends before; reserves at most twice what has come."""
    data, filled = bytearray(min(size, GROWTH_MIN)), 0
    while filled < size:
        if filled == len(data):
            data += bytes(min(size - filled, filled))
        with memoryview(data) as whole, whole[filled:] as free:
            received = connection.recv_into(free)
        if received == 0:
            return None
        filled += received
    return data


def serve(connection, payload_size_max):
    while (prefix := read_exactly(connection, 4)) is not None:
        (size,) = struct.unpack(">i", prefix)
        if not 0 <= size <= payload_size_max:
            return
        payload = read_exactly(connection, size)
        if payload is None:
            return
        connection.sendall(prefix + payload)


def close_gently(connection):
    """Lets answers already sent arrive: a close over unread bytes would reset the connection."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(1)
    discarded = bytearray(GROWTH_MIN)
    for _ in range(1024):
        if connection.recv_into(discarded) == 0:
            return


def serve_and_close(connection, payload_size_max):
    with connection:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            serve(connection, payload_size_max)
            close_gently(connection)
        except OSError:
            pass  # the client is gone: nobody is left to be told


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int, help="TCP port on 127.0.0.1; 0 for any free one")
    parser.add_argument("--max-payload", type=int, default=16 << 20, metavar="BYTES",
                        help="largest payload accepted (default: %(default)s)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve_and_close, args=(connection, options.max_payload),
                             daemon=True).start()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""A correct echo testee for `mysql`: a length of 3 bytes, a sequence number, and the payload.

A payload of 2^24 - 1 bytes goes on in the next packet, as the MySQL documentation says: its length
is the highest, ff ff ff, and is no error. The packets of a message are sent back as they came, when
the last one, which is shorter, is there.
"""

import argparse
import signal
import socket
import sys
import threading

from echo_int32be import close_gently, read_exactly

GOES_ON = 0xFFFFFF


def read_message(connection, size_max):
    """All packets of a message, or None where the stream ends or is wrong; `size_max` counts one
    sequence number and the payloads of all."""
    message, size, length = bytearray(), 1, GOES_ON
    while length == GOES_ON:
        head = read_exactly(connection, 4)
        if head is None:
            return None
        length = int.from_bytes(head[:3], "little")
        size += length
        if size > size_max:
            return None
        payload = read_exactly(connection, length)
        if payload is None:
            return None
        message += head + payload
    return message


def serve(connection, size_max):
    with connection:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (message := read_message(connection, size_max)) is not None:
                connection.sendall(message)
            close_gently(connection)
        except OSError:
            pass  # the client is gone: nobody is left to be told


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int, help="TCP port on 127.0.0.1; 0 for any free one")
    parser.add_argument("--max-payload", type=int, default=16 << 20, metavar="BYTES",
                        help="largest message accepted, its sequence number counted "
                             "(default: %(default)s)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, options.max_payload),
                             daemon=True).start()


if __name__ == "__main__":
    main()

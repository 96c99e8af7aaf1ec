#!/usr/bin/env python3
"""Row 5: the receiver of the sticky demonstration.

Reads with sizes 5, 5, 10 and 5 and prints one line for each read: `hello`, `world`, `musibii1` and
an empty line for the end of the stream. The sender's four writes have left no trace.

What the third read finds depends on who is faster, so this program first lets all 18 bytes arrive;
`--as-it-comes` reads at once, as one would without thinking, and may print `musibii` and `1`.
"""

import socket

from endpoint import announce, arguments

SENT_SIZE = len(b"hello" b"world" b"musibii" b"1")
READ_SIZES = (5, 5, 10, 5)


def add_timing(parser):
    parser.add_argument("--as-it-comes", action="store_true",
                        help="do not wait for all bytes before reading")


def main():
    where = arguments(__doc__, add_timing)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((where.host, where.port))
        listener.listen(5)
        announce(listener)
        connection, _ = listener.accept()
        with connection:
            if not where.as_it_comes:
                connection.recv(SENT_SIZE, socket.MSG_PEEK | socket.MSG_WAITALL)
            for size in READ_SIZES:
                print(connection.recv(size).decode("utf-8"), flush=True)


if __name__ == "__main__":
    main()

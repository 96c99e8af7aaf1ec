#!/usr/bin/env python3
"""Row 5: the sender of the sticky demonstration.

Writes `hello`, `world`, `musibii` and `1` in four calls and closes. TCP keeps the bytes and their
order, and forgets the calls.
"""

import socket

from endpoint import arguments


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((where.host, where.port))
        for piece in (b"hello", b"world", b"musibii", b"1"):
            connection.send(piece)


if __name__ == "__main__":
    main()

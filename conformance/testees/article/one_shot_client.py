#!/usr/bin/env python3
"""Row 1: the client of the one-shot echo.

Shows connect, one send, one recv, close. Prints what came back.
"""

import socket

from endpoint import RECEIVE_SIZE, arguments


def add_message(parser):
    parser.add_argument("message", nargs="?", default="hello",
                        help="what to send (default: %(default)s)")


def main():
    where = arguments(__doc__, add_message)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((where.host, where.port))
        connection.send(where.message.encode("utf-8"))
        print(connection.recv(RECEIVE_SIZE).decode("utf-8"), flush=True)


if __name__ == "__main__":
    main()

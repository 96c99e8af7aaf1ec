#!/usr/bin/env python3
"""Rows 2 and 3: the communication loop, client side.

Sends every line of standard input as one message and prints what one receive brings back.
Blank lines are skipped: an empty send puts nothing on the wire, so no answer would ever come.
"""

import socket

from endpoint import RECEIVE_SIZE, arguments, typed_lines


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((where.host, where.port))
        for line in typed_lines():
            connection.send(line.encode("utf-8"))
            print(connection.recv(RECEIVE_SIZE).decode("utf-8"), flush=True)


if __name__ == "__main__":
    main()

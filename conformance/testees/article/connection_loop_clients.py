#!/usr/bin/env python3
"""Row 3: several clients at the connection loop, to see its queue.

Opens all connections and sends a message on each. Every connect and every send succeeds, yet only
the first is answered: the rest wait in the listen queue. Then closes them in turn, and each close
lets the next one be served.
"""

import argparse
import socket

from endpoint import RECEIVE_SIZE, arguments


def connection_count(text):
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 7:
        raise argparse.ArgumentTypeError(
            f"1 to 7 connections, not {text!r}: the queue of listen(5) has no seat for an eighth")
    return int(text)


def add_count(parser):
    parser.add_argument("--connections", type=connection_count, default=6,
                        help="how many to open, 1 to 7 (default: %(default)s)")


def is_answered(connection):
    try:
        return bool(connection.recv(RECEIVE_SIZE, socket.MSG_DONTWAIT | socket.MSG_PEEK))
    except BlockingIOError:
        return False


def main():
    where = arguments(__doc__, add_count)
    opened = []
    for number in range(1, where.connections + 1):
        connection = socket.create_connection((where.host, where.port))
        connection.send(f"client {number}".encode())
        opened.append(connection)

    print(f"served: {opened[0].recv(RECEIVE_SIZE).decode()}")
    waiting = [connection for connection in opened[1:] if not is_answered(connection)]
    print(f"connected and queued: {len(waiting)}")
    for left, entering in zip(opened, opened[1:]):
        left.close()
        print(f"served: {entering.recv(RECEIVE_SIZE).decode()}")
    opened[-1].close()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Row 1: a one-shot echo server.

Shows the bare life of a TCP server: bind, listen, accept, one recv, one send, close.
It takes the first 1024 bytes at most, whatever the client wrote.
"""

import socket

from endpoint import RECEIVE_SIZE, announce, arguments


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((where.host, where.port))
        listener.listen(5)
        announce(listener)
        connection, _ = listener.accept()
        with connection:
            connection.send(connection.recv(RECEIVE_SIZE))


if __name__ == "__main__":
    main()

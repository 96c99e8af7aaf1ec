#!/usr/bin/env python3
"""Row 3: the connection loop with listen(5).

Shows one client after another: while one is served, the others wait in the kernel's queue with
their connection already established. One served and five queued make six; Linux lets one more
into the queue than listen() asked for. Nothing here serves two clients at once.
"""

import socket

from endpoint import RECEIVE_SIZE, announce, arguments


def serve(connection):
    while True:
        try:
            message = connection.recv(RECEIVE_SIZE)
            if not message:
                return
            connection.send(message.upper())
        except ConnectionError:
            return


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((where.host, where.port))
        listener.listen(5)
        announce(listener)
        while True:
            connection, _ = listener.accept()
            with connection:
                serve(connection)


if __name__ == "__main__":
    main()

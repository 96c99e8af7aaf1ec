#!/usr/bin/env python3
"""Row 2: the communication loop, server side.

Shows many messages on one connection; each receive is answered in upper case. A client that
closes (an empty receive) or resets (an exception) ends the loop, not the program by a traceback.
Serves one connection and ends: row 3 adds the loop around accept.
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
            while True:
                try:
                    message = connection.recv(RECEIVE_SIZE)
                    if not message:
                        print("client closed", flush=True)
                        break
                    connection.send(message.upper())
                except ConnectionError:
                    print("client reset", flush=True)
                    break


if __name__ == "__main__":
    main()

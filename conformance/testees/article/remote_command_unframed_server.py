#!/usr/bin/env python3
"""Row 4: the remote command without framing, server side.

Runs each received command with `sh -c` and sends stdout, then stderr, with nothing around them.
Shows the trouble the later rows cure: the client cannot know where a reply ends.

Defects kept: one recv(1024) is taken for one whole command; one client at a time.
"""

import socket

from endpoint import RECEIVE_SIZE, announce, arguments
from remote_command import run


def serve(connection):
    while True:
        try:
            command = connection.recv(RECEIVE_SIZE)
            if not command:
                return
            stdout, stderr = run(command)
            connection.send(stdout + stderr)
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

#!/usr/bin/env python3
"""Row 6: the remote command with an int32 prefix, server side.

Each reply is `struct.pack('i', length)`, then stdout, then stderr: the 4 bytes of the length are
signed and in the byte order of this machine. Shows the cure for sticking, for replies below 2 GiB.

Defects kept: requests are unframed, one recv(1024) is taken for one whole command; the prefix has
no fixed byte order; one client at a time.
"""

import socket
import struct

from endpoint import RECEIVE_SIZE, announce, arguments
from remote_command import run


def serve(connection):
    while True:
        try:
            command = connection.recv(RECEIVE_SIZE)
            if not command:
                return
            stdout, stderr = run(command)
            connection.send(struct.pack("i", len(stdout) + len(stderr)))
            connection.send(stdout)
            connection.send(stderr)
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

#!/usr/bin/env python3
"""Row 8: the remote command with a JSON header, server side.

Each reply is `struct.pack('i', header length)`, a JSON header, then stdout, then stderr. Shows a
length that no integer type limits, with room for more than a length.

Defects kept: the header names the same file and the same md5 whatever the payload is, so both are
wrong; requests are unframed, one recv(1024) is taken for one whole command; the prefix has no
fixed byte order; one client at a time.
"""

import json
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
            header = json.dumps({
                "filename": "musibii.jpg",
                "md5": "165069c8f668edb6b48f208f7a5c6a00",
                "total_size": len(stdout) + len(stderr),
            }).encode("utf-8")
            connection.send(struct.pack("i", len(header)))
            connection.send(header)
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

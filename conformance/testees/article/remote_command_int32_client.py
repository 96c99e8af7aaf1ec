#!/usr/bin/env python3
"""Row 6: the remote command with an int32 prefix, client side.

Sends every line of standard input as a command, reads 4 bytes of length and then receives until
it has that many. A long reply no longer sticks to the next.

Defects kept: the prefix is read with a single recv(4); the last recv(1024) of a reply may take the
start of the next one along; the end of the stream inside a reply is never noticed and the loop
spins; the whole payload is decoded as UTF-8 only at the end.
"""

import socket
import struct

from endpoint import RECEIVE_SIZE, arguments, typed_lines


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((where.host, where.port))
        for line in typed_lines():
            connection.send(line.encode("utf-8"))
            (length,) = struct.unpack("i", connection.recv(4))
            payload = b""
            while len(payload) < length:
                payload += connection.recv(RECEIVE_SIZE)
            print(payload.decode("utf-8"), end="", flush=True)


if __name__ == "__main__":
    main()

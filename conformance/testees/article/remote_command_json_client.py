#!/usr/bin/env python3
"""Row 8: the remote command with a JSON header, client side.

Sends every line of standard input as a command, reads 4 bytes of header length, the JSON header,
and then receives until it has `total_size` bytes. File name and md5 are not looked at.

Defects kept: the prefix is read with a single recv(4) and the header with a single recv; the last
recv(1024) of a reply may take the start of the next one along; the end of the stream inside a
reply is never noticed and the loop spins; the payload is decoded as UTF-8 only at the end.
"""

import json
import socket
import struct

from endpoint import RECEIVE_SIZE, arguments, typed_lines


def main():
    where = arguments(__doc__)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect((where.host, where.port))
        for line in typed_lines():
            connection.send(line.encode("utf-8"))
            (header_length,) = struct.unpack("i", connection.recv(4))
            header = json.loads(connection.recv(header_length).decode("utf-8"))
            payload = b""
            while len(payload) < header["total_size"]:
                payload += connection.recv(RECEIVE_SIZE)
            print(payload.decode("utf-8"), end="", flush=True)


if __name__ == "__main__":
    main()

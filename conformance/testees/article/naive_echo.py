#!/usr/bin/env python3
"""A naive echo server in the manner of the article, for `framespec run` to find out.

It keeps the testee contract (one frame back for each frame, same payload) as long as every frame
arrives whole and alone. Its defects, with the ids of conformance/testees/README.md:

  A1  the prefix is read with a single recv: a cut inside it ends the connection
  F3  the payload is read 1024 bytes at a time, so the last read takes what follows the frame, and
      the answer holds the next frame's bytes as if they were payload
  E1  the end of the stream inside a payload, or right before it, counts as the end of the payload
  B1  a negative length is answered like an empty frame instead of ending the connection
  C3  there is no limit: an announced length is waited for, however large it is
  K1  one connection after another: an idle client blocks all others
 and in `json` also
  A5  the header is read with a single recv: a cut inside it ends the connection
  C4  that recv reserves the announced header length before one byte of it has come
  I4  of duplicate keys the last one wins
  I6  a total_size written as 5.0 or 5e0 is taken for a length
  I8  the md5 of a request is never compared with its payload
  I9  any file name is taken, with separators and dot-dot
"""

import hashlib
import json
import socket
import struct
import sys

from endpoint import RECEIVE_SIZE, announce, arguments

EXIT_UNIMPLEMENTED = 89
PREFIX_FORMATS = {"int32": "i", "int64": "q", "json": "i"}


def receive_number(connection, prefix_format):
    size = struct.calcsize(prefix_format)
    prefix = connection.recv(size)
    if not prefix:
        raise EOFError
    return struct.unpack(prefix_format, prefix)[0]


def receive_payload(connection, length):
    payload = bytearray()
    while len(payload) < length:
        piece = connection.recv(RECEIVE_SIZE)
        if not piece:
            break
        payload += piece
    return bytes(payload)


def echo_plain(connection, prefix_format):
    length = receive_number(connection, prefix_format)
    payload = receive_payload(connection, length)
    connection.sendall(struct.pack(prefix_format, len(payload)) + payload)


def echo_json(connection, prefix_format):
    header_length = receive_number(connection, prefix_format)
    header = json.loads(connection.recv(header_length).decode("utf-8"))
    payload = receive_payload(connection, header["total_size"])
    header = json.dumps({
        "filename": header["filename"],
        "md5": hashlib.md5(payload).hexdigest(),
        "total_size": len(payload),
    }).encode("utf-8")
    connection.sendall(struct.pack(prefix_format, len(header)) + header + payload)


def add_dialect(parser):
    parser.add_argument("--dialect", default="int32",
                        help=f"one of {', '.join(PREFIX_FORMATS)} (default: %(default)s); "
                             f"any other ends with exit code {EXIT_UNIMPLEMENTED}")


def main():
    where = arguments(__doc__, add_dialect)
    if where.dialect not in PREFIX_FORMATS:
        print(f"naive_echo: dialect {where.dialect!r} is not implemented; there are: "
              f"{', '.join(PREFIX_FORMATS)}", file=sys.stderr)
        sys.exit(EXIT_UNIMPLEMENTED)
    echo_one = echo_json if where.dialect == "json" else echo_plain

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((where.host, where.port))
        listener.listen(5)
        announce(listener)
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    while True:
                        echo_one(connection, PREFIX_FORMATS[where.dialect])
                except Exception as problem:  # whatever a client did, the next one is served
                    print(f"naive_echo: connection ended: {problem!r}", file=sys.stderr)


if __name__ == "__main__":
    main()

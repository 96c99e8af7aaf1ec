#!/usr/bin/env python3
"""An echo server (int32) that does not answer an empty frame, and says why: whatever --says, or nothing at all.

Then it closes the connection, or with --silent leaves it open.
"""

import argparse
import os
import socket
import struct

from small_server import receive

STDERR = 2
CONTROLS = (b"\x1b[31mred\x1b[0m \x9b31m \xc2\x9b31m \xe2\x80\xaegpj.exe \xe2\x80\x8b \xef\xbb\xbf \xc0\x9b \xff \x00\x07 \x7f\r"
            b"forged: PASS\n\xe2\x80\xa8forged too\n")
TRACE = "".join(["node:buffer:959\n", "    super(bufferOrLength, byteOffset, length);\n", "    ^\n", "\n",
                 "RangeError: Invalid typed array length: 4294967295\n",
                 *(f"    at Object.handler{depth} (/srv/node_modules/framed/lib/deframer.js:{depth}:17)\n" for depth in range(60)),
                 "\n", "Node.js v18.19.0\n"]).encode()
SAYS = {
    "controls": CONTROLS,
    "trace": TRACE,
    "trace_and_junk": TRACE.replace(b"\nNode.js", b"x" * (1 << 20) + b"\n" + b"warning: again\n" * 100_000 + b"\nNode.js"),
    "much": b"".join(b"line %d\n" % number for number in range(1_000_000)),
    "nothing": b"",
}


def write(words):
    while words:
        words = words[os.write(STDERR, words):]


def serve(sock, words, is_silent):
    with sock:
        try:
            while True:
                prefix = receive(sock, 4)
                payload = receive(sock, struct.unpack("<i", prefix)[0])
                if not payload:
                    write(words)
                    if is_silent:
                        sock.recv(1)
                    return
                sock.sendall(prefix + payload)
        except (EOFError, OSError):
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int)
    parser.add_argument("--says", choices=SAYS, default="nothing")
    parser.add_argument("--at-start", action="store_true", help="say it at once, and end")
    parser.add_argument("--silent", action="store_true")
    options = parser.parse_args()
    if options.at_start:
        write(SAYS[options.says])
        raise SystemExit(1)
    listener = socket.create_server(("127.0.0.1", options.port), backlog=128)
    while True:
        serve(listener.accept()[0], SAYS[options.says], options.silent)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""An echo server for the dialect of guarded.json, with at most one planted defect in how it looks at
what stands around the payload.

Without --defect it is correct. The names of the defects are those of DEFECTS below.
"""

import argparse
import socket
import struct
import threading

LEAD = b"\x51\x00"
TRAILER = b"\r\n"
LENGTH_SIZE = 4
PAYLOAD_SIZE_MAX = 65536
DEFECTS = {
    "none": "correct",
    "lead_when_prefix_is_whole": "a wrong lead byte is seen only when the whole prefix is there",
    "lead_by_its_first_byte": "only the first lead byte is looked at before the prefix is whole",
    "trailer_when_whole": "a wrong trailer byte is seen only when the whole trailer is there",
    "trailer_ignored": "the trailer is skipped without a look",
    "underflow_by_little": "a length a little below what it must count itself is taken for empty",
}


class BadFrame(Exception):
    pass


def receive(sock, size, expected=b""):
    """`size` bytes, of which each is as `expected` says, or is not waited for."""
    got = b""
    while len(got) < size:
        piece = sock.recv(size - len(got))
        if not piece:
            raise BadFrame
        got += piece
        seen = min(len(got), len(expected))
        if got[:seen] != expected[:seen]:
            raise BadFrame
    return got


def echo(sock, defect):
    early = {"lead_when_prefix_is_whole": b"", "lead_by_its_first_byte": LEAD[:1]}.get(defect, LEAD)
    prefix = receive(sock, len(LEAD) + LENGTH_SIZE, early)
    if prefix[:len(LEAD)] != LEAD:
        raise BadFrame
    length, = struct.unpack_from(">i", prefix, len(LEAD))
    if defect == "underflow_by_little" and length in (LENGTH_SIZE - 2, LENGTH_SIZE - 1):
        length = LENGTH_SIZE
    if not LENGTH_SIZE <= length <= LENGTH_SIZE + PAYLOAD_SIZE_MAX:
        raise BadFrame
    payload = receive(sock, length - LENGTH_SIZE)
    trailer = receive(sock, len(TRAILER), b"" if defect.startswith("trailer_") else TRAILER)
    if trailer != TRAILER and defect != "trailer_ignored":
        raise BadFrame
    sock.sendall(LEAD + struct.pack(">i", length) + payload + TRAILER)


def serve(sock, defect):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while True:
            echo(sock, defect)
    except BadFrame:
        pass
    except OSError:
        return sock.close()
    try:
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(1)
        while sock.recv(PAYLOAD_SIZE_MAX):
            pass
    except OSError:
        pass
    return sock.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--defect", choices=DEFECTS, default="none")
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, options.defect), daemon=True).start()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""An echo server (int32) whose answers come byte by byte, with a pause before each, for tests of waits that progress
renews."""

import argparse
import socket
import struct
import threading
import time

from small_server import receive

ANNOUNCED = 16 << 20


def dribble(sock, data, pause):
    for byte in data:
        time.sleep(pause)
        sock.sendall(bytes([byte]))


def serve(sock, answer, pause):
    """`answer`: right; longer: the first one is, and those behind it announce 16 MiB; other: their bytes are others."""
    is_first = True
    with sock:
        try:
            while True:
                (size,) = struct.unpack("<i", receive(sock, 4))
                if not 0 <= size <= ANNOUNCED:
                    return
                payload = receive(sock, size)
                if is_first or answer == "right":
                    dribble(sock, struct.pack("<i", size) + payload, pause)
                elif answer == "longer":
                    dribble(sock, struct.pack("<i", ANNOUNCED) + bytes(ANNOUNCED), pause)
                else:
                    dribble(sock, struct.pack("<i", size) + bytes(byte ^ 1 for byte in payload), pause)
                is_first = False
        except (EOFError, OSError):
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answer", choices=("right", "longer", "other"), default="right")
    parser.add_argument("--pause", type=float, default=0.05, help="seconds before each byte")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    with socket.create_server(("127.0.0.1", options.port), backlog=128) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, options.answer, options.pause), daemon=True).start()


if __name__ == "__main__":
    main()

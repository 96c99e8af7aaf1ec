#!/usr/bin/env python3
"""An int32 echo server that limits the time of a frame, with at most one planted defect in that.

Without --defect it is correct. The names of the defects are those of DEFECTS below.
"""

import argparse
import os
import signal
import socket
import struct
import threading
import time

from close_gently import close_gently

PAYLOAD_SIZE_MAX = 16 << 20
RECEIVE_SIZE = 64 * 1024
DEFECTS = {
    "none": "correct",
    "no_timer": "a frame may take for ever",
    "timer_of_each_read": "the time begins anew with every byte",
    "timer_of_the_connection": "the time begins with the connection, and no frame ends it",
    "timer_too_short": "the time is up after half of it",
}


class Connection:
    def __init__(self, sock, options):
        self.sock = sock
        self.defect = options.defect
        self.time = options.frame_timeout / (2 if self.defect == "timer_too_short" else 1)
        self.buffer = bytearray()
        self.begin = time.monotonic()

    def receive(self):
        if self.defect != "no_timer":
            is_timed = self.buffer or self.defect == "timer_of_the_connection"
            self.sock.settimeout(max(0.001, self.begin + self.time - time.monotonic()) if is_timed else None)
        piece = self.sock.recv(RECEIVE_SIZE)
        if not piece:
            raise EOFError
        if self.defect == "timer_of_each_read" or (not self.buffer and self.defect != "timer_of_the_connection"):
            self.begin = time.monotonic()
        self.buffer += piece

    def take(self, size):
        """The first bytes of the buffer once they are there; they stay until the frame is whole."""
        while len(self.buffer) < size:
            self.receive()
        return bytes(self.buffer[:size])

    def serve(self):
        while True:
            size, = struct.unpack("<i", self.take(4))
            if not 0 <= size <= PAYLOAD_SIZE_MAX:
                return
            frame = self.take(4 + size)
            del self.buffer[:4 + size]
            if self.buffer and self.defect != "timer_of_the_connection":
                self.begin = time.monotonic()
            self.sock.settimeout(None)
            self.sock.sendall(frame)


def serve(sock, options):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        Connection(sock, options).serve()
    except (EOFError, OSError):  # a time-out is one of them
        pass
    close_gently(sock)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--defect", choices=DEFECTS, default="none")
    parser.add_argument("--frame-timeout", type=float, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, options), daemon=True).start()


if __name__ == "__main__":
    main()

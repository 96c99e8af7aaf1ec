#!/usr/bin/env python3
"""A single-threaded int32 echo server with at most one planted defect of the kind that only such a
server has: one connection that keeps it from all others.

Without --defect it is correct, also where it is slow (--pause) or leaves others waiting for a while (--turn). The names of
the defects are those of DEFECTS below.
"""

import argparse
import selectors
import socket
import struct
import time

PAYLOAD_SIZE_MAX = 16 << 20
RECEIVE_SIZE = 64 * 1024
UNSENT_SIZE_MAX = 1 << 20
ALONE_S = 1.0  # far longer than a flood pauses on a loaded machine
DEFECTS = {
    "none": "correct",
    "blocks_in_write": "an answer that does not fit into the queue is waited for",
    "empty_frames_first": "while empty frames come, nobody else is looked at",
    "queue_without_bound": "a peer that does not read is read from all the same",
    "rubbish_when_flooded": "once its queue is full of frames, what it sends has nothing to do with what it received, and no end",
    "queue_lost_at_end": "the end of the stream closes the connection, and what is queued for the peer is lost",
}


class Connection:
    def __init__(self, sock, defect, pause, turn):
        self.sock = sock
        self.pause = pause
        self.turn = turn
        self.defect = defect
        self.received = bytearray()
        self.unsent = bytearray()
        self.has_ended = False
        self.largest = 0  # of the frames answered, in bytes: one alone may fill the queue

    def events(self):
        # Back-pressure: who does not read is not read from.
        reads = not self.has_ended and (len(self.unsent) < UNSENT_SIZE_MAX
                                        or self.defect == "queue_without_bound")
        return ((selectors.EVENT_READ if reads else 0)
                | (selectors.EVENT_WRITE if self.unsent else 0))

    def answer(self, frame):
        self.largest = max(self.largest, len(frame))
        if self.defect == "blocks_in_write":
            self.sock.setblocking(True)
            self.sock.sendall(frame)
            self.sock.setblocking(False)
        else:
            self.unsent += frame

    def read(self):
        time.sleep(self.pause)
        piece = self.sock.recv(RECEIVE_SIZE)
        if not piece:
            self.has_ended = True
        self.received += piece
        return self.echo_all()

    def echo_all(self):
        """Whether no frame but empty ones came; None where none is whole yet."""
        begin, only_empty = 0, True
        while len(self.received) - begin >= 4:
            size, = struct.unpack_from("<i", self.received, begin)
            if not 0 <= size <= PAYLOAD_SIZE_MAX:
                self.has_ended = True
                self.received.clear()
                return False
            if len(self.received) - begin < 4 + size:
                break
            self.answer(bytes(memoryview(self.received)[begin:begin + 4 + size]))
            only_empty = only_empty and size == 0
            begin += 4 + size
        del self.received[:begin]
        if self.has_ended:
            return False
        return only_empty if begin > 0 else None

    def write(self):
        was_full = len(self.unsent) >= UNSENT_SIZE_MAX > self.largest
        sent = self.sock.send(self.unsent)
        del self.unsent[:sent]
        if self.defect == "rubbish_when_flooded" and was_full:
            self.has_ended = True
        if self.defect == "rubbish_when_flooded" and self.has_ended:
            self.unsent[:] = b"\xff" * UNSENT_SIZE_MAX

    def go_on_alone(self):
        # The patience makes it certain that the next frames of a flood are still found.
        self.sock.settimeout(ALONE_S)
        try:
            while True:
                while self.unsent:
                    self.write()
                if self.read() is False:
                    break
        except TimeoutError:
            pass
        self.sock.setblocking(False)

    def use_turn(self):
        """Reads on as long as there is more, and its turn lasts: as libuv does, which reads 32 times before it looks at others."""
        for _ in range(RECEIVE_SIZE, self.turn, RECEIVE_SIZE):
            while self.unsent:
                self.write()
            if self.has_ended:
                return
            self.read()

    def is_end_next(self):
        try:
            return not self.sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False

    def serve(self, events):
        """Whether the connection goes on."""
        try:
            # Seen before any answer to the last bytes is on its way: else it is luck whether one is lost.
            if self.defect == "queue_lost_at_end" and self.unsent and self.is_end_next():
                return False
            if events & selectors.EVENT_WRITE:
                self.write()
            if events & selectors.EVENT_READ:
                is_flood = self.read()
                if is_flood and self.defect == "empty_frames_first":
                    self.go_on_alone()
                self.use_turn()
        except BlockingIOError:
            pass
        except OSError:
            return False
        return not self.has_ended or bool(self.unsent)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--defect", choices=DEFECTS, default="none")
    parser.add_argument("--pause", type=float, default=0, help="seconds before each read")
    parser.add_argument("--turn", type=int, default=0, metavar="BYTES",
                        help="what is read of a connection, if it is there, before another is looked at (default: one read)")
    options = parser.parse_args()
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", options.port), backlog=1024)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            if key.fileobj is listener:
                sock, _ = listener.accept()
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.setblocking(False)
                connection = Connection(sock, options.defect, options.pause, options.turn)
                selector.register(sock, connection.events(), connection)
                continue
            connection = key.data
            if connection.serve(events):
                selector.modify(connection.sock, connection.events(), connection)
            else:
                selector.unregister(connection.sock)
                connection.sock.close()


if __name__ == "__main__":
    main()

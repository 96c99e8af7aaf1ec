#!/usr/bin/env python3
"""A service of lines with at most one planted defect: of no dialect, for the tests of `framespec invariance`.

It greets, and answers each line, which ends in CR LF: SAY with what was said, PING with PONG, ID with an id that is
another each time, COUNT with how often it was asked, BIG N with N bytes, QUIT with BYE, and then it closes the connection.
Without --defect it is correct, in each manner; the names are those of DEFECTS and MANNERS below.
"""

import argparse
import contextlib
import os
import random
import select
import socket
import threading
import time
from pathlib import Path

from close_gently import close_gently

RECEIVE_SIZE = 64 * 1024
CONVERSATIONS_ALIKE = 12
PUSHES_S = {"pushes": 0.05, "pushes_late": 0.6}
UNFINISHED_S = 0.1
VERB_SIZE = 4
LOOKS_ONCE_S = 0.045
LINE_END = b"\r\n"
PIECE_S = 0.002
DEFECTS = {
    "none": "correct",
    "one_read": "what one read brings is taken for a whole request",
    "strips_pieces": "blanks at the edges of each read are lost",
    "decodes_pieces": "each read is decoded by itself, and half a letter replaced",
    "hangs_at_cut": "a read that ends between CR and LF is not followed by another one",
    "dies_at_cut": "a read that ends between CR and LF ends the whole program",
    "extra_answer": "a request that comes in pieces is answered once more at the end",
    "repeats_answer": "the answer to a request that comes in pieces is sent twice",
    "closes_at_cut": "a read that brings no whole request ends the connection",
    "cuts_answer_short": "of the answer to a request that came in pieces the end is not sent",
    "stays_open_at_cut": "after a QUIT that comes in pieces the connection is never closed",
    "drops_rest": "what came behind a request in the same read is forgotten",
    "waits_for_more": "of two requests in one read the second waits for the next read",
    "joins_lines": "all that one read brings is one request, up to its last line end",
    "end_seen_first": "the end of the stream is looked at before the request that came with it",
    "ends_for_all": "a stream that ends inside a request is the last one to be served",
    "dies_at_end": "a stream that ends inside a request ends the whole program",
    "dies_at_reset": "a reset ends the whole program",
    "refuses_after_reset": "after a reset nobody is answered any more",
    "other_each_time": "a request that comes in pieces is answered with a number that is another one each time",
    "breaks_at_cut": "a request that comes in pieces is answered wrongly, and so is everybody from then on",
    "breaks_behind_cut": "a request that comes in pieces is answered rightly, and whoever connects from then on wrongly",
    "stuck_behind_cut": "a request that comes in pieces is answered rightly, and whoever connects from then on not at all",
    "looks_once": "behind the first four bytes of a request all the rest is looked for once, and waited for 45 ms",
    "closes_at_once": "each connection is closed as soon as it is there",
    "closes_behind_greeting": "each connection is closed as soon as it has been greeted",
    "never_answers": "nobody is answered, nor greeted",
}
MANNERS = {
    "plain": "answers at once",
    "slow": "takes its time for each answer",
    "dribbles": "sends each answer byte by byte, with pauses",
    "stays_open": "leaves the connection to the client, also when that has ended its stream",
    "silent_until_end": "does not greet, and answers when the stream has ended",
    "seldom_other": "one in ten PINGs, by chance, is answered with PUNG",
    "size_varies": "each id is longer than the one before, or shorter",
    "changes": "answers otherwise after a dozen conversations, whoever asks",
    "pushes": "sends a line of its own each 50 ms in which no request has come",
    "pushes_late": "the same each 600 ms",
    "times_out": "ends a connection on which a request is not whole after 100 ms",
    "tells_time": "answers SAY also with the milliseconds since its first byte",
}


class EndOfStream(Exception):
    pass


class Service:
    """What all connections share."""

    def __init__(self, options):
        self.defect = options.defect
        self.manner = options.manner
        self.counter = options.counter
        self.lock = threading.Lock()
        self.is_refusing = False
        self.is_broken = False
        self.connections = 0
        self.ids = 0

    def next_id(self):
        with self.lock:
            self.ids += 1
            size = 5 + self.ids % 3 * 3 if self.manner == "size_varies" else 5
            return f"{self.ids * 7919 % 10 ** size:0{size}}"

    def is_otherwise(self):
        """Asked once by each connection."""
        with self.lock:
            self.connections += 1
            return self.is_broken or (self.manner == "changes" and self.connections > CONVERSATIONS_ALIKE)

    def count(self):
        """Kept in a file, so that something outside can reset it."""
        with self.lock:
            number = int(self.counter.read_text()) + 1 if self.counter.exists() else 1
            self.counter.write_text(str(number))
            return number


class Connection:
    def __init__(self, sock, service):
        self.sock = sock
        self.service = service
        self.defect = service.defect
        self.buffer = b""
        self.pieces = 0  # of the request that is being read
        self.answers = 0
        self.held = b""  # until the stream has ended
        self.extra = b""
        self.is_otherwise = service.is_otherwise()
        self.idle_since = self.begun = time.monotonic()

    def is_end_there(self):
        poll = select.poll()
        poll.register(self.sock, select.POLLIN | select.POLLRDHUP)
        return any(events & select.POLLRDHUP for _, events in poll.poll())

    def is_readable(self, until):
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(max(0, until - time.monotonic()) * 1000))

    def wait_in_its_manner(self):
        pushes_s = PUSHES_S.get(self.service.manner)
        while pushes_s and not self.is_readable(self.idle_since + pushes_s):
            self.sock.sendall(b"IDLE\r\n")
            self.idle_since = time.monotonic()
        if self.service.manner == "times_out" and self.buffer and not self.is_readable(self.begun + UNFINISHED_S):
            self.send(b"ERR too late\r\n")
            raise EndOfStream

    def receive(self):
        self.wait_in_its_manner()
        if self.defect == "end_seen_first" and self.is_end_there():
            raise EndOfStream
        looks_once = self.defect == "looks_once"
        piece = self.sock.recv(VERB_SIZE - len(self.buffer) if looks_once and len(self.buffer) < VERB_SIZE else RECEIVE_SIZE)
        if not piece:
            raise EndOfStream
        self.pieces += 1
        if not self.buffer:
            self.begun = time.monotonic()
        if self.defect == "one_read" and not piece.endswith(LINE_END):
            piece += LINE_END
        if self.defect == "strips_pieces":
            piece = piece.strip(b" ")
        if self.defect == "decodes_pieces":
            piece = piece.decode(errors="replace").encode()
        self.buffer += piece
        if looks_once and LINE_END not in self.buffer:
            is_verb = len(self.buffer) <= VERB_SIZE
            if not is_verb or (len(self.buffer) == VERB_SIZE and not self.is_readable(time.monotonic() + LOOKS_ONCE_S)):
                raise EndOfStream
        is_inside_line_end = self.buffer.endswith(b"\r")
        if self.defect == "hangs_at_cut" and is_inside_line_end:
            threading.Event().wait()
        if self.defect == "dies_at_cut" and is_inside_line_end:
            os._exit(3)
        if self.defect == "closes_at_cut" and LINE_END not in self.buffer:
            raise EndOfStream

    def take_request(self):
        self.pieces = 1 if self.buffer else 0
        if self.defect == "waits_for_more" and self.buffer:
            self.receive()
        while LINE_END not in self.buffer:
            self.receive()
        if self.defect == "joins_lines":
            line, _, self.buffer = self.buffer.rpartition(LINE_END)
            line = line.replace(LINE_END, b"")
        else:
            line, _, self.buffer = self.buffer.partition(LINE_END)
        if self.defect == "drops_rest":
            self.buffer = b""
        self.idle_since = time.monotonic()
        return line

    def send(self, answer):
        if self.service.manner == "silent_until_end":
            self.held += answer
            return
        if self.service.manner == "slow":
            time.sleep(10 * PIECE_S)
        step = 1 if self.service.manner == "dribbles" else len(answer) or 1
        for begin in range(0, len(answer), step):
            if begin:
                time.sleep(PIECE_S)
            self.sock.sendall(answer[begin:begin + step])

    def otherwise(self):
        """Few other bytes may be thought to vary, others in number not."""
        return b"I WAS TOLD " if self.defect == "breaks_behind_cut" else b"FELT "

    def answer_to(self, line):
        verb, _, rest = line.partition(b" ")
        if verb == b"SAY" and self.service.manner == "tells_time":
            return b"SAID %b after %d ms" % (rest, (time.monotonic() - self.begun) * 1000)
        if verb == b"SAY":
            return (self.otherwise() if self.is_otherwise else b"SAID ") + rest
        if verb == b"ID":
            return f"ID {self.service.next_id()} here".encode()
        if verb == b"COUNT":
            return f"COUNT {self.service.count()}".encode()
        if verb == b"BIG" and rest.isdigit():
            return (b"0123456789abcdef" * (int(rest) // 16 + 1))[:int(rest)]
        pong = b"PUNG" if self.service.manner == "seldom_other" and random.random() < 0.1 else b"PONG"
        return {b"PING": pong, b"QUIT": b"BYE"}.get(verb, b"ERR what is " + verb)

    def serve(self):
        if self.service.manner != "silent_until_end":
            self.send(b"HELLO\r\n")
        if self.defect == "closes_behind_greeting":
            raise EndOfStream
        while True:
            line = self.take_request()
            is_cut = self.pieces > 1
            if is_cut and self.defect in ("breaks_at_cut", "breaks_behind_cut", "stuck_behind_cut"):
                self.service.is_broken = True
                self.is_otherwise |= self.defect == "breaks_at_cut"
            answer = self.answer_to(line) + LINE_END
            if self.defect == "other_each_time" and is_cut:
                answer = f"{self.service.next_id()[-4:]}".encode() + LINE_END
            if self.defect == "cuts_answer_short" and is_cut:
                answer = answer[:-3]
            if self.defect == "repeats_answer" and is_cut:
                answer *= 2
            if self.defect == "extra_answer" and is_cut:
                self.extra = b"MORE\r\n"
            self.send(answer)
            if line == b"QUIT" and self.service.manner != "stays_open":
                if self.defect == "stays_open_at_cut" and is_cut:
                    threading.Event().wait()
                raise EndOfStream


def live(sock, service):
    """The whole life of a connection."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if service.is_refusing or service.defect == "closes_at_once":
        sock.close()
        return
    if service.defect == "never_answers" or (service.defect == "stuck_behind_cut" and service.is_broken):
        threading.Event().wait()
    connection = Connection(sock, service)
    try:
        connection.serve()
    except EndOfStream:
        is_inside = connection.buffer and LINE_END not in connection.buffer
        if service.defect == "ends_for_all" and is_inside:
            service.is_refusing = True
        if service.defect == "dies_at_end" and is_inside:
            os._exit(3)
        with contextlib.suppress(OSError):
            sock.sendall(connection.held + connection.extra)
        if service.manner == "stays_open":
            threading.Event().wait()
    except OSError:
        if service.defect == "dies_at_reset":
            os._exit(3)
        if service.defect == "refuses_after_reset":
            service.is_refusing = True
    close_gently(sock)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--defect", choices=DEFECTS, default="none")
    parser.add_argument("--manner", choices=MANNERS, default="plain")
    parser.add_argument("--counter", type=Path, default=Path("/nonexistent"), help="the file that COUNT counts in")
    options = parser.parse_args()
    service = Service(options)
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=live, args=(sock, service), daemon=True).start()


if __name__ == "__main__":
    main()

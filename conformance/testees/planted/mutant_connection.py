"""One connection that echoes, with at most one planted defect: of mutant_server.py, or of mutant_client.py.

Without a defect it is correct, and must pass everything. Each defect is one `if` away from it, or
one entry of header_defects; the names are those of DEFECTS below.
"""

import contextlib
import hashlib
import json
import mmap
import os
import select
import signal
import socket
import struct
import sys
import threading

from close_gently import close_gently
from header_defects import HEADER_PARTS, HEADER_TEXT, strict_header

HEADER_SIZE_MAX = 64 * 1024
RECEIVE_SIZE = 64 * 1024
PROGRAM = os.path.basename(sys.argv[0]).removesuffix(".py")
DEFECTS = {
    "none": "correct",
    "prefix_in_one_recv": "a prefix that comes in two pieces ends the connection",
    "prefix_after_three": "a prefix cut after its third byte is decoded from three bytes",
    "leftovers_lost": "what came behind a frame is forgotten",
    "one_frame_a_read": "of two frames in one read the second waits for the next read",
    "byte_order_guessed": "of both byte orders the one that makes the length smaller is taken",
    "two_length_bytes": "of the four bytes of the length two are read",
    "nul_stripped": "NULs at the end of a payload are taken for padding",
    "budget": "after five thousand frames a connection has had enough",
    "negative_skipped": "a negative length is passed over, and the next bytes read as a frame",
    "answers_lost_at_error": "answers are gathered, and thrown away when an error follows in the same read",
    "answers_last_first": "of the frames of one read the last one is answered first",
    "zero_is_end": "an empty frame is taken for the end of the stream",
    "negative_accepted": "a negative length counts as zero",
    "negative_accepted_later": "a negative length counts as zero, but in the first frame of a connection",
    "minus_four_spins": "a length of -4, which leaves nothing of the frame, is read again and again",
    "limit_of_first_frame": "the limit is looked at for the first frame of a connection only",
    "maximum_excluded": "a payload of exactly the maximum is rejected",
    "reserves_announced": "memory is taken for the announced length",
    "reserves_in_second_frame": "the same, but only for the second frame of a connection",
    "reserves_when_begun": "the same, when 2000 bytes of the payload have come",
    "reserves_before_limit": "memory is taken for the announced length, even of a rejected frame",
    "reserves_behind_limit": "the same, but only when bytes of the payload are there already",
    "reserves_untouched": "address space is taken for the announced length, and nothing of it is used",
    "shared_budget": "all connections together may hold 24 MiB, spent when payloads are announced; who finds none waits",
    "small_buffer": "a frame that is longer than the buffer is given up",
    "end_is_empty": "the end of the stream between two frames is answered like an empty frame",
    "end_seen_first": "the end of the stream is looked at before the bytes that came with it",
    "stays_open_at_end": "after the end of the stream the connection stays open",
    "padded_at_end": "a frame cut short by the end of the stream is filled up with NULs",
    "silent_on_error": "after an error nothing happens, and the connection stays open",
    "spins_on_error": "after an error a loop never ends",
    "resets_on_error": "after an error the connection is reset instead of closed",
    "dies_at_reset": "a reset ends the whole program",
    "shared_buffer": "an unfinished frame goes on with the next connection",
    "leaks_descriptors": "a connection that ends inside a frame is never closed",
    "keeps_ended": "what a connection needed is kept when it has ended",
    "buffer_a_piece": "4 KiB are kept for every piece of an unfinished frame",
    "copies_all": "every piece that comes has all that is there copied",
    "short_write": "what a full queue did not take is never sent",
    "sends_on": "a failed write is not looked at, and SIGPIPE not expected",
    "stops_after_ten": "the eleventh frame of a connection is not answered",
    "header_limit_excluded": "a header of exactly the limit is rejected",
    "header_limit_ignored": "a header may have any length",
    "header_characters": "the header's length counts characters",
    "header_bytes_behind": "bytes behind the JSON object are ignored",
    "header_last_wins": "of duplicate keys the last one counts",
    "header_utf8_repaired": "bytes that are not UTF-8 become replacement characters",
    "header_mark_skipped": "a byte order mark before the header is skipped",
    "header_surrogates_repaired": "lone surrogates become question marks",
    "header_name_guessed": "a missing filename is made up",
    "header_size_guessed": "a missing total_size is taken for 0",
    "header_keys_known": "a key that is not known is refused",
    "header_any_depth": "nesting has no limit",
    "header_depth_excluded": "nesting of exactly the limit is rejected",
    "size_of_any_form": "a total_size that can be made a number is taken for it",
    "size_in_64_bits": "the bits of total_size above the 64th are lost",
    "name_of_any_form": "the filename is not looked at",
    "digest_with_blanks": "blanks in md5 are passed over",
    "digest_of_beginning": "the answer's md5 is that of the payload's first KiB",
    "digest_ignored": "the md5 is not compared with the payload",
}

class EndOfStream(Exception):
    pass


class BadFrame(Exception):
    pass


BUDGET = threading.Condition()
left_of_budget = 24 << 20


@contextlib.contextmanager
def budget_of(size):
    """Part of what all connections share, from when it is there until the payload has come, or the connection has ended."""
    global left_of_budget
    with BUDGET:
        BUDGET.wait_for(lambda: size <= left_of_budget)
        left_of_budget -= size
    try:
        yield
    finally:
        with BUDGET:
            left_of_budget += size
            BUDGET.notify_all()


class Connection:
    leftovers = b""  # shared between connections, with one defect
    leaked = []  # with two defects

    def __init__(self, sock, options):
        self.sock = sock
        self.defect = options.defect
        self.dialect = options.dialect
        self.payload_size_max = options.max_payload
        self.buffer = bytearray()
        self.frames = 0
        self.kept = []
        self.gathered = bytearray()
        self.inherited = Connection.leftovers
        if self.defect == "shared_buffer":
            self.buffer += self.inherited
            Connection.leftovers = b""

    def receive(self):
        if self.gathered:
            self.sock.sendall(self.gathered)
            self.gathered.clear()
        if self.defect == "end_seen_first" and self.is_end_there():
            raise EndOfStream
        piece = self.sock.recv(RECEIVE_SIZE)
        if not piece:
            raise EndOfStream
        if self.defect == "buffer_a_piece":
            self.kept.append(bytearray(4096))
        if self.defect == "copies_all":
            self.buffer = self.buffer + piece
        else:
            self.buffer += piece

    def is_end_there(self):
        poll = select.poll()
        poll.register(self.sock, select.POLLIN | select.POLLRDHUP)
        return any(events & select.POLLRDHUP for _, events in poll.poll())

    def take(self, size):
        if self.defect == "small_buffer" and size > RECEIVE_SIZE:
            raise BadFrame("longer than the buffer")
        reserved = None
        if self.defect == "reserves_announced" or (self.defect == "reserves_in_second_frame" and self.frames == 1):
            reserved = bytearray(size)
        if self.defect == "reserves_untouched" and size > 0:
            reserved = mmap.mmap(-1, size)  # noqa: F841
        with budget_of(size) if self.defect == "shared_budget" else contextlib.nullcontext():
            return self.gather(size, reserved)

    def gather(self, size, reserved):
        while len(self.buffer) < size:
            self.receive()
            if self.defect == "reserves_when_begun" and reserved is None and len(self.buffer) >= 2000:
                reserved = bytearray(size)
        taken = bytes(memoryview(self.buffer)[:size])
        del self.buffer[:size]
        return taken

    def take_length(self):
        if self.defect == "prefix_in_one_recv":
            if not self.buffer:
                self.receive()
            if len(self.buffer) < 4:
                raise BadFrame("unpack requires 4 bytes")
        if self.defect == "prefix_after_three":
            while len(self.buffer) < 3:
                self.receive()
            if len(self.buffer) == 3:
                return int.from_bytes(self.take(3), "little")
        field = self.take(4)
        if self.defect == "byte_order_guessed":
            return min(struct.unpack("<i", field), struct.unpack(">i", field))[0]
        return struct.unpack("<i", field)[0]

    def take_payload(self, size):
        try:
            return self.take(size)
        except EndOfStream:
            if self.defect != "padded_at_end":
                raise
            return bytes(self.buffer).ljust(size, b"\0")

    def echo_int32(self):
        size = self.take_length()
        if self.defect == "zero_is_end" and size == 0:
            raise EndOfStream
        if self.defect == "negative_accepted" and size < 0:
            size = 0
        if self.defect == "negative_accepted_later" and size < 0 and self.frames > 0:
            size = 0
        while self.defect == "minus_four_spins" and size == -4:
            pass
        if self.defect == "negative_skipped" and size < 0:
            return
        if self.defect == "two_length_bytes":
            size &= 0xFFFF
        reserves = self.defect == "reserves_before_limit" or (self.defect == "reserves_behind_limit" and self.buffer)
        if reserves and size > 0:
            reserved = mmap.mmap(-1, size)  # noqa: F841
        limit = self.payload_size_max - (self.defect == "maximum_excluded")
        if self.defect == "limit_of_first_frame" and self.frames > 0:
            limit = max(limit, size)
        if not 0 <= size <= limit:
            raise BadFrame(f"length {size}")
        payload = self.take_payload(size)
        if self.defect == "nul_stripped":
            payload = payload.rstrip(b"\0")
            size = len(payload)
        self.answer(struct.pack("<i", size) + payload, payload)

    def echo_json(self):
        size = self.take_length()
        limit = HEADER_SIZE_MAX - (self.defect == "header_limit_excluded")
        if size < 0 or (size > limit and self.defect != "header_limit_ignored"):
            raise BadFrame(f"header length {size}")
        text = self.take(size)
        if self.defect == "header_characters":
            while len(text.decode("utf-8", "ignore")) < size:
                text += self.take(1)
        filename, md5, total_size = self.parse(text)
        payload = self.take_payload(total_size)
        digest = hashlib.md5(payload).hexdigest()
        if md5 != digest and self.defect != "digest_ignored":
            raise BadFrame("md5 of another payload")
        if self.defect == "digest_of_beginning":
            digest = hashlib.md5(payload[:1024]).hexdigest()
        header = json.dumps({"filename": filename, "md5": digest, "total_size": total_size}).encode()
        self.answer(struct.pack("<i", len(header)) + header + payload, payload)

    def parse(self, text):
        if self.defect == "header_bytes_behind":
            decoded = text.decode("utf-8", "surrogateescape")
            try:
                _, end = json.JSONDecoder().raw_decode(decoded.lstrip())
            except ValueError:
                raise BadFrame("header") from None
            start = len(decoded) - len(decoded.lstrip())
            text = decoded[:start + end].encode("utf-8", "surrogateescape")
        if self.defect == "header_last_wins":
            try:
                text = json.dumps(json.loads(text)).encode()
            except ValueError:
                raise BadFrame("header") from None
        text = HEADER_TEXT.get(self.defect, bytes)(text)
        return strict_header.parse(text, self.payload_size_max)

    def answer(self, frame, payload):
        """A subclass may have another answer to `payload`."""
        if self.defect == "short_write":
            # The shorter the queue, the more certain that a large answer finds it full.
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, RECEIVE_SIZE)
            self.sock.send(frame, socket.MSG_DONTWAIT)
        elif self.defect == "sends_on":
            while frame:
                with contextlib.suppress(OSError):
                    frame = frame[self.sock.send(frame):]
        elif self.defect == "answers_lost_at_error":
            self.gathered += frame
        elif self.defect == "answers_last_first":
            self.gathered[:0] = frame
        else:
            self.sock.sendall(frame)

    def serve(self):
        echo = self.echo_json if self.dialect == "json" else self.echo_int32
        while True:
            if self.defect == "one_frame_a_read" and self.frames > 0:
                self.receive()
            echo()
            self.frames += 1
            self.kept.clear()
            if self.defect == "leftovers_lost":
                self.buffer.clear()
            if self.defect == "budget" and self.frames == 5000:
                raise BadFrame("enough")
            if self.defect == "stops_after_ten" and self.frames == 10:
                threading.Event().wait()


def serve(sock, options, kind=Connection):
    """The whole life of a connection."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = kind(sock, options)
    try:
        connection.serve()
    except EndOfStream:
        if options.defect == "end_is_empty" and not connection.buffer:
            sock.sendall(bytes(4))
        if options.defect == "stays_open_at_end":
            threading.Event().wait()
    except (BadFrame, strict_header.BadHeader) as problem:
        print(f"{PROGRAM}: {problem}", file=sys.stderr)
        while options.defect == "spins_on_error":
            pass
        if options.defect == "silent_on_error":
            while True:
                signal.pause()
        if options.defect == "resets_on_error":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
            return
    except OSError as problem:
        if options.defect == "dies_at_reset":
            print(f"{PROGRAM}: cannot go on: {problem}", file=sys.stderr, flush=True)
            os._exit(3)
    # Whoever ends late must not undo what another left, nor add to it: which comes first is not the peer's to say.
    if options.defect == "shared_buffer" and connection.buffer and not connection.inherited:
        Connection.leftovers = bytes(connection.buffer)
    if options.defect == "keeps_ended":
        Connection.leaked.append(bytearray(b"x" * (1 << 18)))
    if options.defect == "leaks_descriptors" and connection.buffer:
        Connection.leaked.append(sock)
        return
    close_gently(sock, None if options.linger else 1)


def read_options(parser, defects):
    """What every program of such connections is told, with `defects` of its own; plants the one that is asked for."""
    parser.add_argument("port", type=int)
    parser.add_argument("--dialect", choices=["int32", "json"], default="int32")
    parser.add_argument("--defect", choices=DEFECTS | defects, default="none")
    parser.add_argument("--max-payload", type=int, default=16 << 20)
    parser.add_argument("--linger", action="store_true", help="close no connection before the peer has ended it too")
    options = parser.parse_args()
    for name, part in HEADER_PARTS.get(options.defect, {}).items():
        setattr(strict_header, name, part)
    if options.defect == "sends_on":
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    return options

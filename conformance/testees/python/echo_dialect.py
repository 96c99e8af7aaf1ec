#!/usr/bin/env python3
"""A correct echo testee for any dialect file: one thread, `select`, and a deframer that does no I/O.

The deframer is a generator: it asks for a number of bytes, and is resumed with exactly so many, however
they came. What stands behind them stays in the buffer for the next frame.
"""

import argparse
import hashlib
import json
import re
import selectors
import signal
import socket
import sys
import time
from pathlib import Path

import strict_header

EXIT_UNIMPLEMENTED = 89
HERE = Path(__file__).resolve()
SHIPPED = next((folder for folder in (HERE.parents[2] / "dialects", HERE.parents[3] / "protocol" / "dialects")
                if folder.is_dir()), HERE.parent)  # as installed, and in the source tree
RECEIVE_SIZE = 64 * 1024
FAREWELL_S = 1  # how long the peer may take to read the last answers before its bytes are no longer read


def from_hex(text):
    """Bytes as dialect files may have them: with spaces, colons, commas and 0x too."""
    return bytes.fromhex(re.sub("0[xX]|[:,]", " ", text))


class BadFrame(Exception):
    """A frame that gets no answer; its connection ends."""


def as_printed(payload):
    return len(payload).to_bytes(4, "little") + payload


class Dialect:
    """`prints`: the answer to a frame is its payload as an int32 frame."""

    def __init__(self, parts, payload_size_max, prints=False):
        self.prints = prints
        lead, self.length = parts.get("lead", {}), parts["length"]
        payload, header = parts.get("payload", {}), parts.get("header", "none")
        self.lead = from_hex(lead.get("bytes", ""))
        self.mask = from_hex(lead["mask"]) if "mask" in lead else b"\xff" * len(self.lead)
        self.trailer = from_hex(parts.get("trailer", ""))
        self.header_size_max = None if header == "none" else header.get("maximum", 65536)
        self.unit, self.adjustment = self.length.get("unit", 1), self.length.get("adjustment", 0)
        self.minimum = payload.get("minimum", 0)
        self.maximum = min(payload.get("maximum", 2**63 - 1), payload_size_max)
        self.zero_is_legal = payload.get("zero", "legal") == "legal"

    def prefix(self, lead, counted):
        """The bytes that stand before what they count."""
        value = (counted - self.adjustment) // self.unit
        if self.length.get("encoding", "fixed") != "varint":
            return lead + value.to_bytes(self.length["width"], self.length.get("order", "big"),
                                         signed=self.length.get("signed", False))
        varint = bytearray()
        while value > 0x7F:
            varint.append(value & 0x7F | 0x80)
            value >>= 7
        return lead + bytes(varint) + bytes([value])

    def echo(self, answers):
        """Asks for bytes, and adds the answer to each frame to `answers` as soon as it is complete."""
        while True:
            lead = yield from self.fixed_bytes(self.lead, self.mask)
            counted = (yield from self.read_length()) * self.unit + self.adjustment
            if counted < 0:
                raise BadFrame("PFX-8: the length is less than what it must itself include")
            if self.header_size_max is None:
                self.check_size(counted)
                payload = yield counted
                head = self.prefix(lead, counted)
            else:
                head, payload = yield from self.headed(lead, counted)
            yield from self.fixed_bytes(self.trailer, b"\xff" * len(self.trailer))
            answers += as_printed(payload) if self.prints else head + payload + self.trailer

    def headed(self, lead, header_size):
        if header_size > self.header_size_max:
            raise BadFrame(f"HDR-11: a header of {header_size} bytes")
        text = yield header_size
        filename, md5, size = strict_header.parse(text, self.maximum)
        self.check_size(size)
        payload = yield size
        if hashlib.md5(payload).hexdigest() != md5:
            raise BadFrame("HDR-9: md5 of another payload")
        header = json.dumps({"filename": filename, "md5": md5, "total_size": size}).encode()
        return self.prefix(lead, len(header)) + header, payload

    def check_size(self, size):
        if size == 0 and not self.zero_is_legal:
            raise BadFrame("LIM-6: an empty payload")
        if size > self.maximum or 0 < size < self.minimum:
            raise BadFrame(f"LIM-1, LIM-5: a payload of {size} bytes")

    @staticmethod
    def fixed_bytes(wanted, mask):
        """One by one: a wrong one is refused at once."""
        got = bytearray()
        for byte, bits in zip(wanted, mask):
            (came,) = yield 1
            if (came ^ byte) & bits:
                raise BadFrame(f"PFX-1, TRL-1: a byte {came:02x} instead of {byte:02x}")
            got.append(came)
        return bytes(got)

    def read_length(self):
        if self.length.get("encoding", "fixed") != "varint":
            text = yield self.length["width"]
            value = int.from_bytes(text, self.length.get("order", "big"), signed=self.length.get("signed", False))
            if value < 0:
                raise BadFrame("PFX-4: a length below zero")
            return value
        value = 0
        for index in range(self.length["width"]):
            (byte,) = yield 1
            value |= (byte & 0x7F) << (7 * index)
            if byte < 0x80:
                if value >= 2**64 or (self.length.get("shortest") and index > 0 and byte == 0):
                    break
                return value
        raise BadFrame("PFX-6: a varint that is none")


class Connection:
    """Deframes what comes; says what must be sent. Knows no socket."""

    def __init__(self, dialect):
        self.unread, self.unsent = bytearray(), bytearray()
        self.deframer = dialect.echo(self.unsent)
        self.needed = next(self.deframer)
        self.problem = None

    def receive(self, data):
        self.unread += data
        try:
            while self.problem is None and len(self.unread) >= self.needed:
                piece = bytes(self.unread[:self.needed])
                del self.unread[:self.needed]
                self.needed = self.deframer.send(piece)
        except (BadFrame, strict_header.BadHeader) as problem:
            self.problem = problem
            self.unread.clear()


class Server:
    def __init__(self, dialect, listener):
        self.dialect, self.listener = dialect, listener
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)
        self.farewells = {}  # sockets that are only read until the peer closes, and when that must have happened

    def run(self):
        while True:
            for key, _ in self.selector.select(FAREWELL_S if self.farewells else None):
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj in self.farewells:
                    self.discard(key.fileobj)
                else:
                    self.serve(key.fileobj, key.data)
            now = time.monotonic()
            for sock in [sock for sock, until in self.farewells.items() if now > until]:
                self.close(sock)

    def accept(self):
        try:
            sock, _ = self.listener.accept()
        except OSError:
            return  # gone already, or no descriptor is left: the next one may fare better
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(sock, selectors.EVENT_READ, Connection(self.dialect))

    def serve(self, sock, connection):
        """Reads only when everything has been sent: who does not read its answers is not read either."""
        try:
            if not connection.unsent:
                data = sock.recv(RECEIVE_SIZE)
                connection.receive(data)
                if not data:
                    connection.problem = connection.problem or "the end of the stream"
            if connection.unsent:
                del connection.unsent[:sock.send(connection.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self.close(sock)
            return
        if connection.unsent:
            self.selector.modify(sock, selectors.EVENT_WRITE, connection)
        elif connection.problem:
            self.say_farewell(sock)
        else:
            self.selector.modify(sock, selectors.EVENT_READ, connection)

    def say_farewell(self, sock):
        """Lets the answers arrive: a close over unread bytes would reset the connection."""
        try:
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.close(sock)
            return
        self.farewells[sock] = time.monotonic() + FAREWELL_S
        self.selector.modify(sock, selectors.EVENT_READ)

    def discard(self, sock):
        try:
            if sock.recv(RECEIVE_SIZE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.close(sock)

    def close(self, sock):
        self.farewells.pop(sock, None)
        self.selector.unregister(sock)
        sock.close()


def converse(port, dialect):
    """One connection that we open, from its beginning to its end; answers leave as soon as they are complete."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection, ended = Connection(dialect), False
        while not ended and connection.problem is None:
            data = sock.recv(RECEIVE_SIZE)
            connection.receive(data)
            if dialect.prints:
                sys.stdout.buffer.write(connection.unsent)
                sys.stdout.buffer.flush()
            else:
                sock.sendall(connection.unsent)
            connection.unsent.clear()
            ended = not data
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(FAREWELL_S)
        while sock.recv(RECEIVE_SIZE):
            pass


def connect(dialect, options):
    """As a client: serves one connection, and with --again one after the other until nobody listens."""
    is_wanted = True
    while is_wanted:
        try:
            converse(options.port, dialect)
        except ConnectionRefusedError as problem:
            sys.exit(f"echo_dialect: {problem}")
        except OSError:
            pass  # a reset, or a peer that does not close
        is_wanted = options.again


def read_dialect(name, payload_size_max, prints):
    file = Path(name) if "/" in name or name.endswith(".json") else SHIPPED / f"{name}.json"
    try:
        return Dialect(json.loads(file.read_text(encoding="utf-8")), payload_size_max, prints)
    except FileNotFoundError:
        print(f"echo_dialect: there is no dialect {name!r} ({file})", file=sys.stderr)
        sys.exit(EXIT_UNIMPLEMENTED)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int, help="TCP port on 127.0.0.1; 0 for any free one")
    parser.add_argument("--connect", action="store_true",
                        help="be a client: connect to the port, echo what comes, and end with the connection")
    parser.add_argument("--again", action="store_true",
                        help="as a client: connect again after each connection, until nobody listens")
    parser.add_argument("--stdout", action="store_true",
                        help="as a client: print each payload as an int32 frame, and send nothing")
    parser.add_argument("--dialect", default="int32", metavar="NAME|FILE",
                        help="a shipped dialect, or a file with one (default: %(default)s)")
    parser.add_argument("--max-payload", type=int, default=16 << 20, metavar="BYTES",
                        help="largest payload accepted (default: %(default)s)")
    options = parser.parse_args()
    dialect = read_dialect(options.dialect, options.max_payload, options.stdout)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if options.connect:
        connect(dialect, options)
        return
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        listener.setblocking(False)
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        Server(dialect, listener).run()


if __name__ == "__main__":
    main()

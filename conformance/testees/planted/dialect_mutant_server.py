#!/usr/bin/env python3
"""An echo server for dialect files without a JSON header, with at most one planted defect in how it
reads the prefix or looks at what stands around the payload.

Without --defect it is correct. The names of the defects are those of DEFECTS below.
"""

import argparse
import contextlib
import json
import re
import socket
import threading
from pathlib import Path

from close_gently import RECEIVE_SIZE, close_gently

PAYLOAD_SIZE_MAX = 16 << 20  # as framespec's --max-payload
DEFECTS = {
    "none": "correct",
    "free_lead_refused": "lead bits that may be anything must be as the file has them",
    "free_lead_of_its_own": "every answer has the lead that the file has, whatever the request had",
    "lead_ignored": "the lead is skipped without a look",
    "lead_when_frame_is_whole": "a wrong lead byte is seen only when the whole frame is there",
    "lead_when_prefix_is_whole": "a wrong lead byte is seen only when the whole prefix is there",
    "header_gathered": "none: with the prefix it gathers what every payload begins with, and then looks",
    "lead_by_its_first_byte": "only the first lead byte is looked at before the prefix is whole",
    "trailer_when_whole": "a wrong trailer byte is seen only when the whole trailer is there",
    "trailer_ignored": "the trailer is skipped without a look",
    "underflow_by_little": "a length a little below what it must count itself is taken for empty",
    "wraps_at_32_bits": "the counted bytes are computed in 32 bits",
    "zero_accepted": "an empty payload is legal, whatever the dialect says",
    "minimum_excluded": "a payload of exactly the minimum is rejected",
    "minimum_ignored": "a payload may be as small as it likes",
    "maximum_ignored": "a payload may be as large as it likes",
    "varint_shortest_only": "a varint that could be shorter is rejected",
    "varint_of_any_form": "a varint may be longer than it needs to be, whatever the dialect says",
    "varint_counted_as_shortest": "the same, and of a longer one only the bytes that it needs are taken",
    "varint_ends_at_width": "the last byte that a varint may have ends it, whatever its top bit",
    "varint_shifted_out": "the bits of a varint above the 64th are lost",
    "prefix_in_one_recv": "a prefix that comes in two pieces ends the connection",
    "payload_in_one_recv": "a payload of which a part is missing when it is looked for ends the connection",
    "leftovers_lost": "what came behind a frame is forgotten",
}


def from_hex(text):
    """Bytes as dialect files may have them: with spaces, colons, commas and 0x too."""
    return bytes.fromhex(re.sub("0[xX]|[:,]", " ", text))


class BadFrame(Exception):
    pass


class Dialect:
    def __init__(self, file):
        parts = json.loads(file.read_text())
        lead = parts.get("lead", {"bytes": ""})
        self.lead = from_hex(lead["bytes"])
        self.lead_mask = from_hex(lead.get("mask", "ff" * len(self.lead)))
        self.trailer = from_hex(parts.get("trailer", ""))
        length, payload = parts["length"], parts["payload"]
        self.is_varint = length["encoding"] == "varint"
        self.wants_shortest = length.get("shortest", False)
        self.width = length["width"]
        self.order, self.is_signed = length.get("order"), length.get("signed", False)
        self.unit, self.adjustment = length.get("unit", 1), length.get("adjustment", 0)
        self.minimum = payload["minimum"]
        self.maximum = min(payload["maximum"], PAYLOAD_SIZE_MAX)
        self.zero_is_legal = payload["zero"] == "legal"
        self.fixed_part = 0 if self.zero_is_legal else max(self.minimum, 1)


def is_as(got, expected, mask):
    """Whether the bytes that are there are right in the bits of the mask."""
    return not any((byte ^ right) & bits for byte, right, bits in zip(got, expected, mask))


def receive(sock, size, expected=b"", mask=b"\xff" * 16):
    """`size` bytes, of which each is as `expected` says, or the rest is not waited for."""
    got = bytearray()
    while len(got) < size:
        piece = sock.recv(min(size - len(got), RECEIVE_SIZE))  # memory as bytes come, not as announced
        if not piece:
            raise BadFrame
        got += piece
        if not is_as(got, expected, mask):
            raise BadFrame
    return bytes(got)


def take_varint(sock, dialect, defect):
    """The length, and the bytes that came for it."""
    length, got, more = 0, b"", True
    while more:
        got += receive(sock, 1)
        length |= (got[-1] & 0x7F) << (7 * (len(got) - 1))
        more = got[-1] & 0x80
        if more and len(got) == dialect.width:
            if defect != "varint_ends_at_width":
                raise BadFrame
            more = False
    if defect == "varint_shifted_out":
        length %= 1 << 64
    is_longer = len(got) > 1 and got[-1] == 0
    wants_shortest = dialect.wants_shortest or defect == "varint_shortest_only"
    if is_longer and wants_shortest and defect not in ("varint_of_any_form", "varint_counted_as_shortest"):
        raise BadFrame
    if length >= 1 << 64:
        raise BadFrame
    return length, got


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(encoded) + bytes([number])


def take_length(sock, dialect, defect):
    """The length, the prefix of the answer, and what of the length's bytes is taken for payload."""
    lead, mask = dialect.lead, dialect.lead_mask
    if dialect.is_varint:
        got = receive(sock, len(lead), lead, mask)
        length, encoded = take_varint(sock, dialect, defect)
        needed = varint(length)
        surplus = encoded[len(needed):] if defect == "varint_counted_as_shortest" else b""
        return length, got + needed, surplus
    early = {"lead_by_its_first_byte": lead[:1]}.get(defect, b"" if defect.startswith(("lead_", "header_")) else lead)
    fixed_part = dialect.fixed_part if defect == "header_gathered" else 0
    header = receive(sock, len(lead) + dialect.width + fixed_part, early, mask)
    prefix, surplus = header[:len(lead) + dialect.width], header[len(lead) + dialect.width:]
    if not is_as(prefix, lead, mask) and defect not in ("lead_ignored", "lead_when_frame_is_whole"):
        raise BadFrame
    return int.from_bytes(prefix[len(lead):], dialect.order or "big", signed=dialect.is_signed), prefix, surplus


def is_prefix_there(sock, dialect):
    """Whether the next read has all of it."""
    behind_lead = sock.recv(64, socket.MSG_PEEK)[len(dialect.lead):]
    if dialect.is_varint:
        return any(byte < 0x80 for byte in behind_lead)
    return len(behind_lead) >= dialect.width


def is_queued(sock, size):
    try:
        return size == 0 or len(sock.recv(size, socket.MSG_PEEK | socket.MSG_DONTWAIT)) == size
    except BlockingIOError:
        return False


def checked_size(length, dialect, defect):
    size = length * dialect.unit + dialect.adjustment
    if defect == "wraps_at_32_bits":
        size %= 1 << 32
    if defect == "underflow_by_little" and size in (-2, -1):
        size = 0
    minimum = 1 if defect == "minimum_ignored" else dialect.minimum
    if defect == "minimum_excluded":
        minimum += 1
    if size == 0:
        is_legal = dialect.zero_is_legal or defect == "zero_accepted"
    else:
        is_legal = minimum <= size and (size <= dialect.maximum or defect == "maximum_ignored")
    if length < 0 or not is_legal:
        raise BadFrame
    return size


def echo(sock, dialect, defect):
    if defect == "prefix_in_one_recv" and not is_prefix_there(sock, dialect):
        raise BadFrame
    length, prefix, surplus = take_length(sock, dialect, defect)
    size = checked_size(length, dialect, defect)
    if defect == "payload_in_one_recv" and not is_queued(sock, size):
        raise BadFrame
    payload = surplus[:size] + receive(sock, max(0, size - len(surplus)))
    expected = b"" if defect.startswith("trailer_") else dialect.trailer
    trailer = receive(sock, len(dialect.trailer), expected)
    if trailer != dialect.trailer and defect != "trailer_ignored":
        raise BadFrame
    if not is_as(prefix, dialect.lead, dialect.lead_mask) and defect != "lead_ignored":
        raise BadFrame
    if defect == "free_lead_refused" and not prefix.startswith(dialect.lead):
        raise BadFrame
    if defect == "free_lead_of_its_own":
        prefix = dialect.lead + prefix[len(dialect.lead):]
    if defect == "leftovers_lost":
        with contextlib.suppress(BlockingIOError):
            sock.recv(RECEIVE_SIZE, socket.MSG_DONTWAIT)
    sock.sendall(prefix + payload + dialect.trailer)


def serve(sock, dialect, defect):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        while True:
            echo(sock, dialect, defect)
    except BadFrame:
        pass
    except OSError:
        return sock.close()
    return close_gently(sock)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--dialect", type=Path, required=True)
    parser.add_argument("--defect", choices=DEFECTS, default="none")
    options = parser.parse_args()
    more = Dialect(options.dialect), options.defect
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=serve, args=(sock, *more), daemon=True).start()


if __name__ == "__main__":
    main()

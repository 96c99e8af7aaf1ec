"""A receiver written from protocol/SPEC.md and docs/dialects.md alone: a second reading of the rules.

It shares nothing with the library, and is slow and plain on purpose. `feed` takes a segment, `end` the end of the stream;
`frames` and `error` are what came of the stream so far.
"""

import hashlib
import json
import re
import sys

PAYLOAD_SIZE_MAX = 2**63 - 1
SURROGATE = re.compile(r"\\u([0-9a-fA-F]{4})")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
SPACE = re.compile(r"[ \t\n\r]*")
sys.setrecursionlimit(10_000)  # a header may nest 1024 deep


class Bad(Exception):
    def __init__(self, kind, offset=None):
        super().__init__(f"{kind} at {offset}")
        self.kind, self.offset = kind, offset


def from_hex(text):
    return bytes.fromhex(re.sub("0[xX]|[:,]", " ", text))


class Dialect:
    """The parts of a dialect file with their defaults. `maximum`: a lower limit than the file's."""

    def __init__(self, parts, maximum=None):
        length, payload, header = parts["length"], parts.get("payload", {}), parts.get("header", "none")
        lead = parts.get("lead", {"bytes": ""})
        self.lead = from_hex(lead["bytes"])
        self.mask = from_hex(lead["mask"]) if "mask" in lead else b"\xff" * len(self.lead)
        self.trailer = from_hex(parts.get("trailer", ""))
        self.is_varint = length.get("encoding", "fixed") == "varint"
        self.width = length.get("width", 10)
        self.order, self.is_signed = length.get("order", "big"), length.get("signed", False)
        self.shortest = length.get("shortest", False)
        self.unit, self.adjustment = length.get("unit", 1), length.get("adjustment", 0)
        self.has_header = header != "none"
        bits = min(64, 7 * self.width) if self.is_varint else 8 * self.width - self.is_signed
        highest = 2**bits - 1 - length.get("reserved", 0)
        most = (PAYLOAD_SIZE_MAX - self.adjustment) // self.unit
        largest = min(highest, most) * self.unit + self.adjustment
        if self.has_header:
            self.header_max = header.get("maximum", min(65536, largest))
            self.depth_max = header.get("depth", 16)
        self.minimum = payload.get("minimum", 0)
        self.maximum = payload.get("maximum", PAYLOAD_SIZE_MAX if self.has_header else largest)
        if maximum is not None:
            self.maximum = min(self.maximum, maximum)
        expresses_zero = self.adjustment <= 0 and -self.adjustment % self.unit == 0
        zero = payload.get("zero", "legal" if self.has_header or expresses_zero else "illegal")
        self.zero_is_legal = zero == "legal"


class HeaderText:
    """Walks the text of a JSON header from left to right; the first error of form ends it (HDR-2, 3, 5, 10)."""

    def __init__(self, text, depth_max):
        self.text, self.at, self.depth_max = text, 0, depth_max

    def members(self):
        """[(key, value)] of the one object; a value is ("string", text), ("number", digits) or ("other",)."""
        self.space()
        if self.text[self.at:self.at + 1] != "{":
            raise Bad("header_syntax")
        members = self.object(1)
        self.space()
        if self.at != len(self.text):
            raise Bad("header_syntax")
        return members

    def space(self):
        self.at = SPACE.match(self.text, self.at).end()

    def take(self, characters):
        found = self.text[self.at:self.at + 1]
        if not found or found not in characters:
            raise Bad("header_syntax")
        self.at += 1
        return found

    def object(self, depth):
        self.enter("{", depth)
        members, keys = [], set()
        self.space()
        if self.text[self.at:self.at + 1] == "}":
            self.at += 1
            return members
        while True:
            self.space()
            key = self.string()
            if key in keys:
                raise Bad("header_duplicate_key")
            keys.add(key)
            self.space()
            self.take(":")
            members.append((key, self.value(depth)))
            self.space()
            if self.take(",}") == "}":
                return members

    def array(self, depth):
        self.enter("[", depth)
        self.space()
        if self.text[self.at:self.at + 1] == "]":
            self.at += 1
            return
        while True:
            self.value(depth)
            self.space()
            if self.take(",]") == "]":
                return

    def enter(self, bracket, depth):
        self.take(bracket)
        if depth > self.depth_max:
            raise Bad("header_too_deep")

    def value(self, depth):
        self.space()
        first = self.text[self.at:self.at + 1]
        if first == '"':
            return "string", self.string()
        if first == "{":
            return ("other", self.object(depth + 1))[:1]
        if first == "[":
            return ("other", self.array(depth + 1))[:1]
        for word in ("true", "false", "null"):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return ("other",)
        number = NUMBER.match(self.text, self.at)
        if not number:
            raise Bad("header_syntax")
        self.at = number.end()
        return "number", number.group()

    def string(self):
        self.take('"')
        found = []
        while True:
            character = self.text[self.at:self.at + 1]
            if not character or character < " ":
                raise Bad("header_syntax")
            self.at += 1
            if character == '"':
                return "".join(found)
            found.append(self.escape() if character == "\\" else character)

    def escape(self):
        self.at -= 1
        unit = SURROGATE.match(self.text, self.at)
        if not unit:
            self.at += 1
            found = self.take('"\\/bfnrtu')
            if found == "u":
                raise Bad("header_syntax")
            return {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}.get(found, found)
        self.at = unit.end()
        value = int(unit.group(1), 16)
        if not 0xD800 <= value < 0xE000:
            return chr(value)
        low = SURROGATE.match(self.text, self.at)
        if value >= 0xDC00 or not low or not 0xDC00 <= int(low.group(1), 16) < 0xE000:
            raise Bad("header_encoding")
        self.at = low.end()
        return chr(0x10000 + (value - 0xD800) * 0x400 + int(low.group(1), 16) - 0xDC00)


def check_member(dialect, key, value):
    """HDR-6 to HDR-8, and of the limits the one that is a matter of one value."""
    kind, text = value if len(value) == 2 else (value[0], "")
    if key == "filename":
        if kind != "string" or len(text.encode()) > 255 or ".." in text or set(text) & set("/\\\0"):
            raise Bad("header_bad_value")
    elif key == "md5":
        if kind != "string" or not re.fullmatch("[0-9a-fA-F]{32}", text):
            raise Bad("header_bad_value")
    elif key == "total_size":
        if kind != "number" or not re.fullmatch("0|[1-9][0-9]*", text):
            raise Bad("header_bad_value")
        if (len(text), text) > (len(str(dialect.maximum)), str(dialect.maximum)):
            raise Bad("too_large")


def read_header(dialect, wire):
    """(filename, md5 in lower case, total_size) of the bytes of a header."""
    if wire.startswith(b"\xef\xbb\xbf"):
        raise Bad("header_encoding")
    try:
        text = wire.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("header_encoding") from None
    members = HeaderText(text, dialect.depth_max).members()
    for key, value in members:
        check_member(dialect, key, value)
    found = dict(members)
    for key in ("filename", "md5", "total_size"):
        if key not in found:
            raise Bad("header_missing_key")
    size = int(found["total_size"][1])
    check_size(dialect, size)
    return found["filename"][1], found["md5"][1].lower(), size


def check_size(dialect, size):
    if size > dialect.maximum:
        raise Bad("too_large")
    if size == 0 and not dialect.zero_is_legal:
        raise Bad("zero_length")
    if 0 < size < dialect.minimum:
        raise Bad("too_small")


class Deframer:
    def __init__(self, dialect, verify=True):
        self.dialect, self.verify = dialect, verify
        self.wire, self.begin = bytearray(), 0
        self.frames, self.error = [], None

    def feed(self, segment):
        self.wire += segment
        try:
            while self.error is None and self.begin < len(self.wire) and self.frame():
                pass
        except Bad as bad:
            self.error = bad

    def end(self):
        if self.error is None and self.begin < len(self.wire):
            self.error = Bad("truncated", len(self.wire))

    def fixed(self, at, wanted, mask, kind):
        """Whether all of them are there; each is looked at as soon as it is (PFX-9, TRL-2)."""
        for offset, byte in enumerate(self.wire[at:at + len(wanted)]):
            if (byte ^ wanted[offset]) & mask[offset]:
                raise Bad(kind, at + offset)
        return at + len(wanted) <= len(self.wire)

    def length(self, at):
        """(value, offset behind it) or None; PFX-2 to PFX-6, PFX-10."""
        dialect = self.dialect
        if not dialect.is_varint:
            field = self.wire[at:at + dialect.width]
            if len(field) < dialect.width:
                return None
            value = int.from_bytes(field, dialect.order, signed=dialect.is_signed)
            if value < 0:
                raise Bad("negative_length", at)
            return value, at + dialect.width
        value = 0
        for index, byte in enumerate(self.wire[at:at + dialect.width]):
            value |= (byte & 0x7F) << 7 * index
            if value >= 2**64 or (byte & 0x80 and index + 1 == dialect.width):
                raise Bad("bad_varint", at)
            if not byte & 0x80:
                if dialect.shortest and index > 0 and byte == 0:
                    raise Bad("bad_varint", at)
                return value, at + index + 1
        return None

    def frame(self):
        """Takes one whole frame from the wire; False where bytes of it are still to come."""
        dialect, at = self.dialect, self.begin + len(self.dialect.lead)
        if not self.fixed(self.begin, dialect.lead, dialect.mask, "bad_lead"):
            return False
        found = self.length(at)
        if not found:
            return False
        value, body = found
        counted = value * dialect.unit + dialect.adjustment
        if counted < 0:
            raise Bad("length_underflow", at)
        if counted > PAYLOAD_SIZE_MAX:
            raise Bad("too_large", at)
        header, size, offset = None, counted, at
        try:
            if dialect.has_header:
                if counted > dialect.header_max:
                    raise Bad("header_too_large")
                if body + counted > len(self.wire):
                    return False
                offset, body = body, body + counted
                header = read_header(dialect, bytes(self.wire[offset:body]))
                size = header[2]
            check_size(dialect, size)
        except Bad as bad:
            raise Bad(bad.kind, offset) from None
        payload = bytes(self.wire[body:body + size])
        if len(payload) < size:
            return False
        if header and self.verify and hashlib.md5(payload).hexdigest() != header[1]:
            raise Bad("digest_mismatch", body)
        if not self.fixed(body + size, dialect.trailer, b"\xff" * len(dialect.trailer), "bad_trailer"):
            return False
        lead = bytes(self.wire[self.begin:self.begin + len(dialect.lead)])
        self.frames.append({"offset": self.begin, "lead": lead, "header": header, "payload": payload})
        self.begin = body + size + len(dialect.trailer)
        return True


def load(folder, name, maximum=None):
    return Dialect(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")), maximum)

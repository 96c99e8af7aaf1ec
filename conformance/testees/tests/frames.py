"""Frames as bytes, for the dialects that testees speak."""

import hashlib
import json
import struct

from started_program import receive_exactly

PREFIX_FORMATS = {"int32": "<i", "int64": "<q", "json": "<i", "int32be": ">i", "int64be": ">q",
                  "uint16be": ">H", "erlang-packet-1": ">B"}


def prefix(dialect, length):
    return struct.pack(PREFIX_FORMATS[dialect], length)


def json_frame(header_text, payload=b""):
    return prefix("json", len(header_text)) + header_text + payload


def json_header(payload, **changed):
    header = {"filename": "a.bin", "md5": hashlib.md5(payload).hexdigest(),
              "total_size": len(payload)}
    return json.dumps({**header, **changed}).encode("utf-8")


def frame(dialect, payload):
    if dialect == "json":
        return json_frame(json_header(payload), payload)
    return prefix(dialect, len(payload)) + payload


def receive_payload(connection, dialect):
    """The payload of the next frame; checks the header in `json`."""
    prefix_format = PREFIX_FORMATS[dialect]
    (length,) = struct.unpack(prefix_format,
                              receive_exactly(connection, struct.calcsize(prefix_format)))
    if dialect != "json":
        return receive_exactly(connection, length)
    header = json.loads(receive_exactly(connection, length))
    payload = receive_exactly(connection, header["total_size"])
    if header["md5"] != hashlib.md5(payload).hexdigest() or header["filename"] != "a.bin":
        raise AssertionError(f"header {header} is not that of payload {payload[:40]!r}")
    return payload

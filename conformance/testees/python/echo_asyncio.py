#!/usr/bin/env python3
"""A correct echo testee on asyncio streams, for every dialect with a fixed-width length.

StreamReader.readexactly does the deframing: it returns all the bytes asked for, however they came,
and keeps what follows them.
"""

import argparse
import asyncio
import contextlib
import functools
import hashlib
import json
import signal
import struct
import sys

import strict_header

EXIT_UNIMPLEMENTED = 89
HEADER_SIZE_MAX = 64 * 1024
PREFIX_FORMATS = {"int32": "<i", "int64": "<q", "json": "<i",
                  "int32be": ">i", "int64be": ">q", "uint16be": ">H"}


class BadFrame(Exception):
    """A frame that gets no answer; its connection ends."""


async def read_length(reader, prefix_format, limit):
    prefix = await reader.readexactly(struct.calcsize(prefix_format))
    (length,) = struct.unpack(prefix_format, prefix)
    if not 0 <= length <= limit:
        raise BadFrame(f"length {length}")
    return length


async def echo_plain(reader, prefix_format, payload_size_max):
    length = await read_length(reader, prefix_format, payload_size_max)
    return struct.pack(prefix_format, length) + await reader.readexactly(length)


async def echo_json(reader, prefix_format, payload_size_max):
    header_length = await read_length(reader, prefix_format, HEADER_SIZE_MAX)
    text = await reader.readexactly(header_length)
    filename, md5, total_size = strict_header.parse(text, payload_size_max)
    payload = await reader.readexactly(total_size)
    if hashlib.md5(payload).hexdigest() != md5:
        raise BadFrame("HDR-9: md5 of another payload")
    header = json.dumps({"filename": filename, "md5": md5, "total_size": total_size}).encode()
    return struct.pack(prefix_format, len(header)) + header + payload


async def serve(echo_one, reader, writer):
    try:
        await echo_all(echo_one, reader, writer)
        await close_gently(reader, writer)
    except asyncio.CancelledError:
        pass  # SIGTERM; to let it pass on would only make the stream's callback print a traceback


async def echo_all(echo_one, reader, writer):
    try:
        while True:
            writer.write(await echo_one(reader))
            await writer.drain()
    except (BadFrame, strict_header.BadHeader) as problem:
        print(f"echo_asyncio: connection ended: {problem}", file=sys.stderr)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass


async def close_gently(reader, writer):
    """Lets answers already sent arrive: a close over unread bytes would reset the connection."""
    async def discard():
        while await reader.read(HEADER_SIZE_MAX):
            pass

    try:
        writer.write_eof()
        await asyncio.wait_for(discard(), timeout=1)
    except (OSError, asyncio.TimeoutError):
        pass
    writer.close()


async def connect(serve_one, options):
    """As a client: serves one connection, and with --again one after the other until nobody listens."""
    is_wanted = True
    while is_wanted:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", options.port)
        except ConnectionRefusedError as problem:
            sys.exit(f"echo_asyncio: {problem}")
        await serve_one(reader, writer)
        with contextlib.suppress(OSError):
            await writer.wait_closed()  # the last answers may still be on their way
        is_wanted = options.again


async def run(options):
    echo = echo_json if options.dialect == "json" else echo_plain

    def echo_one(reader):
        return echo(reader, PREFIX_FORMATS[options.dialect], options.max_payload)

    if options.connect:
        await connect(functools.partial(serve, echo_one), options)
        return
    server = await asyncio.start_server(functools.partial(serve, echo_one),
                                        "127.0.0.1", options.port, backlog=1024)
    print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int, help="TCP port on 127.0.0.1; 0 for any free one")
    parser.add_argument("--connect", action="store_true",
                        help="be a client: connect to the port, echo what comes, and end with the connection")
    parser.add_argument("--again", action="store_true",
                        help="as a client: connect again after each connection, until nobody listens")
    parser.add_argument("--dialect", default="int32",
                        help=f"one of {', '.join(PREFIX_FORMATS)} (default: %(default)s); "
                             f"any other ends with exit code {EXIT_UNIMPLEMENTED}")
    parser.add_argument("--max-payload", type=int, default=16 << 20, metavar="BYTES",
                        help="largest payload accepted (default: %(default)s)")
    options = parser.parse_args()
    if options.dialect not in PREFIX_FORMATS:
        print(f"echo_asyncio: dialect {options.dialect!r} is not implemented; there are: "
              f"{', '.join(PREFIX_FORMATS)}", file=sys.stderr)
        sys.exit(EXIT_UNIMPLEMENTED)
    asyncio.run(run(options))


if __name__ == "__main__":
    main()

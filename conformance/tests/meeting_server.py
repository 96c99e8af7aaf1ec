#!/usr/bin/env python3
"""meeting_server.py PORT FILE [--one-buffer | --dies-of-nothing]: an int32 echo server that writes to FILE how many connections it has had
open at a time, at the most. It is right; with --one-buffer all connections share a buffer, so that it is wrong where two
of them are inside a frame at the same time, and right where they come one after the other. With --dies-of-nothing a frame
without payload is its end.
"""

import asyncio
import os
import struct
import sys

PAYLOAD_SIZE_MAX = 16 << 20


class Server:
    def __init__(self, file, defect=""):
        self.file = file
        self.dies_of_nothing = defect == "--dies-of-nothing"
        self.open = self.most = 0
        self.buffer = bytearray() if defect == "--one-buffer" else None

    async def serve(self, reader, writer):
        self.open += 1
        if self.open > self.most:
            self.most = self.open
            with open(self.file, "w", encoding="ascii") as out:
                out.write(str(self.most))
        buffer = bytearray() if self.buffer is None else self.buffer
        try:
            while piece := await reader.read(65536):
                buffer += piece
                while len(buffer) >= 4:
                    size = struct.unpack_from("<i", buffer)[0]
                    if size == 0 and self.dies_of_nothing:
                        os._exit(3)
                    if not 0 <= size <= PAYLOAD_SIZE_MAX:
                        return
                    if len(buffer) < 4 + size:
                        break
                    writer.write(buffer[:4 + size])
                    del buffer[:4 + size]
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self.open -= 1
            writer.close()


async def main(port, *arguments):
    server = await asyncio.start_server(Server(*arguments).serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), *sys.argv[2:]))

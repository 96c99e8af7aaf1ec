"""`framespec record` as a proxy, for tests, and the two sides that speak through it."""

import socket
import struct
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC
from recorded import turns_of

LISTENING = "framespec: listening on "


class Proxy:
    """`framespec record --listen`, in a folder of its own, that listens."""

    def __init__(self, service, *arguments):
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "talk.ndjson"
        self.process = subprocess.Popen(
            [FRAMESPEC, "record", "--listen", "127.0.0.1:0", "--to", service, "-o", self.file, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.first_line = self.process.stderr.readline()

    def __enter__(self):
        assert self.first_line.startswith(LISTENING), self.first_line
        self.address = self.first_line[len(LISTENING):].split(",")[0]
        host, port = self.address.rsplit(":", 1)
        self.place = (host, int(port))
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()

    def connect(self):
        client = socket.create_connection(self.place, timeout=DEADLINE_S)
        client.settimeout(DEADLINE_S)
        return client

    def next_line(self):
        return self.process.stderr.readline()

    def end(self, code=0):
        """What it says until it ends, with this exit code."""
        out, err = self.process.communicate(timeout=DEADLINE_S)
        assert (self.process.returncode, out) == (code, ""), (self.process.returncode, out, err)
        return err

    def turns(self):
        return turns_of(self.file.read_text())


def free_port():
    with closing(listener()) as free:
        return free.getsockname()[1]


def listener():
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(DEADLINE_S)
    return server


def address_of(server):
    return f"127.0.0.1:{server.getsockname()[1]}"


def accepted(server):
    connection = server.accept()[0]
    connection.settimeout(DEADLINE_S)
    return connection


def receive(connection, size):
    came = bytearray()
    while len(came) < size:
        piece = connection.recv(min(size - len(came), 1 << 20))
        assert piece, came[:1000]
        came += piece
    return bytes(came)


def send_reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()

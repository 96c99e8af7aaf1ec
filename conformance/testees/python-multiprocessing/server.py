#!/usr/bin/env python3
"""Echo testee on the Python standard library's multiprocessing.connection: send_bytes and recv_bytes."""

import argparse
import socket
import sys
import threading
from multiprocessing.connection import Connection

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("port", type=int)
parser.add_argument("--dialect", default="int32be")
parser.add_argument("--max-payload", type=int, default=16 << 20)
options = parser.parse_args()
if options.dialect != "int32be":
    sys.exit(89)


def echo(connected):
    with Connection(connected.detach()) as connection:
        try:
            while True:
                connection.send_bytes(connection.recv_bytes(options.max_payload))
        except (EOFError, OSError):
            pass  # the peer has ended, or its message is bad


with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
    while True:
        accepted, _ = listener.accept()
        threading.Thread(target=echo, args=(accepted,), daemon=True).start()

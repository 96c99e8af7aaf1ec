#!/usr/bin/env python3
"""An echo client with at most one planted defect: it connects to 127.0.0.1, sends back every frame that it receives, and
ends once its connection has ended.

Without --defect it is correct, and must pass everything. The names are those of DEFECTS in mutant_connection.py, and of
CLIENT_DEFECTS below: those that only a client can have.
"""

import argparse
import signal
import socket
import struct
import sys
import threading

from mutant_connection import Connection, read_options, serve

OUTPUT = open(sys.stdout.fileno(), "wb", closefd=False)  # with a buffer, whatever PYTHONUNBUFFERED says
CLIENT_DEFECTS = {
    "never_connects": "it runs, and connects to nobody",
    "ends_before": "it ends before it has connected",
    "connects_twice": "it connects a second time, and waits on that connection",
    "runs_on": "it goes on running when its connection has ended",
    "waits_at_reset": "a reset is followed by a wait for what never comes",
    "dies_of_sigpipe": "it sends something after a reset, and does not expect SIGPIPE",
    "connects_once": "it does not connect again",
    "prints_twice": "each payload is printed twice",
    "prints_late": "what is printed stays in a buffer until the program ends",
    "last_print_lost": "a payload is printed when the next one comes, and the last one never",
}


class ClientConnection(Connection):
    def receive(self):
        try:
            super().receive()
        except ConnectionResetError:
            if self.defect == "waits_at_reset":
                threading.Event().wait()
            if self.defect == "dies_of_sigpipe":
                self.sock.send(b"farewell")
            raise


class PrintingConnection(ClientConnection):
    """Shows what it receives on its standard output, as int32 frames, and sends nothing."""

    printed = b""  # with one defect, what is to be printed

    def answer(self, frame, payload):
        frame = struct.pack("<i", len(payload)) + payload
        if self.defect == "last_print_lost":
            frame, self.printed = self.printed, frame
        OUTPUT.write(frame * (2 if self.defect == "prints_twice" else 1))
        if self.defect != "prints_late":
            OUTPUT.flush()


def connections(options):
    """One to the port; with --again then one after the other, until nobody listens."""
    address = ("127.0.0.1", options.port)
    yield socket.create_connection(address)
    while options.again and options.defect != "connects_once":
        try:
            yield socket.create_connection(address)
        except OSError:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="connect again after each connection")
    parser.add_argument("--stdout", action="store_true", help="print each payload, and send nothing")
    options = read_options(parser, CLIENT_DEFECTS)
    if options.defect == "ends_before":
        return
    if options.defect == "never_connects":
        threading.Event().wait()
    if options.defect == "dies_of_sigpipe":
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for sock in connections(options):
        # The first one stays open meanwhile.
        served = socket.create_connection(sock.getpeername()) if options.defect == "connects_twice" else sock
        serve(served, options, PrintingConnection if options.stdout else ClientConnection)
    if options.defect in ("runs_on", "connects_once"):
        threading.Event().wait()


if __name__ == "__main__":
    main()

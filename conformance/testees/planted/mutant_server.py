#!/usr/bin/env python3
"""An echo server with at most one planted defect, for the tests of the runner.

Without --defect it is correct, and must pass everything. The names are those of DEFECTS in mutant_connection.py, and of
SERVER_DEFECTS below: those that only a server of many connections can have.
"""

import argparse
import itertools
import os
import socket
import sys
import threading

from mutant_connection import read_options, serve

LATE_CONNECTION = 20
SERVER_DEFECTS = {
    "serial": "one connection after the other",
    "dies_at_twentieth": f"connection {LATE_CONNECTION} ends the whole server",
}


def main():
    options = read_options(argparse.ArgumentParser(description=__doc__), SERVER_DEFECTS)
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        for number in itertools.count(1):
            sock, _ = listener.accept()
            if options.defect == "dies_at_twentieth" and number == LATE_CONNECTION:
                print("mutant_server: no slot is left", file=sys.stderr, flush=True)
                os._exit(3)
            if options.defect == "serial":
                serve(sock, options)
            else:
                threading.Thread(target=serve, args=(sock, options), daemon=True).start()


if __name__ == "__main__":
    main()

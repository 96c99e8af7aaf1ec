#!/usr/bin/env python3
"""A small echo server (int32) for tests of where it stands. Says "listening on PORT" when it does.

A right one, unless --naive: then it takes a prefix with one recv, and echoes a negative length.
"""

import argparse
import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import threading

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4  # linux/prctl.h
LENGTH_MAX = 16 << 20
EXIT_UNIMPLEMENTED = 89
AT_ANOTHER_DIALECT = ("declines", "declines_late", "ends", "breaks", "closes", "listens_not", "serves")


def receive(sock, size):
    data = bytearray()
    while len(data) < size:
        piece = sock.recv(min(size - len(data), 64 * 1024))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def serve(sock, is_naive, at_first_frame):
    with sock:
        if at_first_frame != "serves":
            sock.recv(1)
            if at_first_frame != "closes":
                os._exit(EXIT_UNIMPLEMENTED if at_first_frame == "declines_late" else 1)
            return
        try:
            while True:
                prefix = sock.recv(4) if is_naive else receive(sock, 4)
                (size,) = struct.unpack("<i", prefix)
                if not 0 <= size <= LENGTH_MAX:
                    if not is_naive:
                        return
                    size = 0
                sock.sendall(prefix + receive(sock, size))
        except (EOFError, OSError, struct.error):
            pass


def prctl(option, value):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def hide():
    """Nobody without CAP_SYS_PTRACE may look into this process from here on."""
    prctl(PR_SET_DUMPABLE, 0)


def get_rid_of_guard(sent):
    """Sends this signal to our parent, whose death shall not be ours; what we have started is in sessions of its own."""
    prctl(PR_SET_PDEATHSIG, 0)
    for _ in range(3):
        subprocess.Popen(["setsid", "sh", "-c", "sleep 1000 & sleep 1000"], stdin=subprocess.DEVNULL)
    os.kill(os.getppid(), sent)


def serve_all(listener, is_naive, at_first_frame, to_guard):
    while True:
        sock, _ = listener.accept()
        if to_guard:
            get_rid_of_guard(signal.Signals[f"SIG{to_guard}"])
            to_guard = None
        threading.Thread(target=serve, args=(sock, is_naive, at_first_frame), daemon=True).start()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=int, help="0: any")
    parser.add_argument("--host", default="127.0.0.1", help="or the path of a unix socket")
    parser.add_argument("--naive", action="store_true")
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--to-guard", choices=("KILL", "STOP"), help="a signal for our parent, at the first connection")
    parser.add_argument("--told-to", type=int, metavar="PORT",
                        help="listen on any port, and tell who listens on this one: 'PORT THE_PORT_HERE'")
    parser.add_argument("--dialect", default="int32")
    parser.add_argument("--at-another", choices=AT_ANOTHER_DIALECT, default="serves", help="what another dialect makes it do")
    options = parser.parse_args()
    at_another = options.at_another if options.dialect != "int32" else "serves"
    if at_another in ("declines", "ends"):
        sys.exit(EXIT_UNIMPLEMENTED if at_another == "declines" else 1)
    if at_another == "listens_not":
        signal.pause()
    if options.hidden:
        hide()
    if options.host.startswith("/"):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(options.host)
        listener.listen(128)
        print("listening on 0", flush=True)
    else:
        listener = socket.create_server((options.host, 0 if options.told_to else options.port), backlog=128)
        port = listener.getsockname()[1]
        if options.told_to:
            with socket.create_connection(("127.0.0.1", options.told_to)) as told:
                told.sendall(f"{options.port} {port}\n".encode())
        print(f"listening on {port}", flush=True)
    serve_all(listener, options.naive, at_another, options.to_guard)


if __name__ == "__main__":
    main()

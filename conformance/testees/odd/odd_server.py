#!/usr/bin/env python3
"""A correct echo server (int32) of an unusual manner, for the tests of what the runner makes of it."""

import argparse
import itertools
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "planted"))
from close_gently import close_gently  # noqa: E402

LENGTH_MAX = 16 << 20
BUSY_S = 0.15  # several times what a peeker is waited for that is known as one
LATE_S = 1.5  # several times what a first look waits for a testee that was quick so far
MANNERS = {
    "slow": "waits a little before each read",
    "late_at_times": "answers an empty frame, and closes a connection, long after it was to",
    "peeks": "takes a prefix out of its queue only when it is whole",
    "peeks_at_work": "the same, while another of its threads never rests",
    "peeks_then_busy": "peeks on its first four connections; on the others it works a while before each read",
    "low_water": "is told of bytes only when there are as many as it needs (SO_RCVLOWAT)",
    "low_water_for_a_while": "the same, but 20 ms later of any, and a prefix of which only a part is there ends the connection: a defect",
    "small_buffer": "has a receive buffer of 4 KiB",
    "forks_for_each_frame": "has a process for each frame, and waits for its end",
    "forks": "has a process for each connection",
    "forks_and_threads": "the same, and serves in a thread of it, which has an allocator's arena of its own",
    "declines_late": "ends with status 89 when a length is negative",
    "backgrounds": "serves from a process in a session of its own, beside the one that was started",
    "daemon": "the same, and the one that was started ends at once",
    "daemon_behind_first": "the same, but that one ends with the first connection",
    "ignores_sigterm": "goes on after SIGTERM",
    "prefix_in_one_recv": "no manner but a defect: a prefix that comes in two pieces ends the connection",
}

FORKING = ("forks", "forks_and_threads")
IN_BACKGROUND = ("backgrounds", "daemon", "daemon_behind_first")


def receive(sock, size, manner):
    data = bytearray()
    while len(data) < size:
        if manner == "slow":
            time.sleep(0.005)
        if manner == "busy":
            work_for(BUSY_S)
        if manner.startswith("low_water"):
            wait_for_bytes(sock, size - len(data), 20 if manner == "low_water_for_a_while" else None)
        piece = sock.recv(min(size - len(data), 64 * 1024))
        if not piece:
            raise EOFError
        data += piece
        if manner in ("prefix_in_one_recv", "low_water_for_a_while") and size == 4 and len(data) < 4:
            raise EOFError
    return bytes(data)


def work_for(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def wait_for_bytes(sock, size, patience_ms):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, min(size, 30_000))
    poller = select.poll()
    poller.register(sock, select.POLLIN)
    if not poller.poll(patience_ms):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        poller.poll()


def serve(sock, manner):
    try:
        while True:
            if manner.startswith("peeks") and len(sock.recv(4, socket.MSG_PEEK | socket.MSG_WAITALL)) < 4:
                break
            prefix = receive(sock, 4, manner)
            length, = struct.unpack("<i", prefix)
            if manner == "declines_late" and length < 0:
                os._exit(89)
            if not 0 <= length <= LENGTH_MAX:
                break
            answer = prefix + receive(sock, length, manner)
            if manner == "late_at_times" and length == 0:
                time.sleep(LATE_S)
            if manner == "forks_for_each_frame":
                answer_in_a_process(sock, answer)
            else:
                sock.sendall(answer)
    except (EOFError, OSError):
        pass
    if manner == "late_at_times":
        time.sleep(LATE_S)
    close_gently(sock)


def answer_in_a_process(sock, answer):
    child = os.fork()
    if child == 0:
        sock.sendall(answer)
        os._exit(0)
    os.waitpid(child, 0)


def serve_and_let_go(sock, manner, held):
    serve(sock, manner)
    held.close()


def go_into_background(manner):
    """What the process that was started waits for: it ends when that is closed."""
    awaited, held = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.close(awaited)
        return open(held, "wb")
    os.close(held)
    if manner != "daemon":
        os.read(awaited, 1)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--manner", choices=MANNERS, required=True)
    options = parser.parse_args()
    held = go_into_background(options.manner) if options.manner in IN_BACKGROUND else None
    if options.manner == "ignores_sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if options.manner in FORKING:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if options.manner == "peeks_at_work":
        threading.Thread(target=work_for, args=(3600,), daemon=True).start()
    with socket.create_server(("127.0.0.1", options.port), backlog=1024) as listener:
        if options.manner == "small_buffer":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        for number in itertools.count(1):
            sock, _ = listener.accept()
            manner = options.manner
            if manner == "peeks_then_busy":
                manner = "peeks" if number <= 4 else "busy"
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if options.manner == "daemon_behind_first":
                threading.Thread(target=serve_and_let_go, args=(sock, manner, held), daemon=True).start()
            elif options.manner not in FORKING:
                threading.Thread(target=serve, args=(sock, manner), daemon=True).start()
            elif os.fork() == 0:
                listener.close()
                serving = threading.Thread(target=serve, args=(sock, options.manner))
                if options.manner == "forks_and_threads":
                    serving.start()
                    serving.join()
                else:
                    serving.run()
                os._exit(0)
            else:
                sock.close()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Records what a service's own client says to it, and what it is answered, through `framespec record`; the recording of
the service is replaced."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import service_files

START_S = 60  # how long a service may take to listen
CLIENT_S = 60  # and its client to say all
START = Path(__file__).with_name("start.py")


class Failed(Exception):
    """A sentence that says what went wrong."""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def started(name):
    """Gives the port on which the service takes connections."""
    port = free_port()
    process = subprocess.Popen([sys.executable, START, name, str(port)])
    try:
        until = time.monotonic() + START_S
        while True:
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            if process.poll() is not None or time.monotonic() > until:
                raise Failed(f"{name} does not start")
            time.sleep(0.05)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def record(framespec, service, port):
    proxy = subprocess.Popen([framespec, "record", "--listen", "127.0.0.1:0", "--to", f"127.0.0.1:{port}",
                              "--title", service.title, "-o", service.recording], stderr=subprocess.PIPE, text=True)
    try:
        said = proxy.stderr.readline()  # "framespec: listening on 127.0.0.1:PORT, passing on to …"
        if "listening on " not in said:
            raise Failed(f"framespec record: {said}")
        listens = said.split("listening on ")[1].split(",")[0]
        client = subprocess.run(service.client_of(listens.rpartition(":")[2]), input=service.client_input.encode(),
                                env={**os.environ, "LANG": "C.UTF-8"}, timeout=CLIENT_S, check=False)
        if client.returncode != 0:
            raise Failed(f"{service.client[0]}: exit code {client.returncode}")
        _, said = proxy.communicate(timeout=CLIENT_S)
        if proxy.returncode != 0:
            raise Failed(f"framespec record: {said}")
    finally:
        proxy.kill()
        proxy.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("framespec", help="the program")
    parser.add_argument("service", choices=service_files.names(), help="a folder beside this program")
    arguments = parser.parse_args()
    service = service_files.read(arguments.service)
    try:
        with started(service.name) as port:
            record(arguments.framespec, service, port)
    except (Failed, subprocess.TimeoutExpired, FileNotFoundError) as error:
        sys.exit(f"record.py: {service.name}: {error}")


if __name__ == "__main__":
    main()

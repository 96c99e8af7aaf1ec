#!/usr/bin/env python3
"""Starts one of the services of this folder on a port of 127.0.0.1, from Debian's package, with a configuration of its own
in a temporary directory, until it is ended by SIGTERM or SIGINT. Started by root, the service runs as nobody."""

import argparse
import fcntl
import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import service_files

DIRECTORY_PREFIX = "framespec-service-"
OPEN_FILES_MAX = 1024  # as on most machines: some services begin with a visit to each descriptor that could be open
PATIENCE_S = 10  # how long a service may take to end before it is killed


def become_nobody():
    """Leaves root for good. Most services refuse to be root, and a test has no need of it."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


class TemporaryDirectory:
    """A directory that is removed with this object; or, if this process was killed, by the next start of any service. Its
    lock tells that it is in use: the service has it too."""

    def __init__(self):
        self._remove_abandoned()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=DIRECTORY_PREFIX))
            try:
                self.lock = os.open(self.path, os.O_RDONLY)
                fcntl.flock(self.lock, fcntl.LOCK_EX)
                os.set_inheritable(self.lock, True)
                if self.path.is_dir():
                    return
            except FileNotFoundError:
                pass  # Another start took it for an abandoned one before it was locked.

    @staticmethod
    def _remove_abandoned():
        for path in Path(tempfile.gettempdir()).glob(DIRECTORY_PREFIX + "*"):
            try:
                lock = os.open(path, os.O_RDONLY)
            except OSError:
                continue  # Another user's, or gone.
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            except BlockingIOError:
                pass  # In use.
            finally:
                os.close(lock)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def write_files(files, directory, filled):
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(text))
        os.utime(path, (0, 0))  # A service may show when a file was changed: always the same time.


def run(service, port, directory):
    """Runs the service until it ends, and returns its exit status."""

    def filled(text):
        for name, value in (("port", port), ("directory", directory.path), ("user", os.getuid()), ("group", os.getgid())):
            text = text.replace("{" + name + "}", str(value))
        return text

    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": str(directory.path)}
    write_files(service.files, directory.path, filled)
    if service.prepare:
        prepared = subprocess.run([filled(word) for word in service.prepare], cwd=directory.path, env=environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if prepared.returncode != 0:
            sys.stderr.buffer.write(prepared.stdout)
            return prepared.returncode
    # The service goes also if this process is killed; without new privileges, for a setuid program forgets that.
    process = subprocess.Popen(["setpriv", "--no-new-privs", "--pdeathsig", "KILL", *(filled(word) for word in service.start)],
                               cwd=directory.path, env=environment, stdin=subprocess.DEVNULL,
                               pass_fds=[directory.lock], start_new_session=True)
    try:
        return process.wait()
    finally:
        process.send_signal(signal.SIGINT)  # Of those that all services take, the one that PostgreSQL does not wait after.
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
        try:
            os.killpg(process.pid, signal.SIGKILL)  # What it has started.
        except ProcessLookupError:
            pass


def serve(service, port):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
    if os.getuid() == 0:
        become_nobody()
    files_max = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES_MAX, files_max), files_max))
    directory = TemporaryDirectory()
    try:
        return run(service, port, directory)
    except FileNotFoundError as error:
        sys.exit(f"start.py: {error.filename} is missing; ci/setup --services installs it")
    finally:
        directory.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("service", choices=service_files.names(), help="a folder beside this program")
    parser.add_argument("port", type=int)
    arguments = parser.parse_args()
    return serve(service_files.read(arguments.service), arguments.port)


if __name__ == "__main__":
    sys.exit(main())

"""A program under test, started as a process of its own and ended whatever happens."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

DEADLINE_S = 60  # for what must happen: long enough for a machine busy with everything else
TESTEES = Path(__file__).resolve().parent.parent


class StartedProgram:
    """Use as a context manager: leaving it kills the process and everything the process started.

    Every wait has a deadline; a missed one fails with the command and what it wrote to stderr.
    Whatever is asked of the end of the program (its exit code, all that it wrote) waits for it
    first. The process is reaped on leaving and not before: until then its number is its own, and
    the group killed by that number cannot be a stranger's.
    """

    def __init__(self, *command):
        self.command = [str(part) for part in command]
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)  # a group of its own, so that its shells end with it
        self._stdout_lines = queue.Queue()
        self._stderr = bytearray()
        self._exit_code = None
        self._stdout_end = self._in_background(self._read_stdout)
        self._stderr_end = self._in_background(self._read_stderr)
        self._end = self._in_background(self._await_end)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self._process.pid, signal.SIGKILL)
        for thread in (self._end, self._stdout_end, self._stderr_end):
            thread.join(DEADLINE_S)
        self._process.wait(DEADLINE_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass  # what was typed last has no reader any more

    @property
    def pid(self):
        return self._process.pid

    def port(self):
        """Waits for the line `listening on HOST:PORT`."""
        line = self.line()
        if not line.startswith("listening on "):
            raise AssertionError(self._report(f"expected `listening on HOST:PORT`, got {line!r}"))
        return int(line.rsplit(":", 1)[1])

    def type_line(self, text):
        self._process.stdin.write(text.encode("utf-8") + b"\n")
        self._process.stdin.flush()

    def end_input(self):
        self._process.stdin.close()

    def line(self):
        """The next line of stdout, without its line end."""
        try:
            line = self._stdout_lines.get(timeout=DEADLINE_S)
        except queue.Empty:
            raise AssertionError(self._report(f"no line on stdout within {DEADLINE_S} s")) from None
        if line is None:
            self._stderr_end.join(DEADLINE_S)  # where it says why
            raise AssertionError(self._report("stdout ended where a line was expected"))
        return line.decode("utf-8").removesuffix("\n")

    def rest(self):
        """Waits for the end of the program; gives what it still wrote to stdout, as text."""
        self.exit_code()
        self._wait_for(self._stdout_end, "stdout has no end")
        lines = []
        while (line := self._stdout_lines.get()) is not None:
            lines.append(line)
        return b"".join(lines).decode("utf-8")

    def stderr(self):
        """Waits for the end of the program; gives all that it wrote to stderr, as text."""
        self.exit_code()
        self._wait_for(self._stderr_end, "stderr has no end")
        return self.stderr_so_far()

    def exit_code(self):
        """Waits for the end of the program; minus the number of the signal that ended it, if any."""
        self._wait_for(self._end, "it still runs")
        return self._exit_code

    def terminate(self):
        """Sends SIGTERM; gives the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self.exit_code()

    def is_running(self):
        return self._end.is_alive()

    def stderr_so_far(self):
        """For failure messages alone: how much of it has come is a matter of time."""
        return bytes(self._stderr).decode("utf-8", "replace")

    @staticmethod
    def _in_background(work):
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def _wait_for(self, thread, problem):
        thread.join(DEADLINE_S)
        if thread.is_alive():
            raise AssertionError(self._report(f"{problem} after {DEADLINE_S} s"))

    def _await_end(self):
        end = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._exit_code = end.si_status if end.si_code == os.CLD_EXITED else -end.si_status

    def _read_stdout(self):
        for line in self._process.stdout:
            self._stdout_lines.put(line)
        self._stdout_lines.put(None)

    def _read_stderr(self):
        for line in self._process.stderr:
            self._stderr.extend(line)

    def _report(self, problem):
        command = " ".join(self.command)
        return f"{problem}\n  command: {command}\n  stderr: {self.stderr_so_far() or '(empty)'}"


def article(name, *arguments):
    """Starts one of the article's programs."""
    return StartedProgram(sys.executable, TESTEES / "article" / f"{name}.py", *arguments)


def connect(port):
    """A connection to a testee, with the deadline on each of its operations."""
    return socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S)


def receive_exactly(connection, size):
    received = bytearray()
    while len(received) < size:
        piece = connection.recv(size - len(received))
        if not piece:
            raise AssertionError(f"the stream ended after {bytes(received)!r}, {size} bytes wanted")
        received += piece
    return bytes(received)


def receive_until_end(connection):
    """All bytes until FIN or RST: after an error both are a legal end."""
    received = bytearray()
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return bytes(received)
        if not piece:
            return bytes(received)
        received += piece


def wait_until(condition, what):
    """For states of the kernel that nothing announces; gives up the processor between looks."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not within {DEADLINE_S} s: {what}")
        os.sched_yield()

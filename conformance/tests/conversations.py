"""Recordings for `framespec invariance`, made for tests, and the planted service that they are of."""

import json
import socket
import subprocess
import tempfile
import unittest
from contextlib import closing, contextmanager
from pathlib import Path

from framespec_process import SHORT, InvarianceRun, wait_until
from planted_services import TALK as RECORDED_TALK

FINISH = {"on": "main", "do": "finish"}


def send(text):
    return {"on": "main", "do": "send", "text": text}


def answer(text):
    return {"on": "main", "expect": "answer", "text": text}


GREETING = answer("HELLO\r\n")
PING = send("PING\r\n"), answer("PONG\r\n")
# With blanks, and a letter of two bytes: what is done to a part of it shows.
HEAD, *TALK = map(json.loads, RECORDED_TALK.read_text().splitlines())
TALK = tuple(TALK)


def is_listening(port):
    with closing(socket.socket()) as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(launch):
    """Its address, while it runs; it must not end by itself."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(["/bin/sh", "-c", "exec " + launch.format(port=port)], stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: is_listening(port))
            yield f"127.0.0.1:{port}"
            if process.poll() is not None:
                raise AssertionError(f"it ended with status {process.returncode}: {launch}")
        finally:
            process.kill()


class WithRecordings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def recording(self, *steps, head=HEAD):
        file = self.folder / "recording.ndjson"
        file.write_text("".join(json.dumps(line) + "\n" for line in (head, *steps)))
        return file

    def run_on(self, launch, *more, steps=TALK):
        return InvarianceRun(self.recording(*steps), "--launch", launch, *SHORT, *more)

    def passes(self, run):
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.plans()}, {"pass"}, run)

    def unusable(self, run, told):
        """It is told, nobody is accused, and nothing is said to have passed."""
        self.assertEqual(run.code, 3, run)
        self.assertIn(told, run.stdout, run)
        self.assertEqual(run.cases("pass", "fail", "nonstrict") - {"sanity/conversation"}, set(), run)

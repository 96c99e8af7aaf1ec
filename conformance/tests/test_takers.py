"""Who took what was proven to be taken is told: the testee, or a forwarder that stands before it."""

import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from capabilities import CAP_SYS_PTRACE
from forwarder import Forwarder
from framespec_process import HERE, TESTEES, Run, descendants, python_testee

SERVER = HERE / "small_server.py"
SPLIT = ("--filter", "segmentation/*/cut_at-*/one_frame", "--dialect", "int32")
OWN_NAME = Path("/proc/self/comm").read_text(encoding="utf-8").strip()
OURSELVES = f"{OWN_NAME} ({os.getpid()})"


class SmallServer:
    """One that runs already."""

    def __init__(self, test, *arguments):
        self.process = subprocess.Popen([sys.executable, str(SERVER), "0", *arguments],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.end)
        self.port = int(self.process.stdout.readline().split()[-1])

    def end(self):
        self.process.kill()
        self.process.communicate()

    def name(self):
        return Path(f"/proc/{self.process.pid}/comm").read_text(encoding="utf-8").strip()


class Takers(unittest.TestCase):
    def takers(self, run):
        (dialect,) = run.report["dialects"]
        return dialect["taken_by"]

    def check_unknown(self, run):
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.takers(run), [{"process": None, "name": "unknown", "is_testee": None}], run)
        self.assertIn("proven to have been taken by a process that /proc does not show (unknown)\n", run.stdout)
        self.assertNotIn("not the testee", run.stdout)

    def test_a_forwarder_before_a_launched_testee_is_not_the_testee(self):
        forwarder = Forwarder()
        run = Run("--launch", python_testee(SERVER, "--naive", "--told-to", str(forwarder.control_port)),
                  *SPLIT)
        self.assertEqual(run.plans("fail"), [], run)
        self.assertEqual(self.takers(run), [{"process": os.getpid(), "name": OWN_NAME, "is_testee": False}], run)
        self.assertIn(f"proven: the segments were taken by {OURSELVES}, which is not the testee; how the testee met "
                      "them is not proven\n", run.stdout)
        self.assertRegex(run.stdout.splitlines()[-1], "proof of .* only, which is not the testee$")
        self.assertEqual(descendants(), [])

    def test_without_the_forwarder_that_testee_fails(self):
        run = Run("--launch", python_testee(SERVER, "--naive"), *SPLIT)
        self.assertEqual(run.code, 1, run)
        self.assertEqual([taker["is_testee"] for taker in self.takers(run)], [True], run)
        self.assertIn(", the testee\n", run.stdout)
        self.assertIn("(proven; ended by the testee after 1 of them)", run.stdout)

    def test_whoever_takes_it_from_a_server_that_runs_already_is_named(self):
        server = SmallServer(self, "--naive")
        port = Forwarder().listen(0, server.port)
        through = Run("--server", f"127.0.0.1:{port}", *SPLIT)
        self.assertEqual(through.code, 0, through)
        self.assertEqual(self.takers(through), [{"process": os.getpid(), "name": OWN_NAME, "is_testee": None}], through)
        self.assertIn(f"proven to have been taken by {OURSELVES}\n", through.stdout)
        direct = Run("--server", f"127.0.0.1:{server.port}", *SPLIT)
        self.assertEqual(direct.code, 1, direct)
        self.assertIn(f"proven to have been taken by {server.name()} ({server.process.pid})\n", direct.stdout)

    def test_a_process_for_each_connection_is_the_testee(self):
        run = Run("--launch", python_testee(TESTEES / "odd" / "odd_server.py", "--manner", "forks"), *SPLIT)
        self.assertEqual(run.code, 0, run)
        self.assertEqual([taker["is_testee"] for taker in self.takers(run)], [True], run)

    def test_a_client_that_closes_with_its_answer_is_named(self):
        client = ("import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
                  "s.sendall(b'ask\\n'); print(s.makefile().readline())")
        with tempfile.TemporaryDirectory() as folder:
            answers = Path(folder) / "answers.ndjson"
            answers.write_text('{"format":"framespec-replay/2","title":"it asks"}\n{"on":"main","await":{"until_text":"\\n"}}\n'
                               '{"on":"main","do":"send","text":"yes\\n"}\n', encoding="utf-8")
            run = Run("--client", f"{shlex.quote(sys.executable)} -c {shlex.quote(client)} {{port}}", "--answer", str(answers))
        self.assertEqual(run.code, 0, run)
        self.assertEqual([(taker["name"], taker["is_testee"]) for taker in self.takers(run)], [(OWN_NAME, True)], run)

    def test_one_that_proc_does_not_show_is_unknown_and_nobody_is_doubted(self):
        launched = Run("--launch", python_testee(SERVER, "--hidden"), *SPLIT, without=CAP_SYS_PTRACE)
        self.check_unknown(launched)
        server = SmallServer(self, "--hidden")
        self.check_unknown(Run("--server", f"127.0.0.1:{server.port}", *SPLIT, without=CAP_SYS_PTRACE))


if __name__ == "__main__":
    unittest.main()

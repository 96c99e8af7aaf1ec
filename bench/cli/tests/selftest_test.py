#!/usr/bin/env python3
"""framespec-bench selftest: its trials are kept, not made twice, and drawn.

usage: selftest_test.py FRAMESPEC-BENCH
"""

import fcntl
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv[1]


def selftest(file, *options):
    return subprocess.run([PROGRAM, "selftest", str(file), "--condition", "idle", "--trials", "0", "--instructions", "0", *options],
                          capture_output=True, text=True, check=False)


class Selftest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.file = pathlib.Path(self.temporary.name) / "trials.ndjson"

    def tearDown(self):
        self.temporary.cleanup()

    def lines(self):
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]

    def test_a_trial_is_kept_and_not_made_again(self):
        ended = selftest(self.file, "--same", "1")
        machine, trial = self.lines()
        # What it measures here is not this test's affair; a false alarm in one of one is more than one in a hundred.
        code = 1 if trial["verdict"] in ("better", "worse") else 0
        self.assertEqual(ended.returncode, code, ended)
        self.assertEqual(machine["format"], "framespec-trials/2")
        self.assertEqual((trial["condition"], trial["gate"], trial["slowdown"], trial["number"]), ("idle", "time", 0, 0))
        self.assertIn(trial["verdict"], ("same", "inconclusive", "better", "worse"))
        self.assertGreater(trial["repetitions"]["cpu_time_p"], 0)
        self.assertIn("| idle | time | 1 |", ended.stdout)
        before = self.file.read_bytes()
        again = selftest(self.file, "--same", "1")
        self.assertEqual((again.returncode, again.stdout), (code, ended.stdout), again)
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_file_of_another_machine_is_left_alone(self):
        other = '{"format":"framespec-trials/2","processor":"of another","processor_count":512}\n'
        self.file.write_text(other, encoding="utf-8")
        ended = selftest(self.file, "--same", "1")
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("was begun on another machine (of another, 512 processors): name another file", ended.stderr)
        self.assertEqual(self.file.read_text(encoding="utf-8"), other)

    def test_a_file_of_something_else_is_left_alone(self):
        self.file.write_text("my notes", encoding="utf-8")
        ended = selftest(self.file)
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("holds no trials", ended.stderr)
        self.assertEqual(self.file.read_text(encoding="utf-8"), "my notes")

    def test_a_second_writer_is_refused(self):
        self.assertEqual(selftest(self.file, "--same", "0").returncode, 0)
        with self.file.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            ended = selftest(self.file, "--same", "1")
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("is in use: another framespec-bench adds to it", ended.stderr)
        self.assertEqual(len(self.lines()), 1)

    def test_interrupted_it_goes_on_with_the_next_trial(self):
        command = [PROGRAM, "selftest", str(self.file), "--condition", "busy", "--trials", "0", "--same", "1000"]
        scratch = pathlib.Path(self.temporary.name) / "scratch"
        scratch.mkdir()
        with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(scratch)}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
            # The busy processes, and what is measured beside them.
            while process.poll() is None and len(pids := children.read_text(encoding="utf-8").split()) < 3:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            said = process.communicate()[1]
        self.assertEqual(process.returncode, 3, said)
        self.assertIn("interrupted; what was measured is kept", said)
        self.assertEqual(list(scratch.iterdir()), [])
        self.assertEqual([pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()], [])
        with self.file.open("a", encoding="utf-8") as file:
            file.write('{"condition":"bu')  # as if it had been killed as it wrote
        self.assertEqual(selftest(self.file, "--same", "0").returncode, 0)
        self.assertEqual(self.lines()[0]["format"], "framespec-trials/2")

    def test_what_is_refuted_is_said(self):
        self.assertEqual(selftest(self.file, "--same", "0").returncode, 0)
        trial = {"condition": "idle", "gate": "time", "slowdown": 0.0, "verdict": "worse", "change": 0.1, "a_against_itself": 0.0, "seconds": 1.0}
        with self.file.open("a", encoding="utf-8") as file:
            for number in range(5):
                file.write(json.dumps(trial | {"number": number}) + "\n")
        ended = selftest(self.file, "--same", "5")
        self.assertEqual(ended.returncode, 1, ended)
        self.assertIn("5 of 5 comparisons of a program with itself by time, idle, are false alarms", ended.stdout)

    def test_where_nothing_can_be_written_nothing_is_measured(self):
        ended = selftest(self.file / "below", "--same", "1")
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("cannot be written", ended.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

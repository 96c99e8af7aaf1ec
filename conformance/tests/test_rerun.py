"""What an earlier run left open is run again (--rerun), and nothing else."""

import json
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, Run, events_in, mutant, wait_until

SOME = ("--dialect", "int32", "--filter", "segmentation/*", "--filter", "length/*", "--exclude", "*/cuts-*/*",
        "--exclude", "*/hundred_thousand")


class Rerun(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "earlier.ndjson"

    def keep(self, run):
        self.file.write_text("".join(json.dumps(event) + "\n" for event in run.events))
        return run

    def ids(self, run, *verdicts):
        return {plan["id"] for plan in run.plans() if not verdicts or plan["verdict"] in verdicts}

    def controls(self, run):
        return {plan["control"] for plan in run.plans()}

    def test_what_has_not_passed_and_its_controls_until_nothing_is_open(self):
        earlier = self.keep(Run("--launch", mutant("prefix_in_one_recv"), *SOME))
        self.assertEqual(earlier.code, 1, earlier)
        open_then = self.ids(earlier) - self.ids(earlier, "pass")
        self.assertTrue(self.ids(earlier, "not_run") and self.ids(earlier, "fail"), earlier)

        again = Run("--launch", mutant("prefix_in_one_recv"), *SOME, "--rerun", self.file)
        self.assertEqual(again.code, 1, again)
        self.assertEqual(again.report["rerun"], str(self.file))
        self.assertEqual(self.ids(again) - self.controls(again), open_then - self.controls(again))

        mended = self.keep(Run("--launch", mutant("none"), *SOME, "--rerun", self.file))
        self.assertEqual(mended.code, 0, mended)
        self.assertEqual(self.ids(mended, "pass"), self.ids(again))

        nothing = Run("--launch", mutant("none"), *SOME, "--rerun", self.file)
        self.assertEqual(nothing.code, 0, nothing)
        self.assertEqual([plan["role"] for plan in nothing.plans()], ["sanity_first", "sanity_last"], nothing)

    def test_a_segmentation_that_is_not_listed_is_among_them(self):
        named = "segmentation/int32/cuts-1-3/one_byte"
        earlier = self.keep(Run("--launch", mutant("prefix_in_one_recv"), "--dialect", "int32", "--filter", named))
        self.assertIn(named, self.ids(earlier, "fail"), earlier)
        again = Run("--launch", mutant("none"), "--dialect", "int32", "--rerun", self.file)
        self.assertIn(named, self.ids(again, "pass"), again)

    def test_what_cannot_be_judged_is_open(self):
        paced = ("--launch", mutant("none"), "--dialect", "int32", "--filter", "segmentation/*/cut_at-1/one_byte", "--pace", "2")
        earlier = self.keep(Run(*paced))
        self.assertEqual(earlier.code, 3, earlier)
        self.assertEqual(Run(*paced, "--rerun", self.file).code, 1)
        self.assertEqual(Run(*paced, "--rerun", self.file, "--accept", "paced").code, 0)
        self.assertEqual(Run(*paced[:-2], "--rerun", self.file).code, 0)

    def test_of_a_run_that_was_killed_all_that_it_did_not_come_to(self):
        command = [FRAMESPEC, "run", "--launch", mutant("none"), *SOME, "--events", self.file]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as running:
            wait_until(lambda: sum(event["event"] == "verdict" for event in events_in(self.file)) > 20
                       or running.poll() is not None)
            self.assertIsNone(running.poll())
            os.kill(running.pid, signal.SIGKILL)
            running.wait(DEADLINE_S)
        passed = {event["id"] for event in events_in(self.file) if event["event"] == "verdict"}
        again = Run("--launch", mutant("none"), *SOME, "--rerun", self.file)
        listed = subprocess.run([FRAMESPEC, "list", *SOME], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
        every = set(listed.stdout.split())
        self.assertEqual(again.code, 0, again)
        self.assertEqual(self.ids(again) - self.controls(again), every - passed - self.controls(again))

    def test_files_that_say_nothing_of_the_run(self):
        self.keep(Run("--launch", mutant("none"), "--dialect", "int32", "--filter", "length/*/whole/empty"))
        for file, dialect, sentence in ((self.folder / "missing", "int32", "No such file"),
                                        (self.file, "int64", "it is a run of other dialects than --dialect"),
                                        (self.folder, "int32", "is a directory")):
            done = subprocess.run([FRAMESPEC, "run", "--launch", mutant("none", dialect), "--dialect", dialect, "--rerun", file],
                                  capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
            self.assertIn(f"--rerun {file}", done.stderr)
            self.assertIn(sentence, done.stderr)


if __name__ == "__main__":
    unittest.main()

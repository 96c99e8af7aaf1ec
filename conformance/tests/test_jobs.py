"""--jobs: what several checks in flight come to is what they come to one after the other."""

import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import (DEADLINE_S, FRAMESPEC, HERE, SHORT, Run, a_test_for_each, descendants, events_in, mutant,
                               python_testee, wait_until)

JOBS = "8"
FEW = ("--filter", "segmentation/*", "--filter", "coalescing/*", "--filter", "length/*/whole/*", "--exclude", "*/l*",
       "--exclude", "*/more_than_*", "--exclude", "*/high_byte_counts*", "--exclude", "*/ten_thousand*", "--exclude", "*/cuts-*/*",
       "--exclude", "*/random-*/*", "--exclude", "*/cut_at-??/*")
BESIDE = ("--filter", "concurrency/*", "--filter", "liveness/*reset*", "--filter", "segmentation/*/one_frame", "--filter",
          "end_of_stream/*/one_frame")

# The defect of a server, with the cases to run on it.
SAME = {
    "none": ("none", FEW + BESIDE),
    "wrong_when_cut": ("prefix_in_one_recv", FEW),
    "wrong_when_joined": ("leftovers_lost", FEW),
    "works_without_end": ("minus_four_spins", ("--filter", "length/*/whole/negative-*", "--filter", "segmentation/*/one_frame")),
    "hangs": ("silent_on_error", ("--filter", "length/*/negative-*", "--filter", "segmentation/*/one_frame")),
    "keeps_what_is_left": ("shared_buffer", ("--filter", "concurrency/*/nothing_left_behind-3", "--filter",
                                             "segmentation/*/one_frame")),
}


def verdicts(run):
    return [(plan["id"], plan["role"], plan["verdict"], plan["proof"]["state"]) for plan in run.plans()]


def findings(run):
    return [(finding["case"], finding["unsplit"], finding["verdict"], finding.get("minimal", {}).get("id"))
            for finding in run.report["dialects"][0]["findings"]]


def run_on(launch, *more):
    return Run("--launch", launch, "--dialect", "int32", *SHORT, *more)


def in_flight_max(run):
    return next(event["in_flight_max"] for event in run.events if event["event"] == "dialect_ended")


class Jobs(unittest.TestCase):
    maxDiff = None

    def comes_to_the_same(self, what):
        defect, cases = what
        serial = self.comes_to_what_it_does_alone(mutant(defect), cases)
        self.assertEqual(serial.code, int(defect != "none"), serial)

    def comes_to_what_it_does_alone(self, launch, cases):
        serial, side_by_side = (run_on(launch, *cases, "--jobs", jobs) for jobs in ("1", JOBS))
        self.assertEqual(verdicts(side_by_side), verdicts(serial), side_by_side)
        self.assertEqual(findings(side_by_side), findings(serial), side_by_side)
        self.assertEqual(side_by_side.code, serial.code, side_by_side)
        self.assertEqual((in_flight_max(serial), in_flight_max(side_by_side)), (1, int(JOBS)))
        return serial

    def test_one_that_mixes_connections_up_is_not_accused_of_what_none_does_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            launch = f"{python_testee(HERE / 'meeting_server.py')} {folder}/most --one-buffer"
            cases = ("--filter", "segmentation/*", "--exclude", "*/l*")
            serial = self.comes_to_what_it_does_alone(launch, cases)
            self.assertEqual(serial.code, 0, serial)
            restarts = run_on(launch, *cases, "--jobs", JOBS).report["dialects"][0]["testee_restarts"]
            self.assertGreater(restarts["after_flight"], 0)

    def test_one_that_dies_in_flight_is_accused_of_what_kills_it_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            launch = f"{python_testee(HERE / 'meeting_server.py')} {folder}/most --dies-of-nothing"
            serial = self.comes_to_what_it_does_alone(launch, ("--filter", "segmentation/*", "--exclude", "*/l*"))
            self.assertEqual(serial.cases("fail"), {"segmentation/empty_frame", "segmentation/empty_between"}, serial)

    def test_connections_are_open_together(self):
        most = {}
        for jobs in ("1", JOBS):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "most"
                run = run_on(f"{python_testee(HERE / 'meeting_server.py')} {file}", "--filter", "segmentation/*",
                             "--exclude", "*/l*", "--jobs", jobs)
                self.assertEqual(run.code, 0, run)
                most[jobs] = int(file.read_text())
        self.assertGreaterEqual(most[JOBS], int(JOBS))
        self.assertLess(most["1"], int(JOBS))

    def test_a_server_that_serves_one_after_the_other_is_asked_one_by_one(self):
        run = run_on(mutant("serial"), "--filter", "segmentation/*/one_frame", "--jobs", JOBS)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(in_flight_max(run), 1)
        self.assertIn("one check at a time, and not 8: it did not answer on a second connection", run.stdout)

    def test_a_client_has_one_connection(self):
        run = Run("--client", "true", "--dialect", "int32", "--jobs", "2")
        self.assertEqual(run.code, 2, run)
        self.assertIn("--jobs is for servers", run.stderr)

    def is_ended(self, end, *more):
        """A run that is ended in flight tells so, leaves out the rest, and leaves nobody behind."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "events.ndjson"
            process = subprocess.Popen(
                [FRAMESPEC, "run", "--launch", mutant("none"), "--dialect", "int32", "--jobs", JOBS, "--events", file, *more],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            end(process, file)
            output, _ = process.communicate(timeout=DEADLINE_S)
            self.assertEqual(process.returncode, 3, output)
            ended = events_in(file)[-1]
            self.assertEqual((ended["event"], ended["interrupted"]), ("ended", True), output)
            reasons = {event["reason"] for event in events_in(file) if event.get("verdict") == "not_run"}
            self.assertIn("interrupted", reasons)
        self.assertEqual(descendants(), [])

    def test_ctrl_c_ends_it(self):
        def interrupt(process, file):
            wait_until(lambda: any(event["event"] == "attempt" and event["role"] == "variant" for event in events_in(file)))
            os.kill(process.pid, signal.SIGINT)
        self.is_ended(interrupt)

    def test_the_limit_of_the_run_ends_it(self):
        self.is_ended(lambda process, file: None, "--run-limit", "1")


a_test_for_each(Jobs.comes_to_the_same, SAME, of=6)


if __name__ == "__main__":
    unittest.main()

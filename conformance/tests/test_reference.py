"""The reference server passes everything of the article's three dialects."""

import json
import os
import shlex
import subprocess
import tempfile
import unittest

from framespec_process import HERE, Run

SERVER = os.environ["FRAMESPEC_SERVER"]
LAUNCH = (f"{shlex.quote(SERVER)} --listen 127.0.0.1:{{port}} --dialect {{dialect}} "
          "--max-payload {max_payload} --service echo --log-level error")
SCHEMA = HERE.parent / "schemas" / "report.schema.json"


class OfDialects:
    """What holds of a run over `dialects`."""

    dialects = ()
    filters = ()

    @classmethod
    def setUpClass(cls):
        cls.run_ = Run("--launch", LAUNCH, "--dialect", ",".join(cls.dialects), *cls.filters)

    def test_everything_passes(self):
        self.assertEqual(self.run_.code, 0, self.run_)
        self.assertEqual({plan["verdict"] for plan in self.run_.judged()}, {"pass"}, self.run_)
        self.assertEqual(tuple(each["name"] for each in self.run_.report["dialects"]), self.dialects)

    def test_every_split_was_proven(self):
        split = [plan for plan in self.run_.plans() if plan["proof"]["segments"] > 1]
        self.assertGreater(len(split), 10 if self.filters else 1000)
        for plan in split:
            self.assertEqual(plan["proof"]["state"], "proven", plan)

    def test_sanity_comes_first_and_last(self):
        for dialect in self.run_.report["dialects"]:
            self.assertEqual(dialect["plans"][0]["role"], "sanity_first")
            self.assertEqual(dialect["plans"][-1]["role"], "sanity_last")

    def test_the_report_is_as_its_schema_says(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as report:
            json.dump(self.run_.report, report)
            report.flush()
            # Debian's own Python, because python3-jsonschema belongs to it.
            checked = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"),
                                      str(SCHEMA), report.name], capture_output=True, text=True,
                                     check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


class Int32(OfDialects, unittest.TestCase):
    dialects = ("int32",)


class Int64(OfDialects, unittest.TestCase):
    dialects = ("int64",)


class Json(OfDialects, unittest.TestCase):
    dialects = ("json",)


class AllInOneRun(OfDialects, unittest.TestCase):
    dialects = ("int32", "int64", "json")
    filters = ("--filter", "segmentation/*/one_byte", "--filter", "memory/*", "--filter", "concurrency/*")


class TheTimeOfAFrame(unittest.TestCase):
    FILTERS = ("--filter", "timing/*", "--filter", "segmentation/*/whole/one_frame")

    def test_without_the_option_it_is_listed_as_not_run(self):
        run = Run("--launch", LAUNCH, "--dialect", "int32", *self.FILTERS)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.cases("not_run"), {"timing/unfinished_frame", "timing/just_in_time", "timing/dribbled_frame",
                                                "timing/frame_after_frame"}, run)
        self.assertIn("(--frame-timeout S says it)", run.stdout)

    def test_the_reference_keeps_it(self):
        run = Run("--launch", LAUNCH + " --frame-timeout 1", "--dialect", "int32,json", "--frame-timeout", 1,
                  "--thorough", *self.FILTERS)
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.plans()}, {"pass"}, run)

    def test_what_repeats_a_finding_says_it_too(self):
        run = Run("--launch", LAUNCH + " --frame-timeout 60", "--dialect", "int32", "--frame-timeout", 1, *self.FILTERS)
        self.assertEqual(run.cases("nonstrict"), {"timing/unfinished_frame"}, run)
        self.assertIn(" --frame-timeout 1 --filter timing/int32/whole/unfinished_frame", run.stdout)


class RunningServer(unittest.TestCase):
    """One that is not ours to stop, or to look into, passes all the same."""

    # What is joined, what watches the testee, what resets, and a frame with one cut.
    FILTERS = [word for glob in ("*/forced_coalescing/*", "memory/*", "concurrency/*", "liveness/*/whole/*",
                                 "segmentation/*/cut_at-*/one_frame") for word in ("--filter", glob)]
    NEEDS_LAUNCH = {"memory/announced_above_limit", "memory/bytes_behind_too_large", "memory/announced_by_many",
                    "memory/announced_within_limit", "memory/reserved_by_many", "memory/fragments",
                    "memory/released", "memory/linear_work", "concurrency/descriptors",
                    "coalescing/large_then_small"}

    def run_at(self, address, *filters):
        with subprocess.Popen([SERVER, "--listen", address, "--dialect", "int32", "--log-level", "error"],
                              stdout=subprocess.PIPE, text=True) as server:
            try:
                listens_on = server.stdout.readline().split()[-1]
                return Run("--server", listens_on if "unix:" not in address else address,
                           "--dialect", "int32", *filters)
            finally:
                server.terminate()

    def expect_a_pass(self, address, beside=()):
        run = self.run_at(address, *self.FILTERS)
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.plans()}, {"pass", "not_run"}, run)
        self.assertLessEqual(self.NEEDS_LAUNCH | set(beside), run.cases("not_run"), run)
        self.assertIn("needs --launch", run.stdout)
        return run

    def test_over_ipv4(self):
        self.expect_a_pass("127.0.0.1:0")

    def test_over_ipv6(self):
        self.expect_a_pass("[::1]:0")

    def test_over_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as folder:
            run = self.expect_a_pass(f"unix:{folder}/socket", {"liveness/after_reset_in_frame"})
        self.assertIn("segmentation/one_frame", run.cases("pass"))


if __name__ == "__main__":
    unittest.main()

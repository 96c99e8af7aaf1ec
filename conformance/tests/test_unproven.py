"""Where the kernel's proof is to be had elsewhere, it is had there; where it is not, why, and what may be accepted."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from capabilities import CAP_SYS_ADMIN, CAP_SYS_PTRACE
from framespec_process import DEADLINE_S, FRAMESPEC, HERE, Run

SERVER = [sys.executable, str(HERE / "small_server.py")]
SPLIT = ("--filter", "segmentation/*/cut_at-*/one_frame", "--dialect", "int32")
NOT_ALLOWED = 125  # of two_namespaces.py
NOTHING_DROPPED = -1


def states(report):
    """Of the proofs of split checks."""
    return {plan["proof"]["state"] for dialect in report["dialects"] for plan in dialect["plans"]
            if plan["role"] == "variant"}


class OtherNamespace(unittest.TestCase):
    def run_beside(self, dropped):
        """(exit code, summary, report) of a run on a right server in another network namespace, without that right;
        a code of 125 where this machine makes none."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            own = [] if os.geteuid() == 0 else ["--map-root-user"]
            try:
                done = subprocess.run(
                    ["unshare", *own, "--net", "--", sys.executable, str(HERE / "two_namespaces.py"), str(dropped),
                     *SERVER, "7000", "--host", "192.0.2.2", "--", FRAMESPEC, "run", "--server", "192.0.2.2:7000", *SPLIT,
                     "--json", str(report)],
                    stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            except FileNotFoundError as problem:
                return NOT_ALLOWED, str(problem), None
            if not report.exists():
                self.assertIn(done.returncode, (NOT_ALLOWED, 1), done)
                self.assertNotEqual(done.stderr, "", done)
                return NOT_ALLOWED, done.stderr, None
            return done.returncode, done.stdout, json.loads(report.read_text())

    def test_a_testee_there_is_proven_where_the_rights_allow_it(self):
        code, text, report = self.run_beside(NOTHING_DROPPED)
        if report is None:
            self.check_here(text)
            return
        self.assertEqual(code, 0, text)
        self.assertEqual(states(report), {"proven"}, text)
        self.assertIn("proven to have been taken by ", text)

    def test_without_the_right_the_reason_names_it(self):
        code, text, report = self.run_beside(CAP_SYS_ADMIN)
        if report is None:
            self.check_here(text)
            return
        self.assertEqual(code, 3, text)
        self.assertEqual(states(report), {"paced"}, text)
        self.assertIn("we may not look there: /proc/", text)
        self.assertIn("(setns: Operation not permitted, which needs CAP_SYS_ADMIN)", text)

    def check_here(self, why_not):
        """Where no namespace can be made: the same server in ours is proven, and the machine said why not."""
        self.assertNotEqual(why_not, "")
        run = Run("--launch", " ".join([*SERVER, "{port}"]), *SPLIT)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(states(run.report), {"proven"}, run)


class Accepted(unittest.TestCase):
    """On a unix socket whose holder may not be looked into: no right is needed to make that so."""

    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.path = f"{folder}/socket"

    def run_on_hidden(self, *arguments, naive=False):
        command = [*SERVER, "0", "--host", self.path, "--hidden", *(["--naive"] if naive else [])]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as server:
            try:
                self.assertEqual(server.stdout.readline(), "listening on 0\n")
                return Run("--server", f"unix:{self.path}", *SPLIT, *arguments, without=CAP_SYS_PTRACE)
            finally:
                server.kill()
                os.unlink(self.path)

    def test_what_is_paced_stays_inconclusive_whatever_is_accepted(self):
        plain, accepted = self.run_on_hidden(), self.run_on_hidden("--accept", "paced")
        for run, code, accept in ((plain, 3, []), (accepted, 0, ["paced"])):
            self.assertEqual(run.code, code, run)
            self.assertEqual(run.report["exit"]["code"], code, run)
            self.assertEqual(run.report["accept"], accept, run)
            self.assertEqual({plan["verdict"] for plan in run.plans() if plan["role"] == "variant"}, {"inconclusive"})
            self.assertEqual(states(run.report), {"paced"}, run)
            self.assertRegex(run.stdout, r"\d+ inconclusive \(paced\)\n")
            self.assertIn("inconclusive (paced)  int32: ", run.stdout)
        self.assertIn("INCOMPLETE", plain.stdout)
        self.assertRegex(accepted.stdout.splitlines()[-1], r"^ACCEPTED in .*: \d+ required checks are inconclusive "
                         r"\(paced\), which --accept paced lets be; all others passed$")
        self.assertNotIn("PASS", accepted.stdout)

    def test_a_failure_is_one_all_the_same_and_is_repeated_with_it(self):
        run = self.run_on_hidden("--accept", "paced", "--filter", "length/*/whole/negative-minus_one", naive=True)
        self.assertEqual(run.code, 1, run)
        self.assertIn("length/negative", run.cases("fail"), run)
        self.assertIn("--accept paced --filter", run.stdout)

    def test_a_pace_does_without_the_proof_that_could_be_had(self):
        run = self.run_here("--pace", "1.5")
        self.assertEqual(run.code, 3, run)
        self.assertEqual(states(run.report), {"paced"}, run)
        self.assertEqual({plan["verdict"] for plan in run.plans() if plan["role"] == "variant"}, {"inconclusive"}, run)
        self.assertEqual(run.report["pace_us"], 1500, run)
        self.assertIn("no proof was asked for", run.stdout)
        self.assertEqual(states(self.run_here().report), {"proven"})

    def test_a_pace_is_nobodys_silence(self):
        run = self.run_here("--pace", "300", "--time-limit", "0.1", "--accept", "paced")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(states(run.report), {"paced"}, run)

    def test_a_failure_without_proof_is_one_and_is_repeated_without_it(self):
        run = self.run_here("--pace", "200", naive=True)
        self.assertEqual(run.code, 1, run)
        self.assertIn("--pace 200 --filter", run.stdout)

    @staticmethod
    def run_here(*more, naive=False):
        return Run("--launch", shlex.join([*SERVER, *(["--naive"] if naive else [])]) + " {port}", *SPLIT, *more)

    def test_nothing_else_can_be_accepted(self):
        done = subprocess.run([FRAMESPEC, "run", "--launch", "x {port}", "--dialect", "int32", "--accept", "anything"],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("--accept", done.stderr)


if __name__ == "__main__":
    unittest.main()

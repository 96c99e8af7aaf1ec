"""Cases that came with a release: --cases leaves out newer ones, and failures of new ones are told apart."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, Run, mutant


def case(name, payload, **more):
    return {"name": name, "title": "A frame is answered.", "why": "none", "rules": ["SEG-2"],
            "steps": [{"send": [{"frame": payload}]}, {"expect": "frames"}], **more}


class Releases(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.suite = self.folder / "own.json"
        # An empty frame is what the planted defect takes for the end.
        self.write(case("first", "a"), case("second", "", since="0.2"), case("third", "c", since="0.10"))

    def write(self, *cases, since="0.1"):
        self.suite.write_text(json.dumps({"area": "own", "title": "t", "since": since, "cases": cases}))

    def run_it(self, defect, *options):
        return Run("--launch", mutant(defect), "--dialect", "int32", "--suites", self.suite, *options)

    def verdicts(self, run):
        return {plan["case"].split("/")[1]: plan["verdict"] for plan in run.plans() if plan["role"] == "control"}

    def test_newer_cases_are_named_and_not_run(self):
        run = self.run_it("zero_is_end", "--cases", "0.1")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(self.verdicts(run), {"first": "pass", "second": "not_run", "third": "not_run"})
        self.assertIn("it came with 0.2, and the cases of 0.1 are asked for (--cases)", run.stdout)
        # By number, and not by letter.
        run = self.run_it("none", "--cases", "0.9")
        self.assertEqual(self.verdicts(run), {"first": "pass", "second": "pass", "third": "not_run"})
        self.assertEqual(run.report["dialects"][0]["cases"]["own/second"]["since"], "0.2")

    def test_who_names_a_newer_one_has_it_run(self):
        run = self.run_it("none", "--cases", "0.1", "--filter", "own/int32/whole/second")
        self.assertEqual(self.verdicts(run), {"second": "pass"}, run)

    def test_failures_of_new_cases_are_told_apart(self):
        self.write(case("first", ""), case("second", "", since="0.2"))
        run = self.run_it("zero_is_end")
        self.assertEqual(run.code, 1, run)
        # It has the cause of an older one, and so that one speaks for it.
        self.assertIn("  alike     own/second (new in 0.2)\n", run.stdout)
        self.assertIn("2 required checks failed, 1 of them of cases that are new in 0.2", run.stdout)

        self.write(case("first", "a"), case("second", "", since="0.2"))
        run = self.run_it("zero_is_end")
        self.assertRegex(run.stdout, r"^FAIL +int32 · own/second  unsplit \(new in 0\.2\)\n")
        self.assertIn("1 required check failed, all of cases that are new in 0.2 ", run.stdout)

    def test_where_all_came_together_none_is_new(self):
        self.write(case("first", "a"), case("second", ""))
        run = self.run_it("zero_is_end")
        self.assertEqual(run.code, 1, run)
        self.assertNotIn("new in", run.stdout)

    def test_what_is_no_release(self):
        for wrong in ("0", "0.1.0", "a.b", "0.01", "-1.0", "0.", ""):
            done = subprocess.run([FRAMESPEC, "list", "--dialect", "int32", "--cases", wrong], capture_output=True, text=True,
                                  timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
        self.write(case("first", "a", since="1"))
        done = subprocess.run([FRAMESPEC, "list", "--dialect", "int32", "--suites", self.suite], capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("$.cases[0].since: \"1\" is no release, such as \"0.1\"", done.stderr)

    def test_cases_of_a_release_that_is_still_to_come(self):
        version = subprocess.run([FRAMESPEC, "--version"], capture_output=True, text=True, timeout=DEADLINE_S, check=True).stdout
        version = version.split()[1]
        major, minor, _ = version.split(".")
        done = subprocess.run([FRAMESPEC, "list", "--dialect", "int32", "--cases", f"{major}.{int(minor) + 1}"], capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)
        self.assertIn(f"this is framespec {version}, which has none of them", done.stderr)


if __name__ == "__main__":
    unittest.main()

"""A run compared with an earlier one (report --against): what fails and passes newly, which cases are new and gone."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, Run, mutant, pasted

SOME = ("--dialect", "int32", "--filter", "segmentation/*/one_byte", "--filter", "length/*/whole/empty")


class Against(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.runs = {}
        for name, defect, options in (("right", "none", SOME), ("split", "prefix_in_one_recv", SOME), ("zero", "zero_is_end", SOME),
                                      ("few", "none", SOME[:4])):
            cls.runs[name] = Run("--launch", mutant(defect), *options)
            cls.write(name, cls.runs[name].events)

    @classmethod
    def write(cls, name, events):
        (cls.folder / name).write_text("".join(json.dumps(event) + "\n" for event in events))

    def compare(self, later, earlier, *options):
        return subprocess.run([FRAMESPEC, "report", self.folder / later, "--against", self.folder / earlier, *options],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)

    def test_the_same_is_not_worse(self):
        for name in ("right", "split"):
            done = self.compare(name, name)
            self.assertEqual((done.returncode, done.stdout), (0, f"NOT WORSE than {self.folder / name}\n"), done)

    def test_what_fails_newly(self):
        done = self.compare("split", "right")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stdout, r"^newly failing  int32 · segmentation/one_byte  \d+ fail \(since 0\.1\)\n")
        failed = len(self.runs["split"].plans("fail"))
        self.assertTrue(done.stdout.endswith(f"WORSE than {self.folder / 'right'}: {failed} required checks fail newly\n"), done)
        command = next(line.split(None, 1)[1] for line in done.stdout.splitlines() if line.startswith("  again"))
        self.assertEqual(pasted(command).returncode, 1)

    def test_what_passes_newly(self):
        done = self.compare("right", "zero")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, r"^newly passing  int32 · length/empty  1 pass ")
        self.assertNotIn("newly failing", done.stdout)

    def test_one_defect_for_another_is_worse(self):
        done = self.compare("zero", "split")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("newly failing  int32 · length/empty", done.stdout)
        self.assertIn("newly passing  int32 · segmentation/one_byte", done.stdout)

    def test_cases_that_are_new_or_gone(self):
        done = self.compare("right", "few")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, r"^new case       int32 · length/empty  1 pass \(since 0\.1\)\n\nNOT WORSE")
        done = self.compare("few", "right")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, r"^gone case      int32 · length/empty  1 pass \(since 0\.1\)\n\nNOT WORSE")

    def test_what_a_new_case_finds_is_told_and_is_not_worse(self):
        done = self.compare("zero", "few")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, r"new case       int32 · length/empty  1 fail \(since 0\.1\)\n  came ")
        self.assertTrue(done.stdout.endswith(": 1 case that it does not have fails, which changes nothing\n"), done)

    def test_a_known_failure_is_told_and_is_not_worse(self):
        events = json.loads(json.dumps(self.runs["zero"].events))
        (kind,) = {event["failure"]["kind"] for event in events if event.get("verdict") == "fail" and "failure" in event}
        events[0]["known_failing"] = {"file": "known", "entries": [{"line": 2, "cases": "length/*", "failure": kind, "reason": "old"}]}
        for event in events:
            if event.get("verdict") == "fail":
                event["known"] = 2 if event["event"] == "verdict" else [2]
        self.write("known", events)
        done = self.compare("known", "right")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("newly failing  int32 · length/empty  1 fail (known)", done.stdout)
        done = self.compare("zero", "known")
        self.assertEqual(done.returncode, 1, done)

    def test_a_run_that_did_not_end_is_not_passed(self):
        events = self.runs["right"].events
        self.write("killed", events[:len(events) // 2])
        self.assertEqual(self.compare("killed", "right").returncode, 3)

    def test_as_a_table(self):
        out = self.folder / "comparison.md"
        done = self.compare("split", "right", "--markdown", out)
        self.assertEqual(done.returncode, 1, done)
        self.assertTrue(done.stdout.startswith("newly failing"), done)
        lines = out.read_text().splitlines()
        self.assertRegex(lines[0], r"^\*\*framespec:\*\* WORSE than ")
        self.assertEqual(lines[2:4], ["| | case | checks | again |", "| --- | --- | --- | --- |"])
        self.assertRegex(lines[4], r"^\| newly failing \| int32 · segmentation/one_byte \| \d+ fail \(since 0\.1\) \| `.*` \|$")
        self.assertEqual(len(lines), 5)
        shown = self.compare("split", "right", "--markdown", "-")
        self.assertEqual((shown.returncode, shown.stdout), (1, out.read_text()), shown)

    def test_the_verdict_is_plain_whatever_the_file_is_called(self):
        self.write("right_", self.runs["right"].events)
        shown = self.compare("right", "right_", "--markdown", "-")
        self.assertEqual((shown.returncode, shown.stdout), (0, f"**framespec:** NOT WORSE than `{self.folder / 'right_'}`\n"), shown)

    def test_what_is_no_comparison(self):
        for arguments, sentence in ((("--markdown", "-"), "--markdown requires --against"),
                                    (("--against", self.folder / "missing"), "--against "),
                                    (("--against", self.folder / "right", "--markdown", self.folder / "right"),
                                     "--against and --markdown name the same file"),
                                    (("--against", self.folder / "right", "--markdown", "-", "--json", "-"),
                                     "both name standard output")):
            done = subprocess.run([FRAMESPEC, "report", self.folder / "split", *arguments], capture_output=True, text=True,
                                  timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
            self.assertIn(sentence, done.stderr)


if __name__ == "__main__":
    unittest.main()

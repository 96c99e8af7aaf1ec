"""The command shown with a failure can be pasted, and shows the failure again."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, TESTEES, Run, mutant, pasted, python_testee

LAUNCH = python_testee(TESTEES / "odd" / "odd_server.py", "--manner", "prefix_in_one_recv")

OWN_SUITE = """{"area": "own", "title": "t", "cases": [{"name": "one", "title": "A frame is answered.", "why": "none",
  "rules": ["SEG-2"], "steps": [{"send": [{"frame": "x"}]}, {"expect": "frames"}]}]}"""


def command_in(summary):
    return re.search(r"^ +again +(.*)$", summary, re.MULTILINE).group(1)


class Again(unittest.TestCase):
    def run_it(self, *arguments, program=FRAMESPEC, **more):
        done = subprocess.run([program, "run", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False, **more)
        self.assertEqual(done.returncode, 1, done)
        return command_in(done.stdout)

    def test_pasted_it_fails_again_with_the_same_options(self):
        options = ["--time-limit", "1.5", "--start-limit", "50", "--seed", "7", "--max-payload", "1000000"]
        command = self.run_it("--launch", LAUNCH, "--dialect", "int32", "--filter",
                              "segmentation/*/cut_at-*/one_byte", *options)
        self.assertTrue(command.startswith(f"{FRAMESPEC} run --launch "), command)
        for option, value in zip(options[::2], options[1::2]):
            self.assertIn(f" {option} {value} ", command)
        again = pasted(command)
        self.assertEqual(again.returncode, 1, again)
        self.assertEqual(command_in(again.stdout), command)

    def test_options_left_alone_are_left_out(self):
        command = self.run_it("--launch", LAUNCH, "--dialect", "int32", "--filter",
                              "segmentation/int32/cut_at-1/one_byte")
        self.assertEqual(re.findall(r" (--[a-z-]+)", command.replace(LAUNCH, "")),
                         ["--launch", "--dialect", "--filter"], command)

    def test_so_does_the_sanity_check_whether_or_not_the_suites_have_it(self):
        own = Path(self.enterContext(tempfile.TemporaryDirectory())) / "own's.json"
        own.write_text(OWN_SUITE)
        for options in (["--max-payload", "3"], ["--suites", own], ["--suites", own, "--max-payload", "1"]):
            with self.subTest(options=options):
                run = Run("--launch", mutant("none", "json"), "--dialect", "int32", "--time-limit", "1", *options)
                self.assertEqual(run.code, 1, run)
                (command,) = run.commands()
                self.assertTrue(command.endswith(" --filter sanity/int32/whole/echo"), run)
                again = pasted(command)
                self.assertEqual(again.returncode, 1, again)
                self.assertIn(command, again.stdout)

    def test_the_program_is_named_as_it_was_called(self):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "with space"
            place.mkdir()
            (place / "framespec").symlink_to(os.path.abspath(FRAMESPEC))
            command = self.run_it("--launch", LAUNCH, "--dialect", "int32", "--filter",
                                  "segmentation/int32/cut_at-1/one_byte", program="./with space/framespec",
                                  cwd=folder)
            self.assertTrue(command.startswith("'./with space/framespec' run"), command)
            self.assertEqual(pasted(command, cwd=folder).returncode, 1, command)


if __name__ == "__main__":
    unittest.main()

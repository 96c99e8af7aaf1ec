"""What reaches the user's terminal: of a testee's words no control, of its output what names the cause, and of a run that
stands still what it waits for."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, Run, python_testee
from pseudo_terminal import shown_on

SERVER = HERE / "loud_server.py"
EMPTY = ("--dialect", "int32", "--filter", "length/int32/whole/empty")
# All is to be written before the testee is given up, however slowly it is read.
PATIENT = ("--time-limit", "300")
HIDDEN = "[^\n\t -~\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u23ff]"  # of what framespec itself shows


def loud(*arguments):
    return python_testee(SERVER, *arguments)


def testee_output(run):
    return run.finding("length/empty", unsplit=True), next(
        plan["testee_output"] for plan in run.plans("fail") if plan["case"] == "length/empty")


def framespec(*arguments):
    return subprocess.run([FRAMESPEC, *map(os.fsencode, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=DEADLINE_S, check=False)


def on_a_terminal(*arguments, columns=300):
    """All that a run writes to a terminal of so many columns while it goes on."""
    return shown_on("stderr", ("run", *arguments), columns, {"NO_COLOR": "1"})[1]


class Foreign(unittest.TestCase):
    def check(self, text):
        self.assertIsNone(re.search(HIDDEN, text), ascii(text))

    def test_nothing_that_a_testee_writes_is_a_control(self):
        run = Run("--launch", loud("--says", "controls"), *EMPTY)
        self.assertEqual(run.code, 1, run)
        self.check(run.stdout + run.stderr)
        shown = (r"\x1b[31mred\x1b[0m \x9b31m \xc2\x9b31m \xe2\x80\xaegpj.exe \xe2\x80\x8b \xef\xbb\xbf \xc0\x9b \xff \x00\x07 "
                 r"\x7f\x0dforged: PASS")
        self.assertIn(f"  testee    {shown}\n", run.stdout)
        self.assertIn(shown, testee_output(run)[1])
        self.assertNotIn("\u2028", json.dumps(run.report, ensure_ascii=False))

    def test_nor_of_one_that_does_not_start(self):
        run = Run("--launch", loud("--says", "controls", "--at-start"), *EMPTY)
        self.assertEqual(run.code, 3, run)
        self.check(run.stdout + run.stderr)
        self.assertIn(r"\x9b31m", run.report["dialects"][0]["problem"]["output"])

    def test_nor_of_a_command_or_a_name_on_the_command_line(self):
        for arguments in ((b"run", b"--server", b"unix:/tmp/\x9b31m\xc2\x9b\x1b[31m", b"--dialect", b"int32"),
                          (b"run", b"--server", b"\x1b[31m\x9b", b"--dialect", b"int32"),
                          (b"run", b"--launch", b"exit 7 # \x1b[31m \x9b31m \xe2\x80\xae {port}", b"--dialect", b"int32"),
                          (b"run", b"--launch", b"x {port}", b"--dialect", b"\x1b[31m\x9b\xe2\x80\xae"),
                          (b"run", b"--launch", b"x {port}", b"--dialect", b"int32", b"--filter", b"a/b/c/\x1b[31m\x9b"),
                          (b"run", b"--launch", b"x {port}", b"--dialect", b"int32", b"--suites", b"/\x1b[31m\x9b"),
                          (b"run", b"--launch", b"x {port}", b"--dialect", b"int32", b"--json", b"/\x1b[31m\x9b/x"),
                          (b"run", b"--launch", b"x {port}", b"--dialect", b"int32", b"--seed", b"\x1b[31m\x9b"),
                          (b"\x1b[31m\x9b",), (b"explain", b"\x1b[31m\x9b"), (b"explain", b"a/int32/b/\x1b[31m\x9b")):
            with self.subTest(arguments):
                done = framespec(*arguments)
                self.assertGreater(done.returncode, 0, done)
                self.check((done.stdout + done.stderr).decode())

    def test_nor_of_a_suite(self):
        hidden = "\u001b[31m\u009b\u202e\u2028\u007f\n"
        step = [{"send": [{"frame": "x", "filename": "f" + hidden}], "on": "c"}, {"expect": "frames", "on": "c"}]
        suite = {"area": "own", "title": hidden, "cases": [
            {"name": "right", "title": "T" + hidden, "why": "W" + hidden, "rules": ["SEG-2"],
             "steps": [{"open": "c"}, *step]}]}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "own.json"
            file.write_text(json.dumps(suite))
            chosen = ("--dialect", "json", "--suites", str(file))
            for arguments in (("list", *chosen), ("list", "--json", *chosen), ("explain", "own/json/whole/right", *chosen),
                              ("run", "--launch", loud(), "--time-limit", "0.5", *chosen)):
                with self.subTest(arguments):
                    done = framespec(*arguments)
                    self.check((done.stdout + done.stderr).decode())
                    if arguments[0] in ("list", "explain"):
                        self.assertEqual(done.returncode, 0, done)
                    if "--json" in arguments:
                        self.assertEqual(json.loads(done.stdout)["title"], "T" + hidden)
            file.write_bytes(json.dumps(suite).replace("steps", "st\\u001b\\u009beps").encode() + b"\x9b")
            self.check(framespec("list", *chosen).stderr.decode())


class Output(unittest.TestCase):
    def test_the_line_that_names_the_cause_is_there(self):
        run = Run("--launch", loud("--says", "trace"), *EMPTY)
        lines = testee_output(run)[1].split("\n")
        self.assertEqual(lines[3], "RangeError: Invalid typed array length: 4294967295", run)
        self.assertEqual(lines[8], "... 49 more lines ...", run)
        self.assertEqual(lines[-1], "Node.js v18.19.0", run)
        self.assertIn("            RangeError: Invalid typed array length: 4294967295\n", run.stdout)

    def test_also_between_a_megabyte_and_a_hundred_thousand_lines(self):
        run = Run("--launch", loud("--says", "trace_and_junk"), *EMPTY, *PATIENT)
        shown = testee_output(run)[1]
        self.assertIn("\nRangeError: Invalid typed array length: 4294967295\n", shown, run)
        self.assertIn("\nwarning: again  (100000 times)\n", shown, run)
        self.assertTrue(shown.endswith("\nNode.js v18.19.0"), run)
        self.assertLess(len(shown), 2000, run)

    def test_a_million_lines_are_few(self):
        shown = testee_output(Run("--launch", loud("--says", "much"), *EMPTY, *PATIENT))[1].split("\n")
        self.assertEqual(shown[0], "line 0")
        self.assertEqual(shown[8], "... 999984 more lines ...")
        self.assertEqual(shown[-1], "line 999999")

    def test_so_it_is_of_one_that_does_not_start(self):
        run = Run("--launch", loud("--says", "trace", "--at-start"), *EMPTY)
        self.assertIn("\nRangeError: Invalid typed array length", run.report["dialects"][0]["problem"]["output"], run)
        self.assertIn("            RangeError: Invalid typed array length", run.stdout)


class Waiting(unittest.TestCase):
    def test_a_wait_says_for_what_and_goes_on(self):
        shown = on_a_terminal("--launch", loud("--silent"), *EMPTY, "--time-limit", "4")
        seconds = re.findall(r"waiting (\d+) s for an answer in length/int32/whole/empty\x1b\[K", shown)
        self.assertGreater(len(set(seconds)), 1, ascii(shown))
        self.assertTrue(shown.endswith("\r\x1b[K"), ascii(shown[-100:]))
        self.assertNotIn("left", shown)  # it cannot be known

    def test_so_does_the_wait_for_its_start_and_its_end(self):
        shown = on_a_terminal("--launch", "sleep 1000 {port}", *EMPTY, "--start-limit", "3")
        self.assertRegex(shown, r"waiting \d+ s for the testee to listen on 127\.0\.0\.1:\d+\x1b")
        command = f"{loud()} & trap '' TERM; while :; do sleep 0.1; done"
        self.assertRegex(on_a_terminal("--launch", command, *EMPTY), r"waiting \d+ s for the testee to end\x1b")

    def test_a_narrow_terminal_gets_one_line(self):
        shown = on_a_terminal("--launch", loud("--silent"), *EMPTY, "--time-limit", "2", columns=40)
        for line in re.findall(r"\r([^\r]*)\x1b\[K", shown):
            self.assertLess(len(line), 40, ascii(shown))
        self.assertIn("  waiting ...\x1b", shown)

    def test_a_log_is_told_every_ten_seconds(self):
        run = Run("--launch", "sleep 1000 {port}", *EMPTY, "--start-limit", "20")
        self.assertRegex(run.stderr, r"\nint32: 0/3, 0 failed, 0:[1-9]\d  waiting \d+ s for the testee to listen on 127\.0\.0\.1:\d+\n")
        self.assertNotIn("\r", run.stderr)


if __name__ == "__main__":
    unittest.main()

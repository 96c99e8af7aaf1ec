"""Text that people read: on terminals of several widths, in a log, quiet and verbose; explanations and tables of counts."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, SHORT, Run, mutant
from pseudo_terminal import shown_on

COLOUR = re.compile(r"\x1b\[\d+m")
WRONG_WHEN_CUT = ("--launch", mutant("prefix_in_one_recv"), "--dialect", "int32", "--filter", "segmentation/*/cut_at-*/one_frame", *SHORT)
CUT = "segmentation/int32/cut_at-2/one_frame"


def on_a_terminal(*arguments, columns, env=None):
    """The lines on standard output, which is a terminal of so many columns."""
    return shown_on("stdout", arguments, columns, env or {})[1].replace("\r\n", "\n").splitlines()


def framespec(*arguments):
    return subprocess.run([FRAMESPEC, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


class Widths(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.events = Path(cls.folder.name) / "run.ndjson"
        cls.run_of_all = Run(*WRONG_WHEN_CUT)
        cls.made = framespec("run", *WRONG_WHEN_CUT, "--events", cls.events)

    def commands(self):
        return (("explain", CUT), ("explain", "SEG-1"), ("explain", "length/negative"), ("list", "--dialect", "int32", "--by", "rule"),
                ("list", "--dialect", "int32", "--by", "case"), ("explain", CUT, "--events", self.events), ("report", self.events))

    def test_no_line_is_longer_than_the_terminal_is_wide(self):
        for columns in (40, 60, 80, 132):
            for command in self.commands():
                if columns < 60 and "--by" in command:
                    continue  # a table of names
                with self.subTest(command, columns=columns):
                    lines = on_a_terminal(*command, columns=columns)
                    self.assertGreater(len(lines), 5)
                    plain = [COLOUR.sub("", line) for line in lines]
                    # A command is there to be copied, the testee's words are its own, and one word has no place to be broken at.
                    long = [line for line in plain if len(line) > columns and not re.match(r" +again |  testee |  In /|  Its checks are among: ", line)
                            and max(map(len, line.split())) < columns // 2]
                    self.assertEqual(long, [])

    def test_help_is_as_wide_as_the_terminal_and_80_elsewhere(self):
        commands = re.findall(r"^  ([a-z-]+) ", framespec("--help").stdout.partition("Subcommands:")[2].partition("Exit codes:")[0], re.MULTILINE)
        self.assertIn("known-failing", commands)
        for command in [(), *((name,) for name in commands)]:
            with self.subTest(command):
                self.assertEqual([line for line in framespec(*command, "--help").stdout.splitlines() if len(line) > 80], [])
        # An example is there to be copied, and one word has no place to be broken at.
        words = [line for line in on_a_terminal("run", "--help", columns=60) if not line.startswith("   ") or len(line.split()) > 1]
        self.assertEqual([line for line in words if len(line) > 60], [])
        self.assertIn("  --events FILE               Write all that happens to this", words)

    def test_colours_are_for_a_terminal_that_wants_them(self):
        for command in self.commands():
            with self.subTest(command):
                coloured = "\n".join(on_a_terminal(*command, columns=200))
                self.assertRegex(coloured, COLOUR)
                for other in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
                    self.assertNotRegex("\n".join(on_a_terminal(*command, columns=200, env=other)), COLOUR)
                self.assertNotRegex(framespec(*command).stdout, COLOUR)

    def test_in_a_file_each_sentence_is_one_line(self):
        told = framespec("explain", CUT).stdout
        self.assertIn("\n  Remedy: Receive in a loop until the prefix is whole, and again until the payload is; one receive may bring "
                      "any part of it.\n", told)

    def test_what_a_run_found_of_a_check_is_told_with_it(self):
        told = framespec("explain", CUT, "--events", self.events)
        self.assertEqual(told.returncode, 0, told)
        self.assertTrue(told.stdout.startswith(f"{CUT}\n\n  13 00 | 00 00 68"), told)
        self.assertIn("\nFAIL       int32 · segmentation/one_frame  ", told.stdout)
        self.assertIn(f"\n  In {self.events}: fail", told.stdout)
        minimal = self.run_of_all.finding("segmentation/one_frame", unsplit=False)["minimal"]["id"]
        self.assertEqual(framespec("explain", minimal, "--events", self.events).returncode, 0)
        other = framespec("explain", "length/int32/whole/empty", "--events", self.events)
        self.assertEqual(other.returncode, 2, other)
        self.assertIn('has no check "length/int32/whole/empty"', other.stderr)

    def test_nothing_of_the_events_is_a_control(self):
        text = self.events.read_text().replace('"reason":"', '"reason":"\\u001b[31m\\u202e')
        self.assertIn("u202e", text)
        bad = self.events.with_name("bad\x1b[31m.ndjson")
        bad.write_text(text)
        told = framespec("explain", "length/int32/whole/empty", "--events", bad)
        shown = framespec("explain", CUT, "--events", bad)
        self.assertEqual(shown.returncode, 0, shown)
        self.assertIn(r"/bad\x1b[31m.ndjson: fail", shown.stdout)
        for each in (told.stdout, told.stderr, shown.stdout, shown.stderr):
            self.assertNotRegex(each, "[\x1b\u202e]")

    def test_a_run_and_a_dialect_go_with_a_check_alone(self):
        for what in ("SEG-1", "segmentation/one_byte"):
            for more in (("--events", self.events), ("--dialect", "int32")):
                done = framespec("explain", what, *more)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertIn("go with a check", done.stderr)

    def test_what_is_none_of_them_is_told_how_they_look(self):
        for wrong, told in (("SEG-99", 'there is no rule "SEG-99"'), ("length/nothing", 'there is no case "length/nothing"')):
            done = framespec("explain", wrong)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
            self.assertIn(told, done.stderr)
            self.assertIn("length/int64/cut_at-7/negative-minus_one (a check), length/negative (a case) or SEG-1 (a rule)", done.stderr)

    def test_quiet_shows_nothing_until_the_end(self):
        done = framespec("run", *WRONG_WHEN_CUT, "--quiet")
        self.assertEqual((done.returncode, done.stderr), (1, ""), done)
        self.assertIn("FAIL       int32 · segmentation/one_frame", done.stdout)

    def test_verbose_has_a_line_for_each_check(self):
        done = framespec("run", *WRONG_WHEN_CUT, "-v")
        told = re.findall(r"^(pass|fail) +(\S+/\S+/\S+/\S+)(?:  .*)?$", done.stderr, re.MULTILINE)
        judged = [(plan["verdict"], plan["id"]) for plan in self.run_of_all.judged()]
        self.assertEqual(sorted(set(told)), sorted(set(judged)), done)
        self.assertIn("  2 segments proven\n", done.stderr)
        self.assertEqual(framespec("run", *WRONG_WHEN_CUT, "-v", "-q").returncode, 2)

    def test_tables_count_what_is_listed(self):
        ids = framespec("list", "--dialect", "int32").stdout.split()
        for by in ("area", "case", "rule", "level"):
            with self.subTest(by):
                rows = [line.split() for line in framespec("list", "--dialect", "int32", "--by", by).stdout.splitlines()]
                self.assertEqual(rows[0][0], by)
                self.assertEqual(rows[-1][0], "all")
                self.assertEqual(int(rows[-1][-1]), len(ids))
        areas = {line.split()[0]: int(line.split()[2]) for line in
                 framespec("list", "--dialect", "int32", "--by", "area").stdout.splitlines()[1:-1]}
        self.assertEqual(areas, {area: sum(each.startswith(f"{area}/") for each in ids) for area in {each.split("/")[0] for each in ids}})
        self.assertEqual(framespec("list", "--dialect", "int32", "--by", "colour").returncode, 2)


if __name__ == "__main__":
    unittest.main()

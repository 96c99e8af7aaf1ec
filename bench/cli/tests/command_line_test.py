#!/usr/bin/env python3
"""What framespec-bench prints and how it ends, on the specimens.

usage: command_line_test.py FRAMESPEC-BENCH SPECIMENS_FOLDER
"""

import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import unittest

import jsonschema

from counting import why_not_countable

PROGRAM, SPECIMENS = sys.argv[1], pathlib.Path(sys.argv[2])
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "comparison.schema.json"
WHY_NOT_COUNTABLE = why_not_countable(PROGRAM)


def bench(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, **options)


def compare(a, b, *options, **more):
    return bench("compare", SPECIMENS / a, SPECIMENS / b, *options, **more)


class CommandLine(unittest.TestCase):
    def test_wrong_usage_is_2(self):
        for arguments in ((), ("compare",), ("compare", "/nonexistent", "/nonexistent"), ("compare", "a", "b", "--effect", "0"),
                          ("compare", SPECIMENS / "specimen_same", SPECIMENS / "specimen_same", "--gate", "instructions", "--history", "x"),
                          ("compare", SPECIMENS / "specimen_same", SPECIMENS)):
            with self.subTest(arguments):
                ended = bench(*arguments)
                self.assertEqual(ended.returncode, 2, ended)
                self.assertTrue(ended.stderr)

    def test_no_option_takes_what_is_no_number(self):
        given = {"compare": ("a", "b"), "run": ("p",), "history": ("h",), "report": ("f",), "bisect": ("a", "b", "x", "--build", "y")}
        options = [(command, option) for command in given
                   for option in re.findall(r"(--[\w-]+) \w+:FLOAT", bench(command, "--help").stdout)]
        self.assertGreaterEqual(len(options), 7, options)
        for command, option in options:
            with self.subTest(command, option=option):
                ended = bench(command, *given[command], option, "nan")
                self.assertEqual(ended.returncode, 2, ended)
                self.assertIn("nan is no number", ended.stderr)

    def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(self):
        for option in ("--markdown", "--json", "--history"):
            with self.subTest(option):
                ended = compare("specimen_wrong", "specimen_wrong", option, "/nonexistent/x", "--gate", "time")
                self.assertEqual((ended.returncode, ended.stdout), (3, ""), ended)
                self.assertIn("/nonexistent/x cannot be written", ended.stderr)

    def test_a_file_that_cannot_be_written_keeps_no_other_from_it(self):
        with tempfile.TemporaryDirectory() as folder:
            saved = pathlib.Path(folder) / "saved.json"
            ended = compare("specimen_same", "specimen_wrong", "--markdown", "/dev/full", "--json", saved)
            self.assertEqual(ended.returncode, 3, ended)
            self.assertIn("/dev/full cannot be written", ended.stderr)
            self.assertTrue(json.loads(saved.read_text(encoding="utf-8"))["failures"])

    def test_programs_of_one_name_are_kept_apart(self):
        with tempfile.TemporaryDirectory() as folder:
            tree, history, out = (pathlib.Path(folder) / name for name in ("tree", "bench.db", "out.json"))
            for part in ("client", "server"):
                (tree / part).mkdir(parents=True)
                shutil.copy(SPECIMENS / "specimen_same", tree / part / "parse")
            ended = bench("compare", tree, tree, "--gate", "time", "--filter", "cpu", "--effect", "50", "--budget", "0.1", "--history", history)
            self.assertEqual(ended.returncode, 0, ended)
            listed = bench("history", history).stdout
            self.assertEqual(re.findall(r"^(\S+) on", listed, re.M), ["client/parse", "server/parse"])
            out.write_text(bench("export", history, "google-benchmark").stdout, encoding="utf-8")
            self.assertIn("already, as run 4", bench("import", history, out).stdout)

    def test_help_is_0(self):
        ended = bench("compare", "--help")
        self.assertEqual(ended.returncode, 0)
        self.assertIn("--effect", ended.stdout)

    @unittest.skipIf(WHY_NOT_COUNTABLE, WHY_NOT_COUNTABLE)
    def test_more_instructions_are_1_and_the_same_are_0(self):
        with tempfile.TemporaryDirectory() as folder:
            saved = pathlib.Path(folder) / "saved.json"
            ended = compare("specimen_same", "specimen_slower_2_percent", "--gate", "instructions", "--json", saved)
            document = json.loads(saved.read_text(encoding="utf-8"))
        jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
        self.assertEqual([each["instructions"].get("verdict", "not covered") for each in document["benchmarks"]], ["worse", "not covered"])
        ended = compare("specimen_same", "specimen_slower_2_percent", "--gate", "instructions", "--filter", "cpu")
        self.assertEqual(ended.returncode, 1, ended)
        self.assertRegex(ended.stdout, r"worse +work/cpu: 2\.00 % more instructions\n1 worse\n")
        ended = compare("specimen_same", "specimen_same", "--gate", "instructions", "--filter", "cpu")
        self.assertEqual(ended.returncode, 0, ended)
        self.assertRegex(ended.stdout, r"same +work/cpu: the same instructions\n1 same\n")

    @unittest.skipIf(WHY_NOT_COUNTABLE, WHY_NOT_COUNTABLE)
    def test_strict_makes_what_is_inconclusive_3(self):
        options = ("--gate", "instructions", "--filter", "system_calls")
        self.assertEqual(compare("specimen_same", "specimen_same", *options).returncode, 0)
        ended = compare("specimen_same", "specimen_same", *options, "--strict")
        self.assertEqual(ended.returncode, 3)
        self.assertIn("its work is system calls", ended.stdout)

    def test_a_side_that_is_wrong_is_3(self):
        ended = compare("specimen_same", "specimen_wrong")
        self.assertEqual(ended.returncode, 3, ended)
        self.assertEqual(ended.stdout, "fails its own check: work/cpu: B: the walk ended elsewhere\nnothing was measured\n")

    def test_without_valgrind_the_gate_of_instructions_alone_is_3(self):
        ended = compare("specimen_same", "specimen_same", "--gate", "instructions", env={**os.environ, "PATH": "/nonexistent"})
        self.assertEqual((ended.returncode, ended.stdout), (3, ""), ended)
        self.assertIn("valgrind is not installed", ended.stderr)

    def test_without_valgrind_time_alone_is_judged_and_the_table_written(self):
        with tempfile.TemporaryDirectory() as folder:
            table, saved, page, history = (pathlib.Path(folder) / name for name in ("table.md", "saved.json", "page.html", "bench.db"))
            ended = compare("specimen_same", "specimen_slower_twice", "--filter", "cpu", "--effect", "50", "--markdown", table,
                            "--json", saved, "--history", history, env={**os.environ, "PATH": "/nonexistent"})
            self.assertEqual(ended.returncode, 1, ended)
            self.assertIn("valgrind is not installed", ended.stdout)
            self.assertRegex(ended.stdout, r"worse +work/cpu: \d+\.\d % slower \(")
            self.assertIn("| work/cpu | worse |", table.read_text(encoding="utf-8"))
            document = json.loads(saved.read_text(encoding="utf-8"))
            jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
            self.assertEqual([(each["name"], each["verdict"]) for each in document["benchmarks"]], [("work/cpu", "worse")])
            self.assertIn("valgrind", document["no_instructions"])
            self.assertEqual(bench("report", saved, "--html", page).returncode, 0)
            self.assertIn("work/cpu: +", page.read_text(encoding="utf-8"))
            self.check_history(history, document["benchmarks"][0]["time"]["change"])

    def check_history(self, history, change):
        """Both sides are in it, and say the same as the verdict."""
        listed = bench("history", history).stdout
        self.assertEqual(len(re.findall(r"^run .* on .*, side by side$", listed, re.M)), 2, listed)
        times = {}
        for run, side in ((1, "specimen_same"), (2, "specimen_slower_twice")):
            document = json.loads(bench("export", history, "google-benchmark", "--run", run).stdout)
            self.assertTrue(document["context"]["commit"].endswith(side), document["context"])
            self.assertEqual(document["context"]["measured"], "side by side")
            self.assertIn("library_build_type", document["context"])
            rows = document["benchmarks"]
            self.assertGreaterEqual(len(rows), 12)
            self.assertEqual([row["repetition_index"] for row in rows], list(range(len(rows))))
            times[run] = statistics.median(row["cpu_time"] for row in rows)
            again = history.with_name("again.db")
            out = history.with_name("out.json")
            out.write_text(json.dumps(document), encoding="utf-8")
            self.assertIn(f"run {run} in", bench("import", again, out).stdout)
        self.assertAlmostEqual(times[2] / times[1] - 1, change, delta=0.25)

    def test_two_revisions_are_built_in_worktrees_that_go(self):
        with tempfile.TemporaryDirectory() as folder:
            def git(*arguments):
                subprocess.run(["git", "-C", folder, "-c", "user.name=x", "-c", "user.email=x", *arguments], check=True, capture_output=True)
            git("init", "-q", "-b", "main")
            for name in ("specimen_same", "specimen_slower_twice", "specimen_wrong"):
                (pathlib.Path(folder) / "which").write_text(str(SPECIMENS / name), encoding="utf-8")
                git("add", ".")
                git("commit", "-q", "-m", name)
            # What it asks, nobody answers.
            build = ("--build", 'test -z "$(cat)" && cp "$(cat which)" made', "--gate", "instructions", "--filter", "cpu")
            ended = bench("compare", "main~2", "main", *build, cwd=folder, input="typed")
            self.assertEqual(ended.returncode, 3, ended)
            self.assertIn("work/cpu: B: the walk ended elsewhere", ended.stdout)
            if not WHY_NOT_COUNTABLE:
                ended = bench("compare", "main~2", "main~1", *build, cwd=folder)
                self.assertEqual(ended.returncode, 1, ended)
                self.assertRegex(ended.stdout, r"worse +work/cpu: 100 % more instructions")
            ended = bench("compare", "main~1", "main", "--build", "echo no compiler; exit 1", cwd=folder)
            self.assertEqual(ended.returncode, 3, ended)
            self.assertIn("no compiler", ended.stderr)
            ended = bench("compare", "main~1", "main", cwd=folder)
            self.assertEqual(ended.returncode, 2, ended)
            self.assertIn("--build", ended.stderr)
            trees = subprocess.run(["git", "-C", folder, "worktree", "list"], check=True, capture_output=True, text=True).stdout
            self.assertEqual(len(trees.splitlines()), 1, trees)

    def test_a_filter_that_is_no_expression_is_wrong_usage(self):
        same = SPECIMENS / "specimen_same"
        for command in (("compare", same, same), ("run", same), ("history", "there_is_none.db"), ("report", "there_is_none.db", "--html", "page")):
            ended = bench(*command, "--filter", "(")
            self.assertEqual(ended.returncode, 2, ended)
            self.assertIn("no regular expression: (", ended.stderr)

    def test_nothing_is_left_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            compare("specimen_same", "specimen_wrong", env={**os.environ, "TMPDIR": folder})
            self.assertEqual(list(pathlib.Path(folder).iterdir()), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

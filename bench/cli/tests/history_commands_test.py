#!/usr/bin/env python3
"""framespec-bench run and the commands on its history, on the specimens.

usage: history_commands_test.py FRAMESPEC-BENCH SPECIMENS_FOLDER
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SPECIMENS = sys.argv[1], pathlib.Path(sys.argv[2])
QUICK = ("--rounds", "3", "--min-time", "0")


def bench(*arguments, **options):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, **options)


def run(specimen, *options, **more):
    return bench("run", SPECIMENS / specimen, *QUICK, *options, **more)


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.history = self.folder / "history.db"


class Run(InAFolder):
    def test_without_a_history_the_samples_are_google_benchmarks_json(self):
        ended = run("specimen_same", "--commit", "no revision")
        self.assertEqual(ended.returncode, 0, ended)
        document = json.loads(ended.stdout)
        self.assertEqual(document["context"]["commit"], "no revision")
        self.assertTrue(document["context"]["processor"])
        self.assertGreater(float(document["context"]["calibration_memory_ns"]), 0)
        rows = document["benchmarks"]
        self.assertEqual(sorted((row["name"], row["repetition_index"]) for row in rows),
                         [(name, index) for name in ("work/cpu", "work/system_calls") for index in range(3)])
        self.assertTrue(all(row["cpu_time"] > 0 and row["time_unit"] == "ns" for row in rows))

    def test_two_at_once_lose_nothing(self):
        command = [PROGRAM, "run", SPECIMENS / "specimen_same", *QUICK, "--history", self.history]
        both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = [process.communicate()[0] for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0])
        self.assertEqual(sorted(text.split(" in ")[0] for text in said), ["run 1", "run 2"])

    def test_the_commit_is_that_of_the_working_directory(self):
        def git(*arguments):
            command = ["git", "-C", self.folder, "-c", "user.name=x", "-c", "user.email=x", *arguments]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        git("init", "-q", "-b", "main")
        (self.folder / "file").write_text("1", encoding="utf-8")
        git("add", ".")
        git("commit", "-q", "-m", "x")
        head = git("rev-parse", "HEAD")

        def commit_of(*options):
            ended = run("specimen_same", *options, cwd=self.folder)
            return json.loads(ended.stdout)["context"]
        self.assertEqual(commit_of()["commit"], head)
        self.assertIn("commit_time", commit_of())
        self.assertEqual(commit_of("--commit", "main")["commit"], head)
        (self.folder / "file").write_text("2", encoding="utf-8")
        self.assertEqual(commit_of()["commit"], f"{head}-dirty")

    def test_a_program_that_is_wrong_is_3_and_leaves_no_run(self):
        ended = run("specimen_wrong", "--history", self.history)
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("fails its own check: work/cpu: the walk ended elsewhere", ended.stderr)
        self.assertTrue(run("specimen_same", "--history", self.history).stdout.startswith("run 1 in"))

    def test_what_is_no_program_is_2_and_no_history_3(self):
        self.assertEqual(bench("run", "/nonexistent").returncode, 2)
        self.history.write_text("no database", encoding="utf-8")
        ended = run("specimen_same", "--history", self.history)
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("history.db: file is not a database", ended.stderr)

    def test_a_file_takes_the_samples_beside_a_history(self):
        out = self.folder / "out.json"
        self.assertEqual(run("specimen_same", "--history", self.history, "--out", out).returncode, 0)
        self.assertEqual(len(json.loads(out.read_text(encoding="utf-8"))["benchmarks"]), 6)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

#!/usr/bin/env python3
"""framespec-bench run and the commands on its history, on the specimens.

usage: history_commands_test.py FRAMESPEC-BENCH SPECIMENS_FOLDER
"""

import contextlib
import csv
import json
import pathlib
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import jsonschema

PROGRAM, SPECIMENS = sys.argv[1], pathlib.Path(sys.argv[2])
GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "benchmark-history.md"
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
        self.assertFalse(self.history.exists())
        self.assertTrue(run("specimen_same", "--history", self.history).stdout.startswith("run 1 in"))

    def test_a_full_disk_leaves_the_old_file(self):
        out = self.folder / "out.json"
        out.write_text("old", encoding="utf-8")
        out.chmod(0o640)
        limit = {"restore_signals": False, "preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))}
        google = self.folder / "google.json"
        google.write_text(google_benchmark_file(1, {f"b{i}": [1] for i in range(9)}), encoding="utf-8")
        self.assertEqual(bench("import", self.history, google).returncode, 0)
        ended = bench("export", self.history, "google-benchmark", "--out", out, **limit)
        self.assertEqual(ended.returncode, 3, ended)
        self.assertEqual(out.read_text(encoding="utf-8"), "old")
        self.assertEqual(bench("export", self.history, "google-benchmark", "--out", out).returncode, 0)
        self.assertEqual(len(json.loads(out.read_text(encoding="utf-8"))["benchmarks"]), 9)
        self.assertEqual(out.stat().st_mode & 0o777, 0o640)
        self.assertEqual({path.name for path in self.folder.iterdir()}, {"out.json", "google.json", "history.db"})

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


def google_benchmark_file(day, times):
    """What a program writes on that day: {benchmark: [time of each repetition]}."""
    rows = [{"name": name, "run_name": name, "run_type": "iteration", "repetition_index": index, "iterations": 10,
             "real_time": 2 * time, "cpu_time": time, "time_unit": "ns"}
            for name, of_one in times.items() for index, time in enumerate(of_one)]
    context = {"date": f"2026-10-{day:02}T12:00:00+00:00", "host_name": "there", "num_cpus": 2, "executable": "./parse_benchmark"}
    return json.dumps({"context": context, "benchmarks": rows})


class ImportedHistory(InAFolder):
    """Of twenty days; on the eleventh one benchmark of two became a tenth slower."""

    QUOTED = 'parse/a,"b"'

    def setUp(self):
        super().setUp()
        files = []
        for day in range(1, 21):
            slower = 1.1 if day >= 11 else 1
            files.append(self.folder / f"{day}.json")
            times = {"parse/int32": [100 * slower, 101 * slower, 102 * slower, 99 * slower, 98 * slower],
                     self.QUOTED: [50 + day % 3 / 10] * 5}
            if day == 20:
                times["new"] = [7]
            files[-1].write_text(google_benchmark_file(day, times), encoding="utf-8")
        self.files = files
        ended = bench("import", self.history, *files, "--commit", "v1")
        self.assertEqual(ended.returncode, 0, ended)

    def export(self, *arguments):
        ended = bench("export", self.history, *arguments)
        self.assertEqual(ended.returncode, 0, ended)
        return ended.stdout

    def test_the_history_says_since_when_it_is_slower(self):
        ended = bench("history", self.history)
        self.assertEqual(ended.returncode, 0, ended)
        self.assertRegex(ended.stdout, r"run +11  2026-10-11 12:00  v1 +parse_benchmark on host there x 2\n")
        self.assertRegex(ended.stdout, r"  parse/int32 +110 ns\n    10\.0 % slower from v1 \(run 11\) on: 100 ns became 110 ns\n")
        self.assertRegex(ended.stdout, re.escape(self.QUOTED) + r" +50\.1 ns  no change\n")
        self.assertIn("circular binary segmentation", ended.stdout)
        ended = bench("history", self.history, "--filter", "int", "--effect", "20")
        self.assertRegex(ended.stdout, r"parse/int32 +\S+ ns  no change")
        self.assertNotIn(self.QUOTED, ended.stdout)

    def test_what_is_in_it_is_not_added_again(self):
        ended = bench("import", self.history, self.files[4])
        self.assertEqual(ended.returncode, 0, ended)
        self.assertIn("already, as run 5", ended.stdout)
        self.assertNotIn("run  21", bench("history", self.history).stdout)

    def test_a_run_comes_back_from_google_benchmarks_json(self):
        out, again = self.folder / "out.json", self.folder / "again.db"
        self.export("google-benchmark", "--run", 3, "--out", out)
        self.assertEqual(bench("import", again, out).returncode, 0)
        ended = bench("export", again, "google-benchmark")
        self.assertEqual(json.loads(ended.stdout), json.loads(out.read_text(encoding="utf-8")))
        rows = json.loads(ended.stdout)["benchmarks"]
        self.assertEqual([row["cpu_time"] for row in rows if row["name"] == "parse/int32"], [100, 101, 102, 99, 98])

    def test_github_action_benchmark_finds_its_members(self):
        # BenchmarkResult of its src/extract.ts; names must differ, as they are what is compared by.
        rows = json.loads(self.export("github-action", "--run", 12))
        schema = {"type": "array", "minItems": 1, "items": {
            "type": "object", "additionalProperties": False, "required": ["name", "value", "unit"],
            "properties": {"name": {"type": "string"}, "value": {"type": "number"}, "unit": {"type": "string"},
                           "range": {"type": "string"}, "extra": {"type": "string"}}}}
        jsonschema.validate(rows, schema)
        self.assertEqual({row["name"]: round(row["value"], 6) for row in rows}, {"parse/int32": 110, self.QUOTED: 50})

    def test_bencher_finds_its_members(self):
        # The schema that bencher.dev publishes for its Metric Format.
        measures = {"type": "object", "patternProperties": {".+": {
            "type": "object", "required": ["value"],
            "properties": {key: {"type": "number"} for key in ("value", "lower_value", "upper_value")}}}}
        document = json.loads(self.export("bencher", "--run", 12))
        jsonschema.validate(document, {"type": "object", "patternProperties": {".+": measures}})
        latency = document["parse/int32"]["latency"]
        self.assertLess(latency["lower_value"], latency["value"])
        self.assertLess(latency["value"], latency["upper_value"])

    def test_all_runs_are_there_for_otava(self):
        out = self.folder / "p.csv"
        self.export("otava", "--out", out)
        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        # What only some runs have would leave cells empty, which Otava does not read.
        self.assertEqual(sorted(rows[0]), sorted(["time", "commit", "parse/int32", self.QUOTED]))
        self.assertEqual([rows[i]["parse/int32"][:3] for i in (0, 9, 10, 19)], ["100", "100", "110", "110"])
        self.assertEqual(rows[0]["time"], "2026-10-01T12:00:00+00:00")

    def test_what_is_missing_is_told(self):
        for code, arguments in ((2, ("export", self.history, "bencher", "--run", 99)), (2, ("export", self.history, "svg")),
                                (2, ("history", self.history, "--filter", "(")), (3, ("history", "/nonexistent.db")),
                                (3, ("import", self.history, "/nonexistent.json")), (3, ("import", self.history, GUIDE)),
                                (3, ("export", self.history, "otava", "--out", "/nonexistent/x"))):
            with self.subTest(arguments):
                ended = bench(*arguments)
                self.assertEqual(ended.returncode, code, ended)
                self.assertTrue(ended.stderr)

    def test_a_file_of_an_older_version_is_brought_up_to_date(self):
        back = {2: "".join(f"ALTER TABLE sample DROP COLUMN latency_{name}_ns;" for name in ("p50", "p90", "p99", "p999", "max"))}
        back[1] = back[2] + "ALTER TABLE run DROP COLUMN is_side_by_side;"
        before = bench("history", self.history).stdout
        for version, script in back.items():
            with self.subTest(version=version), contextlib.closing(sqlite3.connect(self.history)) as database:
                database.executescript(f"{script} PRAGMA user_version = {version}")
                self.assertEqual(bench("history", self.history).stdout, before)
                self.assertEqual(database.execute("PRAGMA user_version").fetchone(), (3,))

    def test_the_guide_has_the_tables(self):
        def tables(database):
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
            return {name: database.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
        told = sqlite3.connect(":memory:")
        told.executescript(re.search(r"```sql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S).group(1))
        made = sqlite3.connect(self.history)
        self.assertEqual(tables(told), tables(made))
        made.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

"""A run that is divided among machines (--shard), put together again by `framespec report`: the same verdicts and findings
as of the run of all cases. That the report of one part is the same from its events, every Run sees for itself."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, Run, mutant

SCHEMAS = HERE.parent / "schemas"
# Some of every manner: split and unsplit, of one value and of many, and two that are listed only.
SOME = ("--dialect", "int32", "--filter", "segmentation/*/*/one_*", "--filter", "segmentation/*/*/empty_*", "--filter", "length/*/whole/*",
        "--filter", "timing/*", "--exclude", "*/cuts-*/*", "--exclude", "*/random-*/*", "--time-limit", "1.5")
# Of times, ports, processes and restarts nothing is compared.
NOT_COMPARED = {"duration_ms", "duration_us", "spent_ms", "started", "testee_starts", "testee_restarts", "process",
                "connections", "testee_output", "shard"}


def listed(*arguments):
    done = subprocess.run([FRAMESPEC, "list", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=True)
    return done.stdout.splitlines()


def report(*arguments):
    return subprocess.run([FRAMESPEC, "report", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


def comparable(value):
    if isinstance(value, dict):
        return {key: comparable(member) for key, member in value.items() if key not in NOT_COMPARED}
    return [comparable(member) for member in value] if isinstance(value, list) else value


class Divided(unittest.TestCase):
    def test_each_check_is_in_one_part_and_a_case_is_in_one(self):
        every = listed("--dialect", "int32,json")
        parts = [listed("--dialect", "int32,json", "--shard", f"{number}/3") for number in (1, 2, 3)]
        self.assertEqual(sorted(every), sorted(sum(parts, [])))
        cases = [{(area, dialect, name.split("-")[0]) for area, dialect, _, name in (line.split("/") for line in part)}
                 for part in parts]
        self.assertTrue(all(cases))
        self.assertFalse(cases[0] & cases[1] or cases[0] & cases[2] or cases[1] & cases[2])

    def test_a_case_keeps_its_part_whatever_else_is_asked_for(self):
        part = listed("--dialect", "int32", "--shard", "2/3")
        some = listed("--dialect", "int32", "--shard", "2/3", "--filter", "length/*")
        self.assertEqual(some, [line for line in part if line.startswith("length/")])

    def test_what_is_no_part_is_refused(self):
        for wrong in ("0/3", "4/3", "1/0", "1", "a/b", "-1/3", "1/10001", "1/3/5", ""):
            done = subprocess.run([FRAMESPEC, "list", "--dialect", "int32", "--shard", wrong], capture_output=True, text=True,
                                  timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)


class PutTogether(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def parts_of(self, launch, of, *options):
        files = []
        for number in range(1, of + 1):
            run = Run("--launch", launch, *(options or SOME), "--shard", f"{number}/{of}")
            files.append(self.folder / f"part{number}.ndjson")
            files[-1].write_text("".join(json.dumps(event) + "\n" for event in run.events))
            self.assertEqual(run.report["shard"], f"{number}/{of}", run)
        return files

    def merged(self, files):
        out = self.folder / "merged.json"
        done = report(*files, "--json", out)
        return done, json.loads(out.read_text())

    def expect_as_undivided(self, defect, of):
        whole = Run("--launch", mutant(defect), *SOME)
        files = self.parts_of(mutant(defect), of)
        # In whichever order they are named.
        done, merged = self.merged(files[::-1])
        self.assertEqual(done.returncode, whole.code, done)
        self.assertEqual(comparable(merged), comparable(whole.report))
        for schema, made in (("report.schema.json", [self.folder / "merged.json"]), ("event.schema.json", files)):
            # Debian's own Python, because python3-jsonschema belongs to it.
            checked = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"), str(SCHEMAS / schema),
                                      *map(str, made)], capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        return whole

    def test_of_a_right_testee(self):
        self.assertEqual(self.expect_as_undivided("none", 3).code, 0)

    def test_of_failing_segmentations(self):
        whole = self.expect_as_undivided("prefix_in_one_recv", 4)
        self.assertTrue(whole.report["dialects"][0]["findings"])

    def test_of_unsplit_failures_and_hangs(self):
        self.assertEqual(self.expect_as_undivided("negative_accepted", 3).code, 1)

    def test_a_part_that_is_missing_is_not_a_pass(self):
        first, _, third = self.parts_of(mutant("none"), 3, "--dialect", "int32", "--filter", "length/*/whole/*")
        done, merged = self.merged([first, third])
        self.assertEqual(done.returncode, 3, done)
        self.assertRegex(done.stdout, r"INCOMPLETE in [\d.]+ s: what was not run is not known: shard 2/3 is missing\n$")
        self.assertEqual(merged["missing_shards"], ["2/3"])

    def test_a_part_without_a_case_is_one_all_the_same(self):
        options = ("--dialect", "int32", "--filter", "length/*/whole/empty")
        files = self.parts_of(mutant("none"), 2, *options)
        done, merged = self.merged(files)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([plan["role"] for plan in merged["dialects"][0]["plans"]], ["sanity_first", "control", "sanity_last"])

    def test_what_are_no_parts_of_one_run(self):
        options = ("--dialect", "int32", "--filter", "length/*/whole/empty")
        first, second = self.parts_of(mutant("none"), 2, *options)
        lines = second.read_text().splitlines(keepends=True)

        def other(**members):
            begun = json.loads(lines[0])
            begun["options"].update(members)
            second.write_text("".join([json.dumps(begun) + "\n", *lines[1:]]))
            done = report(first, second)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
            return done.stderr

        self.assertIn(f"{first} and {second} are both shard 1/2", other(shard="1/2"))
        self.assertIn("they differ in number of shards", other(shard="2/3"))
        self.assertIn("they differ in options", other(seed=7))
        self.assertIn("$.options.shard: \"3/2\" is not allowed", other(shard="3/2"))
        begun = json.loads(lines[0])
        del begun["options"]["shard"]
        second.write_text("".join([json.dumps(begun) + "\n", *lines[1:]]))
        self.assertIn(f"{second}: it is no part of a run (--shard)", report(first, second).stderr)


if __name__ == "__main__":
    unittest.main()

"""Known failures: a listed check still runs, changes no exit code while it fails as it is listed, and is a finding as soon
as it does not. That `framespec report` makes the same of the events, every Run of these tests sees for itself."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, Run, mutant

SCHEMAS = HERE.parent / "schemas"
HEAD = {"format": "framespec-known-failing/1"}
# The planted defect takes 0 for the end: these fail, unsplit, with ended_early.
ZERO = ("--dialect", "int32", "--filter", "length/*/empty", "--filter", "length/*/whole/ten_thousand")
SPLIT = ("--dialect", "int32", "--filter", "segmentation/*/one_byte")


def entry(cases, failure, reason="it is old", **more):
    return {"cases": cases, "failure": failure, "reason": reason, **more}


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.list = self.folder / "known.ndjson"

    def write(self, *lines):
        self.list.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in (HEAD, *lines)))

    def run_with(self, *entries, launch=None, options=ZERO):
        self.write(*entries)
        return Run("--launch", launch or mutant("zero_is_end"), *options, "--known-failing", self.list)

    def matches_schema(self, schema, *files):
        # Debian's own Python, because python3-jsonschema belongs to it.
        done = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"), str(SCHEMAS / schema), *map(str, files)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Judged(InAFolder):
    def kind(self):
        run = Run("--launch", mutant("zero_is_end"), *ZERO)
        (kind,) = {plan["failure"]["kind"] for plan in run.plans("fail")}
        return kind

    def test_what_fails_as_it_is_listed_changes_no_exit_code(self):
        run = self.run_with(entry("length/int32/*/empty", self.kind(), link="https://example.org/7", **{"class": "defect"}))
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan.get("known") for plan in run.plans("fail")}, {2}, run)
        self.assertRegex(run.stdout, r"\nACCEPTED in [\d.]+ s: \d+ required checks? fails? as .*known.ndjson says; all others passed\n")
        self.assertIn("KNOWN      line 2 · length/empty  ", run.stdout)
        self.assertIn("defect: it is old (https://example.org/7)\n", run.stdout)
        self.assertNotIn("FAIL", run.stdout + run.stderr)
        self.assertEqual(run.finding("length/empty", unsplit=True)["known"], [2])
        self.assertEqual([event["known"] for event in run.events if event.get("verdict") == "fail" and "known" in event],
                         [2] * len(run.plans("fail")) + [[2]])
        report, events = self.folder / "r.json", self.folder / "e.ndjson"
        report.write_text(json.dumps(run.report))
        events.write_text("".join(json.dumps(event) + "\n" for event in run.events))
        self.matches_schema("report.schema.json", report)
        self.matches_schema("event.schema.json", events)
        self.matches_schema("known_failing.schema.json", self.list)

    def test_what_fails_otherwise_is_a_finding(self):
        kind = self.kind()
        run = self.run_with("\n", entry("length/int32/*/empty", "memory"))
        self.assertEqual(run.code, 1, run)
        self.assertIn(f"line 3 expects memory, and length/int32/whole/empty came to {kind}", run.stdout)
        self.assertEqual(run.report["known_failing"]["wrong"][0]["line"], 3)

    def test_what_passes_is_a_finding_and_the_line_is_named(self):
        run = self.run_with(entry("length/int32/*/empty", self.kind()), launch=mutant("none"))
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.stdout, r"known.ndjson, line 2 is to be removed or narrowed: what it names passes now: length/int32/")

    def test_one_that_names_too_much_is_to_be_narrowed(self):
        run = self.run_with(entry("length/int32/*", self.kind()))
        self.assertEqual(run.code, 1, run)
        self.assertIn("line 2 is to be narrowed: some of what it names passes: length/int32/whole/ten_thousand", run.stdout)

    def test_what_is_not_listed_is_a_finding_as_ever(self):
        run = self.run_with(entry("length/int32/*/other", "memory"))
        self.assertEqual(run.code, 1, run)
        self.assertFalse([plan for plan in run.plans() if "known" in plan], run)

    def test_a_segmentation_that_is_known_and_one_that_is_not_are_two_findings(self):
        failing = Run("--launch", mutant("prefix_in_one_recv"), *SPLIT).plans("fail")
        one = failing[0]
        run = self.run_with(entry(one["id"], one["failure"]["kind"]), launch=mutant("prefix_in_one_recv"), options=SPLIT)
        self.assertEqual(run.code, 1, run)
        self.assertIn(f"{len(failing) - 1} required checks failed beside 1 known", run.stdout)
        self.assertEqual([finding.get("known") for finding in run.report["dialects"][0]["findings"]], [None, [2]])

    def test_deaths_that_are_known_are_no_finding(self):
        options = ("--dialect", "int32", "--filter", "liveness/*/after_reset_in_frame-1")
        failing = Run("--launch", mutant("dies_at_reset"), *options).plans("fail")
        self.assertEqual({plan["failure"]["kind"] for plan in failing}, {"died"})
        run = self.run_with(entry("liveness/*/after_reset_in_frame-1", "died"), launch=mutant("dies_at_reset"), options=options)
        self.assertEqual(run.code, 0, run)
        self.assertNotIn("DIED", run.stdout)


class Stale(InAFolder):
    """Of runs of one suite of one's own, so that nothing is left out."""

    def setUp(self):
        super().setUp()
        self.suite = self.folder / "own.json"
        self.suite.write_text(json.dumps({"area": "own", "title": "Own", "cases": [
            {"name": "one", "title": "It is answered.", "why": "w", "rules": ["SEG-2"], "steps": [
                {"open": "c"}, {"send": [{"frame": "x"}], "on": "c"}, {"expect": "frames", "on": "c"}]}]}))

    def test_what_names_no_check_is_to_be_removed(self):
        options = ("--dialect", "int32", "--suites", str(self.suite))
        stale = entry("own/*/two", "memory")
        run = self.run_with(stale, entry("own/int64/*", "memory"), launch=mutant("none"), options=options)
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.report["known_failing"]["wrong"],
                         [{"line": 2, "sentence": 'is to be removed: no check has an id that matches "own/*/two"'}])
        run = self.run_with(stale, launch=mutant("none"), options=(*options, "--filter", "own/*"))
        self.assertEqual(run.code, 0, run)


class FirstList(InAFolder):
    def known_failing(self, *arguments):
        return subprocess.run([FRAMESPEC, "known-failing", *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False)

    def found(self, defect, options):
        """The files of a run, report and events."""
        run = Run("--launch", mutant(defect), *options)
        report, events = self.folder / "report.json", self.folder / "events.ndjson"
        report.write_text(json.dumps(run.report, indent=1))
        events.write_text("".join(json.dumps(event) + "\n" for event in run.events))
        return run, report, events

    def test_from_a_run_to_a_list_that_it_passes_and_back_when_it_is_mended(self):
        for defect, options in (("prefix_in_one_recv", SPLIT), ("zero_is_end", ZERO)):
            with self.subTest(defect):
                self.list.unlink(missing_ok=True)
                run, report, events = self.found(defect, options)
                done = self.known_failing("--from", report, "-o", self.list)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""), done)
                self.assertEqual(self.known_failing("--from", events).stdout, self.list.read_text())
                head, *entries = map(json.loads, self.list.read_text().splitlines())
                self.assertEqual(head, HEAD)
                self.assertEqual({each["reason"] for each in entries}, {""})
                refused = Run("--launch", mutant(defect), *options, "--known-failing", self.list)
                self.assertEqual(refused.code, 2, refused)
                self.assertIn("line 2: $.reason: ", refused.stderr)
                known = self.run_with(*({**each, "reason": "so it is"} for each in entries), launch=mutant(defect), options=options)
                self.assertEqual(known.code, 0, known)
                mended = self.run_with(*({**each, "reason": "so it is"} for each in entries), launch=mutant("none"),
                                       options=options)
                self.assertEqual(mended.code, 1, mended)
                self.assertIn("line 2 is to be removed", mended.stdout)

    def test_what_is_known_already_is_not_listed_again(self):
        _, report, _ = self.found("zero_is_end", ZERO)
        self.known_failing("--from", report, "-o", self.list)
        lines = [json.loads(line) for line in self.list.read_text().splitlines()[1:]]
        known = self.run_with(*({**line, "reason": "so"} for line in lines))
        report.write_text(json.dumps(known.report))
        self.assertEqual(self.known_failing("--from", report).stdout, json.dumps(HEAD, separators=(",", ":")) + "\n")

    def test_what_is_no_run_or_no_place(self):
        for text, sentence in (("", "neither a report"), ("{}", "$.format: is missing"), ("[", "neither a report"),
                               ('{"format": "framespec-report-2"}', "$.format: "),
                               ('{"format": "framespec-report-1", "dialects": [{"plans": [{"verdict": "odd"}]}]}',
                                "$.dialects[0].plans[0].verdict: ")):
            file = self.folder / "x.json"
            file.write_text(text)
            done = self.known_failing("--from", file)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
            self.assertIn(sentence, done.stderr)
        for arguments in ((), ("--from", ""), ("--from", self.folder), ("--from", self.folder / "missing")):
            self.assertEqual(self.known_failing(*arguments).returncode, 2, arguments)
        _, report, _ = self.found("none", ZERO)
        for place in (self.folder / "no" / "folder", report, self.folder):
            done = self.known_failing("--from", report, "-o", place)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done)


class Refused(InAFolder):
    def refused(self, sentence, text=None):
        if text is not None:
            self.list.write_text(text)
        done = subprocess.run([FRAMESPEC, "run", "--launch", mutant("none"), *ZERO, "--known-failing", self.list],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
        self.assertIn(sentence, done.stderr)
        self.assertTrue(done.stderr.startswith(f"framespec: --known-failing {self.list}: "), done)

    def test_each_mistake_is_told_with_its_line(self):
        head = json.dumps(HEAD) + "\n"
        self.refused("No such file")
        self.refused('line 1: it must be {"format":"framespec-known-failing/1"}', "")
        self.refused("line 1: it must be", "[]\n")
        self.refused("line 1: it must be", '{"format":"framespec-known-failing/2"}\n')
        self.refused("line 1: it must be", '{"format":"framespec-known-failing/1","more":1}\n')
        self.refused("line 3: $: ", head + "\n{\n")
        for number, (line, sentence) in enumerate((
                ({**entry("a", "memory"), "failure": "odd"}, "$.failure: \"odd\" is not allowed"),
                ({**entry("a", "memory"), "reason": ""}, "$.reason: "), ({**entry("a", "memory"), "reason": " "}, "$.reason: "),
                ({"cases": "a", "failure": "memory"}, "$.reason: is missing"), ({**entry("", "memory")}, "$.cases: "),
                (entry("a", "memory", **{"class": "odd"}), "$.class: "), (entry("a", "memory", **{"class": ""}), "$.class: "),
                (entry("a", "memory", why="x"), "$.why: is not a member"), (entry("a", "memory", link=7), "$.link: "))):
            with self.subTest(line):
                file = self.folder / f"{number}.ndjson"
                self.list.write_text(head + "\n" + json.dumps(line) + "\n")
                file.write_text(self.list.read_text())
                self.refused(f"line 3: {sentence}")
                self.refused_by_schema(line)
        os.truncate(self.list, 0)

    def refused_by_schema(self, line):
        file = self.folder / "one.ndjson"
        file.write_text(json.dumps(line) + "\n")
        done = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"),
                               str(SCHEMAS / "known_failing.schema.json"), str(file)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1, line)


if __name__ == "__main__":
    unittest.main()

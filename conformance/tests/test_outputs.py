"""What other programs read of a run: JUnit XML, SARIF, and what GitHub Actions shows; the same from `run` and from `report`."""

import json
import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, Run, TESTEES, mutant, python_testee

SCHEMAS = HERE.parent / "schemas"
SPLIT = ("--dialect", "int32", "--filter", "segmentation/*/one_byte", "--filter", "length/*/whole/empty")
UNSPLIT = ("--dialect", "int32", "--filter", "length/*/whole/*", "--time-limit", "1.5")


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.summary = self.folder / "step_summary.md"

    def written(self, launch, *arguments, code):
        """The run, and what it and `framespec report` write alike."""
        names = {"--junit": "junit.xml", "--sarif": "run.sarif"}
        places = [part for option, name in names.items() for part in (option, self.folder / name)]
        run = Run("--launch", launch, *arguments, *places)
        self.assertEqual(run.code, code, run)
        made = {name: (self.folder / name).read_bytes() for name in names.values()}
        events = self.folder / "events.ndjson"
        events.write_text("".join(json.dumps(event) + "\n" for event in run.events))
        again = subprocess.run([FRAMESPEC, "report", events, *places], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               timeout=DEADLINE_S, check=False)
        self.assertEqual(again.returncode, code, again)
        for name, content in made.items():
            self.assertEqual((self.folder / name).read_bytes(), content, name)
        self.check_schemas()
        return run, ElementTree.fromstring(made["junit.xml"]), json.loads(made["run.sarif"])["runs"][0]

    def check_schemas(self):
        checked = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", str(SCHEMAS / "junit.xsd"),
                                  str(self.folder / "junit.xml")], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        # Debian's own Python, because python3-jsonschema belongs to it.
        checked = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"), str(SCHEMAS / "sarif.schema.json"),
                                  str(self.folder / "run.sarif")], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


class Written(InAFolder):
    def test_of_failing_segmentations(self):
        launch = python_testee(TESTEES / "planted" / "mutant_server.py", "--defect", "prefix_in_one_recv")
        run, junit, sarif = self.written(launch, *SPLIT, code=1)
        (suite, whole) = junit.findall("testsuite")
        tests = suite.findall("testcase")
        self.assertEqual([test.get("name").removesuffix(" (last)") for test in tests], [plan["id"] for plan in run.plans()])
        failed = {test.get("name") for test in tests if test.find("failure") is not None}
        self.assertEqual(failed, {plan["id"] for plan in run.plans("fail")})
        self.assertTrue(failed)
        for element, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            self.assertEqual(suite.get(count), str(len(suite.findall(f"testcase/{element}"))))
        self.assertEqual((suite.get("tests"), junit.get("tests")), (str(len(tests)), str(len(tests) + 1)))
        self.assertIsNone(whole.find("testcase/failure"))
        failure = suite.find("testcase/failure")
        plan = next(plan for plan in run.plans("fail"))
        self.assertEqual(failure.get("type"), plan["failure"]["kind"])
        self.assertIn(f"again: {plan['command']}\n", failure.text)
        self.assertIn("must hold: ", failure.text)

        (result,) = sarif["results"]
        self.assertEqual((result["ruleId"], result["level"]), ("segmentation/one_byte", "error"))
        (rule,) = sarif["tool"]["driver"]["rules"]
        self.assertEqual(rule["id"], result["ruleId"])
        for text in ("Usually: ", "SEG-1: ", "PFX-2: "):
            self.assertIn(text, rule["help"]["text"])
        (finding,) = run.report["dialects"][0]["findings"]
        (location,) = result["locations"]
        self.assertEqual(location["logicalLocations"][0]["fullyQualifiedName"], finding["minimal"]["id"])
        self.assertTrue(location["physicalLocation"]["artifactLocation"]["uri"].endswith("mutant_server.py"))
        self.assertIn(finding["command"], result["message"]["text"])
        self.assertEqual(sarif["invocations"][0]["exitCode"], 1)

    def test_of_a_run_that_passes(self):
        _, junit, sarif = self.written(mutant("none"), *SPLIT, code=0)
        self.assertEqual((junit.get("failures"), junit.get("errors")), ("0", "0"))
        self.assertEqual((sarif["results"], sarif["tool"]["driver"]["rules"]), ([], []))
        self.assertTrue(sarif["invocations"][0]["executionSuccessful"])

    def test_of_a_testee_that_does_not_start(self):
        run, junit, sarif = self.written("echo '<&\"]]>\x01' >&2; exit 1 # {port}", *SPLIT, code=3)
        self.assertEqual((junit.get("failures"), junit.get("errors")), ("0", "1"))
        error = junit.find("testsuite/testcase[@name='the run as a whole']/error")
        self.assertEqual(error.get("message"), run.report["exit"]["reason"])
        self.assertFalse(sarif["invocations"][0]["executionSuccessful"])
        self.assertEqual(sarif["invocations"][0]["toolExecutionNotifications"][0]["level"], "error")

    def test_what_a_testee_says_is_text(self):
        said = "<&\"]]>\x01\x9b"
        suite = self.folder / "own.json"
        suite.write_text(json.dumps({"area": "own", "title": "t", "cases": [
            {"name": "one", "title": said, "why": said, "rules": ["SEG-2"], "steps": [{"send": [{"frame": ""}]}, {"expect": "frames"}]}]}))
        _, junit, sarif = self.written(mutant("zero_is_end"), "--dialect", "int32", "--suites", suite, code=1)
        shown = "<&\"]]>\\x01\\xc2\\x9b"
        self.assertIn(f"must hold: {shown} ", junit.find("testsuite/testcase/failure").text)
        self.assertEqual(sarif["tool"]["driver"]["rules"][0]["shortDescription"]["text"], shown)

    def test_what_is_known_is_no_failure(self):
        found = Run("--launch", mutant("zero_is_end"), *UNSPLIT)
        kinds = {plan["failure"]["kind"] for plan in found.plans("fail")}
        known = self.folder / "known.ndjson"
        known.write_text("".join(json.dumps(line) + "\n" for line in (
            {"format": "framespec-known-failing/1"},
            *({"cases": "length/int32/whole/empty", "failure": kind, "reason": "it is old"} for kind in kinds))))
        options = ("--dialect", "int32", "--filter", "length/int32/whole/empty", "--known-failing", known)
        _, junit, sarif = self.written(mutant("zero_is_end"), *options, code=0)
        self.assertEqual((junit.get("failures"), junit.get("errors")), ("0", "0"))
        skipped = junit.find("testsuite/testcase[@name='length/int32/whole/empty']/skipped")
        self.assertTrue(skipped.get("message").startswith("known (line "), skipped.get("message"))
        self.assertEqual([each["suppressions"][0]["justification"] for each in sarif["results"]], ["it is old"])

    def test_what_could_not_be_judged_is_an_error_unless_it_is_accepted(self):
        options = ("--dialect", "int32", "--filter", "segmentation/*/cut_at-1/one_byte", "--pace", "2")
        _, junit, _ = self.written(mutant("none"), *options, code=3)
        self.assertEqual(junit.find("testsuite").get("errors"), "1")
        _, junit, _ = self.written(mutant("none"), *options, "--accept", "paced", code=0)
        self.assertEqual((junit.get("errors"), junit.find("testsuite").get("skipped")), ("0", "1"))


class Places(InAFolder):
    def test_a_place_where_nothing_can_be_written_is_known_before_the_run(self):
        started = self.folder / "started"
        for option in ("--junit", "--sarif", "--json"):
            done = subprocess.run([FRAMESPEC, "run", "--launch", f"touch {started}; {{port}}", "--dialect", "int32", option,
                                   "/no/such/folder/file"], capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done)
            self.assertIn(f"{option}: ", done.stderr)
            self.assertFalse(started.exists())

    def test_no_two_outputs_have_one_place(self):
        place = self.folder / "file"
        for one, other in (("--junit", "--sarif"), ("--json", "--sarif"), ("--events", "--junit")):
            done = subprocess.run([FRAMESPEC, "run", "--launch", "false {port}", "--dialect", "int32", one, place, other, place],
                                  capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done)
            self.assertIn(f"{one} and {other} name the same file", done.stderr)
            self.assertFalse(place.exists())


class Github(InAFolder):
    def run_it(self, launch, *arguments, summary=True):
        env = {key: value for key, value in os.environ.items() if key != "GITHUB_STEP_SUMMARY"}
        if summary:
            env["GITHUB_STEP_SUMMARY"] = str(self.summary)
        return subprocess.run([FRAMESPEC, "run", "--launch", launch, *arguments, "--github"], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False, env=env)

    def commands(self, done):
        """What a runner obeys of standard output: nothing between a stop-commands and its token."""
        obeyed, token = [], None
        for line in done.stdout.splitlines():
            line = line.lstrip()
            if token is not None:
                token = None if line == f"::{token}::" else token
            elif line.startswith("::stop-commands::"):
                token = line.removeprefix("::stop-commands::")
            elif line.startswith("::"):
                obeyed.append(line)
        self.assertIsNone(token, done)
        return obeyed

    def test_an_annotation_for_each_finding_and_a_summary(self):
        self.summary.write_text("of another step\n")
        done = self.run_it(mutant("prefix_in_one_recv"), *SPLIT)
        self.assertEqual(done.returncode, 1, done)
        (command,) = self.commands(done)
        self.assertTrue(command.startswith("::error title=framespec%3A int32 · segmentation/one_byte::"), command)
        self.assertIn("%0Aagain: ", command)
        text = self.summary.read_text()
        self.assertTrue(text.startswith("of another step\n### framespec: failed\n"), text)
        self.assertIn("| fail | int32 · segmentation/one_byte | ", text)

    def test_without_a_file_for_the_summary_there_are_annotations(self):
        done = self.run_it(mutant("zero_is_end"), *SPLIT, summary=False)
        self.assertEqual((done.returncode, len(self.commands(done))), (1, 1), done)

    def test_a_run_that_passes_has_no_annotation(self):
        done = self.run_it(mutant("none"), *SPLIT)
        self.assertEqual((done.returncode, self.commands(done)), (0, []), done)
        self.assertIn("### framespec: passed\n", self.summary.read_text())

    def test_what_no_finding_tells_has_an_annotation_of_its_own(self):
        done = self.run_it("exit 1 # {port}", *SPLIT)
        self.assertEqual(done.returncode, 3, done)
        (command,) = self.commands(done)
        self.assertTrue(command.startswith("::error title=framespec::"), command)

    def test_what_a_testee_says_is_no_command(self):
        done = self.run_it("echo '::error::forged'; exit 1 # {port}", *SPLIT)
        self.assertIn("::error::forged", done.stdout)
        self.assertFalse([line for line in self.commands(done) if line.startswith("::error::forged")], done)

    def test_a_summary_that_cannot_be_written_is_known_before_the_run(self):
        self.summary.mkdir()
        done = self.run_it(mutant("none"), *SPLIT)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)


if __name__ == "__main__":
    unittest.main()

"""framespec matrix: a list of testees becomes one result, whatever becomes of each of them."""

import copy
import json
import shlex
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, PLANTED, TESTEES, descendants, wait_until

SCHEMAS = HERE.parent / "schemas"
EMPTY = ["length/*/empty"]


def server(defect="none"):
    return shlex.join([sys.executable, str(PLANTED / "mutant_server.py"), "--defect", defect]) + " {port}"


def testee(name, launch=None, **more):
    return {"name": name, "implementation": f"the {name} one", "launch": launch or server(), "dialects": ["int32"],
            "filters": EMPTY, **more}


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "testees.json"
        self.json = self.folder / "matrix.json"

    def write(self, *testees):
        self.file.write_text(json.dumps({"format": "framespec-matrix/1", "testees": testees}))

    def matrix(self, *arguments):
        return subprocess.run([FRAMESPEC, "matrix", self.file, *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False)

    def schema_errors(self, schema, file):
        # Debian's own Python, because python3-jsonschema belongs to it.
        done = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"), str(SCHEMAS / schema), str(file)],
                              capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (0, 1), done)
        return done.stdout if done.returncode else ""


class Ran(InAFolder):
    def test_where_they_differ_and_what_is_new(self):
        known = {"cases": "length/int32/*/empty", "failure": "ended_early", "reason": "zero | is the end"}
        (self.folder / "known.ndjson").write_text('{"format":"framespec-known-failing/1"}\n' + json.dumps(known) + "\n")
        self.write(testee("right"), testee("new", server("zero_is_end")),
                   testee("known", server("zero_is_end"), known_failing="known.ndjson"),
                   testee("missing", "exit 7 # {port}"), testee("last"))
        done = self.matrix("--json", self.json, "--events", self.folder / "runs")
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stdout, r"\n\| right \| the right one \| int32 \| [1-9]\d* \| 0 \| 0 \| 0 \| 0 \| \d+ s \|  \|\n")
        self.assertRegex(done.stdout, r"\n\| new \| the new one \| int32 \| \d+ \| 0 \| [1-9]\d* \| 0 \| \d+ \| \d+ s \| length \d+ new \|\n")
        self.assertRegex(done.stdout, r"\n\| known \| the known one \| int32 \| \d+ \| [1-9]\d* \| 0 \| 0 \| \d+ \| \d+ s \| length \d+ known \|\n")
        self.assertRegex(done.stdout, r"\n\| missing \| the missing one \| int32 \| 0 \| 0 \| 0 \| 0 \| 0 \| \d+ s \| stopped: ")
        self.assertRegex(done.stdout, r"\n\| length/empty \| .* \| new \(int32\) \| known \(int32\): zero \\\| is the end \| 2 \|\n")
        self.assertRegex(done.stdout, r"\n## new\n\n\d+ required checks? failed\n\n- int32 · length/empty: ")
        self.assertNotIn("\n## known\n", done.stdout)
        self.assertEqual(self.schema_errors("matrix_result.schema.json", self.json), "")
        result = json.loads(self.json.read_text())
        self.assertEqual([each["exit"]["code"] for each in result["testees"]], [0, 1, 0, 3, 0])
        (empty,) = (case for case in result["cases"] if case["case"] == "length/empty")
        outcomes = {cell["testee"]: cell["outcome"] for cell in empty["results"]}
        self.assertEqual(outcomes | {"missing": "not_judged"},
                         {"right": "pass", "new": "fail", "known": "known", "missing": "not_judged", "last": "pass"})
        report = subprocess.run([FRAMESPEC, "report", self.folder / "runs" / "new.ndjson"], capture_output=True, text=True,
                                timeout=DEADLINE_S, check=False)
        self.assertEqual(report.returncode, 1, report)
        self.assertIn("length/empty", report.stdout)

    def test_a_should_that_is_missed_is_not_new(self):
        graceful = ["length/*/whole/graceful_after_error"]
        self.write(testee("right", filters=graceful), testee("resets", server("resets_on_error"), filters=graceful))
        done = self.matrix("--json", self.json)
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, r"\n\| resets \| the resets one \| int32 \| \d+ \| 0 \| 0 \| 1 \| 0 \| \d+ s \| length 1 nonstrict \|\n")
        self.assertRegex(done.stdout, r"\n\| length/graceful_after_error \| .* \| resets \(int32\): nonstrict \|  \| 1 \|\n")
        self.assertEqual(self.schema_errors("matrix_result.schema.json", self.json), "")
        (case,) = (case for case in json.loads(self.json.read_text())["cases"] if case["case"] == "length/graceful_after_error")
        self.assertEqual({cell["testee"]: cell["outcome"] for cell in case["results"]}, {"right": "pass", "resets": "nonstrict"})

    def test_paths_and_commands_are_those_of_the_files_folder(self):
        (self.folder / "here").symlink_to(PLANTED)
        self.write(testee("here", f"{shlex.quote(sys.executable)} here/mutant_server.py {{port}}"))
        done = self.matrix()
        self.assertEqual(done.returncode, 0, done)

    def test_some_of_them(self):
        self.write(testee("one"), testee("two", server("zero_is_end")))
        done = self.matrix("--testee", "o*")
        self.assertEqual(done.returncode, 0, done)
        self.assertNotIn("| two |", done.stdout)

    def test_one_that_cannot_be_judged_is_3(self):
        self.write(testee("missing", "exit 7 # {port}"), testee("right"))
        self.assertEqual(self.matrix().returncode, 3)

    def test_ctrl_c_ends_with_what_was_found(self):
        self.write(testee("found", server("zero_is_end")), testee("slow", server(), filters=["*"]), testee("never"))
        with subprocess.Popen([FRAMESPEC, "matrix", self.file, "--json", self.json, "--events", self.folder],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
            slow = self.folder / "slow.ndjson"
            wait_until(lambda: slow.exists() and '"verdict"' in slow.read_text() or running.poll() is not None)
            self.assertIsNone(running.poll())
            running.send_signal(signal.SIGINT)
            shown, _ = running.communicate(timeout=DEADLINE_S)
        self.assertEqual(running.returncode, 1, shown)
        self.assertIn(" s | interrupted ", shown)
        self.assertIn("| never | the never one | | | | | | | | not run |\n", shown)
        self.assertEqual([each["exit"] and each["exit"]["code"] for each in json.loads(self.json.read_text())["testees"]],
                         [1, 3, None])
        self.assertEqual(self.schema_errors("matrix_result.schema.json", self.json), "")
        wait_until(lambda: not descendants())
        self.assertEqual(descendants(), [])


class Refused(InAFolder):
    def refused(self, sentence, *arguments):
        done = self.matrix(*arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
        self.assertIn(sentence, done.stderr)

    def test_what_it_names_is_looked_at_before_anything_is_started(self):
        touched = self.folder / "started"
        first = testee("first", f"touch {touched}; {server()}")
        for second, sentence in ((testee("b", dialects=["nobody"]), "testee b: --dialect: "),
                                 (testee("b", known_failing="none.ndjson"), "testee b: --known-failing none.ndjson: "),
                                 (testee("b", dialects=["int32", "json"]), "testee b: with several dialects"),
                                 (testee("b", filters=["no/such/*/case"]), "testee b: no case is left"),
                                 (testee("b", observe="hex"), "testee b: --observe")):
            self.write(first, second)
            self.refused(sentence)
        self.write(first)
        self.refused("--json: ", "--json", self.folder / "no" / "folder")
        self.refused("--events: ", "--events", self.folder / "no" / "folder")
        self.refused("--testee 'other': no testee of", "--testee", "other")
        self.assertFalse(touched.exists())

    def test_what_is_no_list(self):
        self.refused("No such file")
        for text, sentence in (("", "not valid JSON"), ("[]", "must be an object"), ('{"format":"framespec-matrix/1"}', "$.testees: is missing")):
            self.file.write_text(text)
            self.refused(sentence)

    def test_the_schema_says_the_same(self):
        """Of good and bad files. What the program takes, it tells by the name of a testee that none has."""
        good = {"format": "framespec-matrix/1", "testees": [testee(
            "a", known_failing="k", observe="echo", max_payload=5, time_limit=1.5, start_limit=60, excludes=["x"])]}
        client = copy.deepcopy(good)
        client["testees"][0]["client"] = client["testees"][0].pop("launch")
        client["testees"][0]["answer"] = "a.ndjson"
        del client["testees"][0]["dialects"]
        files = [good, client]
        values = (None, True, 0, -1, 1.5, 4000, 2**63, "", "x", "a/b", "-a", "a" * 65, [], [""], ["x"], [1], {}, [[]])
        for base in (good, client):
            for member in list(base["testees"][0]) + ["launch", "client", "answer", "dialects", "odd"]:
                for value in values:
                    changed = copy.deepcopy(base)
                    changed["testees"][0][member] = value
                    files.append(changed)
                less = copy.deepcopy(base)
                less["testees"][0].pop(member, None)
                files.append(less)
        for value in values:
            files += [{**good, "format": value}, {**good, "testees": value}, {**good, "odd": value}]
        tried = self.folder / "tried.ndjson"
        tried.write_text("".join(json.dumps(each) + "\n" for each in files))
        refused = {int(line.removeprefix(f"{tried}:").partition(":")[0])
                   for line in self.schema_errors("matrix.schema.json", tried).splitlines()}
        self.assertNotIn(1, refused)
        self.assertNotIn(2, refused)
        for number, each in enumerate(files, 1):
            with self.subTest(each):
                self.file.write_text(json.dumps(each))
                done = self.matrix("--testee", "nobody*")
                self.assertEqual(done.returncode, 2, done)
                self.assertEqual("no testee of" in done.stderr, number not in refused, (done, each))


class Ours(unittest.TestCase):
    OF_OURS = {"article", "clients", "odd", "planted", "python", "tests", "toolchains"}

    def test_each_third_party_folder_is_in_the_list_and_what_it_names_is_there(self):
        testees = json.loads((TESTEES / "matrix.json").read_text())["testees"]
        commands = [json.dumps(each) for each in testees]
        folders = {folder.name for folder in TESTEES.iterdir() if folder.is_dir() and not folder.name.startswith((".", "__"))}
        for folder in folders - self.OF_OURS:
            self.assertTrue(any(f"{folder}/" in command for command in commands), folder)
            build = TESTEES / folder / "build"
            self.assertTrue(not build.exists() or build.stat().st_mode & 0o111, build)
        for each in testees:
            for member in ("known_failing", "answer"):
                if member in each:
                    self.assertTrue((TESTEES / each[member]).is_file(), each)
        done = subprocess.run([FRAMESPEC, "matrix", TESTEES / "matrix.json", "--testee", "nobody*"], capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)
        self.assertIn("no testee of", done.stderr)


if __name__ == "__main__":
    unittest.main()

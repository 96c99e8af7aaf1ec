"""framespec-ci, which CI servers run: all reports in one folder whatever comes of the run; and the snippets of docs/ci.md."""

import json
import os
import re
import signal
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from action_steps import ROOT, read_yaml
from framespec_process import DEADLINE_S, FRAMESPEC, Run, TESTEES, events_in, mutant, wait_until
from html_page import HtmlPage

SCRIPT = Path(FRAMESPEC).with_name("framespec-ci")
SOME = ("--dialect", "int32", "--filter", "segmentation/*/one_byte", "--filter", "length/*/whole/empty")
REPORTS = {"events.ndjson", "report.json", "junit.xml", "framespec.sarif", "report.html", "captures", "comment.md"}
BLOCK = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix=f"framespec-ci-{os.getpid()}-")))
        self.reports = self.folder / "framespec-reports"
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}

    def call(self, *arguments, code):
        done = subprocess.run([SCRIPT, *map(str, arguments)], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, code, done)
        return done

    def written(self):
        return {file.name for file in self.reports.iterdir()}

    def comment(self):
        return (self.reports / "comment.md").read_text()


class Script(InAFolder):
    def test_a_run_that_fails_leaves_all_reports_and_its_exit_code(self):
        self.call("run", "--launch", mutant("prefix_in_one_recv"), *SOME, code=1)
        self.assertEqual(self.written(), REPORTS)
        self.assertTrue(self.comment().startswith("### framespec: failed\n"), self.comment())
        self.assertRegex(self.comment(), r"\n\| fail \| int32 · segmentation/one_byte \| .* \| `framespec run --launch ")
        junit = ElementTree.parse(self.reports / "junit.xml").getroot()
        failed = sum(plan["verdict"] == "fail" for plan in json.loads((self.reports / "report.json").read_text())["dialects"][0]["plans"])
        self.assertEqual((junit.get("failures"), failed > 0), (str(failed), True))
        self.assertTrue(json.loads((self.reports / "framespec.sarif").read_text())["runs"][0]["results"])
        self.assertTrue(list((self.reports / "captures").glob("*.pcapng")))
        self.assertEqual(HtmlPage((self.reports / "report.html").read_text()).unclosed, [])

    def test_a_run_that_passes(self):
        done = self.call("run", "--launch", mutant("none"), *SOME, code=0)
        self.assertEqual(self.written(), REPORTS)
        self.assertTrue(self.comment().startswith("### framespec: passed\n"), self.comment())
        self.assertIn("PASS", done.stdout)
        self.assertNotIn("::", done.stdout, "commands of GitHub's are for GitHub alone")

    def test_a_testee_that_does_not_start_leaves_reports_too(self):
        self.call("run", "--launch", "exit 1 # {port}", *SOME, code=3)
        self.assertLessEqual(REPORTS - {"captures"}, self.written())
        self.assertTrue(self.comment().startswith("### framespec: incomplete\n"), self.comment())

    def test_a_job_that_is_cancelled_has_its_reports(self):
        job = subprocess.Popen([SCRIPT, "run", "--launch", mutant("none"), "--dialect", "int32"], cwd=self.folder, env=self.environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: any(event["event"] == "verdict" for event in events_in(self.reports / "events.ndjson")))
        job.terminate()
        self.assertEqual(job.wait(timeout=DEADLINE_S), 3)
        self.assertLessEqual(REPORTS - {"captures"}, self.written())
        self.assertTrue(self.comment().startswith("### framespec: incomplete\n"), self.comment())

    def test_a_run_that_is_killed_has_reports_of_what_was_found(self):
        job = subprocess.Popen([SCRIPT, "run", "--launch", mutant("prefix_in_one_recv"), "--dialect", "int32"], cwd=self.folder, env=self.environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        wait_until(lambda: any(event.get("verdict") == "fail" for event in events_in(self.reports / "events.ndjson")))
        (run,) = Path(f"/proc/{job.pid}/task/{job.pid}/children").read_text().split()
        os.kill(int(run), signal.SIGKILL)
        shown, _ = job.communicate(timeout=DEADLINE_S)
        self.assertIn("framespec-ci: framespec was killed (status 137)", shown)
        self.assertEqual(job.returncode, 1, shown)
        self.assertEqual(self.written(), REPORTS)
        self.assertTrue(ElementTree.parse(self.reports / "junit.xml").findall(".//failure"))
        self.assertTrue(self.comment().startswith("### framespec: failed\n"), self.comment())

    def test_what_was_not_run_leaves_nothing_old(self):
        self.reports.mkdir()
        for name in ("events.ndjson", "comment.md", "somebody_else's"):
            (self.reports / name).write_text("old")
        done = self.call("run", "--no-such-option", code=2)
        self.assertIn("--no-such-option", done.stderr)
        self.assertEqual(self.written() - {"captures"}, {"somebody_else's"})

    def test_reports_go_where_they_are_wanted(self):
        for name, *given in (("with a space/here", "--reports", "with a space/here"), ("-x", "--reports", "-x"), ("a=b", "--reports=a=b")):
            self.reports = self.folder / name
            self.call(*given, "run", "--launch", mutant("none"), *SOME, code=0)
            self.assertEqual(self.written(), REPORTS)

    def test_what_is_wrong_is_said(self):
        for arguments, sentence in (((), "run or invariance is missing"), (("report",), "neither run nor invariance: 'report'"),
                                    (("--reports",), "--reports needs a value"), (("--baseline", "", "run"), "--baseline needs a value"),
                                    (("--reports=", "run"), "--reports needs a value"),
                                    (("run", "--json", "x"), "--json: that is written into the folder of --reports"),
                                    (("run", "--pcap=x"), "--pcap: that is written into the folder of --reports")):
            done = self.call(*arguments, code=2)
            self.assertIn(sentence, done.stderr)
            self.assertEqual((done.stdout, done.stderr.count("\n")), ("", 1))
        self.assertFalse(self.reports.exists())
        self.assertIn("usage: framespec-ci", self.call("--help", code=0).stdout)

    def test_a_service_that_is_no_echo_server(self):
        recording = self.folder / "talk.ndjson"
        subprocess.run([FRAMESPEC, "record", "--stream", "-", "-o", recording], input=b"\x01\x00\x00\x00x", capture_output=True, check=True)
        self.call("invariance", recording, "--launch", mutant("none"), code=0)
        self.assertEqual(self.written(), REPORTS)
        self.assertTrue(self.comment().startswith("### framespec: passed\n"), self.comment())


class Baseline(InAFolder):
    @classmethod
    def setUpClass(cls):
        cls.earlier = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix=f"framespec-ci-{os.getpid()}-")))
        for name, defect in (("right", "none"), ("split", "prefix_in_one_recv")):
            events = Run("--launch", mutant(defect), *SOME).events
            (cls.earlier / name).write_text("".join(json.dumps(event) + "\n" for event in events))

    def test_what_fails_newly_comes_first(self):
        done = self.call("--baseline", self.earlier / "right", "run", "--launch", mutant("prefix_in_one_recv"), *SOME, code=1)
        self.assertEqual(self.written(), REPORTS)
        first, _, whole = self.comment().partition("<details>")
        self.assertTrue(first.startswith("**framespec:** WORSE than "), first)
        self.assertIn("| newly failing | int32 · segmentation/one_byte | ", first)
        self.assertIn("### framespec: failed\n", whole)
        self.assertIn("newly failing  int32 · segmentation/one_byte", done.stdout)
        self.assertRegex(HtmlPage((self.reports / "report.html").read_text()).text, r"Changed since \S*right")

    def test_the_exit_code_stays_that_of_the_run(self):
        self.call("--baseline", self.earlier / "split", "run", "--launch", mutant("prefix_in_one_recv"), *SOME, code=1)
        self.assertTrue(self.comment().startswith("**framespec:** NOT WORSE than "), self.comment())

    def test_one_that_is_not_there_is_said(self):
        done = self.call("--baseline", self.folder / "missing", "run", "--launch", mutant("none"), *SOME, code=0)
        self.assertIn(f"there is no {self.folder / 'missing'}: nothing is compared\n", done.stderr)
        self.assertTrue(self.comment().startswith("### framespec: passed\n"), self.comment())
        self.assertTrue(self.comment().endswith("\n\nNot compared with an earlier run: there is no baseline.\n"), self.comment())

    def test_one_that_is_none_leaves_the_reports_and_the_exit_code(self):
        (self.folder / "none").write_text("no events\n")
        done = self.call("--baseline", self.folder / "none", "run", "--launch", mutant("none"), *SOME, code=0)
        self.assertIn("--against ", done.stderr)
        self.assertEqual(self.written(), REPORTS)
        self.assertTrue(self.comment().startswith("### framespec: passed\n"), self.comment())
        self.assertTrue(self.comment().endswith("\n\nNot compared with an earlier run: the baseline cannot be read; the log of the job says why.\n"))

    def test_it_is_not_overwritten(self):
        self.reports.mkdir()
        events = self.reports / "events.ndjson"
        events.write_bytes((self.earlier / "right").read_bytes())
        self.call("--baseline", events, "run", "--launch", mutant("none"), *SOME, code=2)
        self.assertEqual(events.read_bytes(), (self.earlier / "right").read_bytes())


class Documents(InAFolder):
    """What docs/ci.md gives to be copied does what it says."""

    def setUp(self):
        super().setUp()
        self.files = dict(BLOCK.findall((ROOT / "docs" / "ci.md").read_text()))
        self.environment |= {"PATH": f"{SCRIPT.parent}:{os.environ['PATH']}"}
        server = TESTEES / "python" / "echo_int32be.py"
        (self.folder / "my_server.py").write_text(f"import runpy, sys\nrunpy.run_path({str(server)!r}, run_name='__main__')\n")

    def follow(self, text):
        """As it stands, but for how many cases there are."""
        fewer = text.replace("--dialect int32be", "--dialect int32be --filter 'length/*/whole/*'")
        self.assertNotEqual(fewer, text)
        done = subprocess.run(["bash", "-c", fewer], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, timeout=DEADLINE_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.written(), REPORTS)

    def test_the_script_for_any_server(self):
        home = self.folder / "home"
        (home / "framespec").mkdir(parents=True)
        (home / "framespec" / "bin").symlink_to(SCRIPT.parent)
        self.environment["HOME"] = str(home)
        self.follow(self.files["check.sh"])

    def test_the_job_of_gitlab(self):
        job = read_yaml(self.files[".gitlab-ci.yml"])["framespec"]
        self.follow("\n".join(job["script"]))
        for kept in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
            self.assertTrue((self.folder / kept).exists(), kept)
        self.assertEqual(job["artifacts"]["when"], "always")


if __name__ == "__main__":
    unittest.main()

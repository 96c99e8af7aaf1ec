"""The services of conformance/services, as far as none is needed for it: what is written of them fits together, how one
is started and ended, and what is made of a run with one. ci/services runs them."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

from framespec_process import DEADLINE_S, FRAMESPEC, HERE

SERVICES = HERE.parent / "services"
ROOT = HERE.parents[1]
sys.path.insert(0, str(SERVICES))
import service_files  # noqa: E402
import services_table  # noqa: E402

RECORDING_BYTES_MAX = 4096
RUNS = ["sh", "-c", 'echo "$PWD" "$(cat told)"; exec sleep 1000']


class Written(unittest.TestCase):
    def for_each(self, check):
        names = service_files.names()
        self.assertGreaterEqual(len(names), 8)
        for name in names:
            with self.subTest(name):
                check(service_files.read(name))

    def test_each_is_as_its_schema_says(self):
        schema = json.loads((SERVICES / "service.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)

        def check(service):
            members = json.loads((service.folder / "service.json").read_text())
            self.assertEqual([], list(jsonschema.Draft202012Validator(schema).iter_errors(members)))

        self.for_each(check)

    def test_each_is_started_and_asked_on_the_port_that_is_filled_in(self):
        def check(service):
            words = [*service.prepare, *service.start, *service.files.values()]
            self.assertTrue(any("{port}" in word for word in words))
            self.assertTrue(any("{port}" in word for word in service.client))
            for word in words:
                self.assertLessEqual(set(re.findall(r"{(\w+)}", word)), {"port", "directory", "user", "group"})

        self.for_each(check)

    def test_it_is_told_why_one_is_not_pipelined(self):
        def check(service):
            told = any(remark["about"] == "not pipelined" for remark in service.remarks)
            self.assertNotEqual("--pipelined" in service.options, told)

        self.for_each(check)

    def test_ci_setup_installs_the_package_of_each(self):
        section = (ROOT / "ci/packages").read_text().split("[services]\n")[1]
        packages = {line.split()[0] for line in section.splitlines()}
        self.for_each(lambda service: self.assertIn(service.package, packages))

    def test_each_recording_is_one_and_small(self):
        def check(service):
            self.assertLess(service.recording.stat().st_size, RECORDING_BYTES_MAX)
            listed = subprocess.run([FRAMESPEC, "list", "--recording", service.recording], capture_output=True, text=True,
                                    timeout=DEADLINE_S, check=False)
            self.assertEqual((listed.returncode, listed.stderr), (0, ""))
            self.assertRegex(listed.stdout.splitlines()[0], "^sanity/")

        self.for_each(check)

    def test_the_guide_has_each(self):
        rows = (ROOT / "docs/services.md").read_text().splitlines()
        titles = {row.split("|")[1].strip() for row in rows if row.startswith("|")}
        self.for_each(lambda service: self.assertIn(service.title, titles))


class Started(unittest.TestCase):
    """A program that says where it runs, in place of a service."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o1777)  # Started by root, it is another user's.

    def start(self, **members):
        service = {"name": "", "title": "", "package": "", "client": [], "start": RUNS,
                   "files": {"told": "port {port}"}, **members}
        script = f"import sys, start; sys.exit(start.serve(start.service_files.Service(**{service!r}), 4711))"
        process = subprocess.Popen([sys.executable, "-c", script], cwd=SERVICES, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": str(self.folder)})
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def place_of(self, process):
        place, told, port = process.stdout.readline().split()
        self.assertEqual((told, port), ("port", "4711"))
        return Path(place)

    def test_it_runs_in_a_directory_of_its_own_which_goes_with_it(self):
        process = self.start()
        place = self.place_of(process)
        self.assertEqual(list(self.folder.iterdir()), [place])
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=DEADLINE_S)  # To the end of what the service, too, could write.
        self.assertEqual(process.returncode, 0)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_the_service_goes_with_its_starter_when_that_is_killed_and_its_directory_with_the_next_start(self):
        process = self.start()
        abandoned = self.place_of(process)
        process.kill()
        process.communicate(timeout=DEADLINE_S)
        lock = os.open(abandoned, os.O_RDONLY)
        self.addCleanup(os.close, lock)
        fcntl.flock(lock, fcntl.LOCK_EX)  # As soon as the service is gone.
        fcntl.flock(lock, fcntl.LOCK_UN)
        beside = self.place_of(self.start())
        last = self.place_of(self.start())
        self.assertEqual({beside, last}, set(self.folder.iterdir()))

    def test_its_own_end_is_told(self):
        process = self.start(start=["sh", "-c", "exit 7"])
        process.communicate(timeout=DEADLINE_S)
        self.assertEqual(process.returncode, 7)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_cannot_be_prepared_is_told_and_not_started(self):
        process = self.start(prepare=["sh", "-c", "echo no room; exit 3"])
        said = process.communicate(timeout=DEADLINE_S)
        self.assertEqual((process.returncode, said), (3, ("", "no room\n")))


def finding(case, verdict="fail"):
    return {"case": case, "verdict": verdict, "command": f"framespec invariance --filter {case}"}


class Judged(unittest.TestCase):
    """What services_table.py makes of a report."""

    def judged(self, *findings, explained=(), status=0, problem=None, deaths=0):
        service = service_files.Service(name="one", title="One", package="one", start=[], client=[],
                                        explained=[{"case": case, "why": "why", "source": "source"} for case in explained])
        run = {"findings": list(findings), "problem": problem, "deaths": {"times": deaths}}
        return services_table.judged(service, {"dialects": [run], "exit": {"reason": "a reason"}}, status)

    def test_what_is_explained_is_let_be(self):
        played = self.judged(finding("invariance/end_behind"), explained=["invariance/end_*"], status=1)
        self.assertEqual((len(played.explained), played.unexplained), (1, []))

    def test_all_else_is_told(self):
        for verdict in ("fail", "nonstrict", "inconclusive"):
            told = self.judged(finding("invariance/request", verdict), status=1).unexplained
            self.assertEqual(told, [f"invariance/request: {verdict}; framespec invariance --filter invariance/request"])
        self.assertEqual(self.judged(finding("invariance/request", "informational")).unexplained, [])
        self.assertEqual(self.judged(deaths=2, status=1).unexplained, ["it came to its end 2 times"])
        self.assertEqual(self.judged(problem={"reason": "no answer"}, status=3).unexplained, ["no answer"])
        self.assertEqual(self.judged(status=3).unexplained, ["exit code 3: a reason"])

    def test_an_explanation_of_what_does_not_happen_is_told(self):
        told = self.judged(explained=["invariance/end_behind"]).unexplained
        self.assertEqual(told, ["invariance/end_behind is explained, and does not happen any more"])


if __name__ == "__main__":
    unittest.main()

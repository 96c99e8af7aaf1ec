#!/usr/bin/env python3
"""The workflow of docs/tracking-your-benchmarks.md: its commands, carried out here on a pull request of a repository of its own.

usage: workflow_test.py FRAMESPEC-BENCH SPECIMENS_FOLDER
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SPECIMENS = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[3]
GUIDE = ROOT / "docs" / "tracking-your-benchmarks.md"
# Debian's own Python has Debian's python3-yaml. All scalars as they are written.
AS_JSON = "import json, sys, yaml; json.dump(yaml.load(sys.stdin, yaml.BaseLoader), sys.stdout)"

# "Builds" what was built for the test.
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(toy NONE)
file(COPY_FILE "{program}" "${{CMAKE_BINARY_DIR}}/toy_benchmark")
"""
# Instead of ci/build, which has built it.
BUILD = """#!/bin/sh
[ "$*" = "release framespec-bench" ] || exit 2
mkdir -p "$(dirname "$0")/../build/release/bin" && ln -s "{program}" "$(dirname "$0")/../build/release/bin/framespec-bench"
"""
GH = """#!/bin/sh
for argument; do case "$argument" in body=@*) cat "${argument#body=@}" >"$GH_BODY" ;; esac; done
"""


def workflow():
    text = re.search(r"<!-- workflow: benchmarks -->\n```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S).group(1)
    return json.loads(subprocess.run(["/usr/bin/python3", "-c", AS_JSON], input=text, capture_output=True, text=True, check=True).stdout)


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


class PullRequest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        self.git("init", "-q", "-b", "main")
        write_program(self.folder / "programs" / "gh", GH)

    def git(self, *arguments):
        command = ["git", "-c", "user.name=x", "-c", "user.email=x", *arguments]
        return subprocess.run(command, cwd=self.repository, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, specimen, message):
        (self.repository / "CMakeLists.txt").write_text(PROJECT.format(program=SPECIMENS / specimen), encoding="utf-8")
        # Where many projects keep theirs.
        (self.repository / "benchmarks").mkdir(exist_ok=True)
        (self.repository / "benchmarks" / "which").write_text(specimen, encoding="utf-8")
        self.git("add", "CMakeLists.txt", "benchmarks")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def run_job(self, mine, quick=""):
        """The exit codes of the steps, by their names, of a pull request with that specimen; main has gone on to a broken one meanwhile."""
        self.merge_base = self.commit("specimen_same", "begin")
        self.git("checkout", "-q", "-b", "mine")
        self.git("checkout", "-q", "main")
        base = self.commit("specimen_wrong", "go on")
        self.git("checkout", "-q", "mine")
        head = self.commit(mine, "a pull request")
        # What the two checkouts leave.
        self.git("checkout", "-q", "--detach", head)
        write_program(self.repository / ".framespec" / "ci" / "build", BUILD.format(program=PROGRAM))
        (self.repository / ".framespec" / "conformance").mkdir()
        (self.repository / ".framespec" / "conformance" / "ci").symlink_to(ROOT / "conformance" / "ci")
        values = {"github.event.pull_request.base.sha": base, "github.event.pull_request.number": "7", "github.token": "token"}
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GH_"))}
        ours |= {"PATH": f"{self.folder / 'programs'}:{os.environ['PATH']}", "HOME": str(self.folder), "GITHUB_REPOSITORY": "somebody/toy",
                 "GITHUB_SERVER_URL": "https://github.example", "GITHUB_RUN_ID": "4711", "GH_BODY": str(self.folder / "body")}
        codes, self.shown = {}, {}
        (job,) = workflow()["jobs"].values()
        self.assertEqual(job["defaults"], {"run": {"shell": "bash"}})
        for step in job["steps"]:
            if "run" not in step or "apt-get" in step["run"]:
                continue
            self.assertIn(step.get("if", "success()"), ("always()", "success()"))
            if any(codes.values()) and "if" not in step:
                continue
            self.assertNotIn("${{", step["run"])
            script = self.folder / "step.sh"
            script.write_text(step["run"].replace("bench compare ", f"bench compare {quick} "), encoding="utf-8")
            env = {name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], value) for name, value in step.get("env", {}).items()}
            done = subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script], cwd=self.repository, env=ours | env,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            codes[step["name"]], self.shown[step["name"]] = done.returncode, done.stdout
        return list(codes.values())

    def made(self):
        return {path.name for path in (self.repository / "framespec-benchmarks").iterdir()}

    def test_what_is_the_same_passes_with_all_that_is_kept(self):
        self.assertEqual(self.run_job("specimen_same", "--filter cpu --budget 0.1 --effect 50"), [0, 0, 0, 0], self.shown)
        self.assertEqual(self.made(), {"comment.md", "comparison.json", "bench.db", "report.html"})
        # With the merge base, and not with what main has become, which finds its own results wrong.
        saved = json.loads((self.repository / "framespec-benchmarks" / "comparison.json").read_text(encoding="utf-8"))
        self.assertEqual((saved["a"], saved["b"]), (self.merge_base, "HEAD"))
        body = (self.folder / "body").read_text(encoding="utf-8")
        self.assertTrue(body.startswith("<!-- framespec: benchmarks -->\n**1 same**\n\n| benchmark |"), body)
        self.assertTrue(body.endswith("(https://github.example/somebody/toy/actions/runs/4711)\n"), body)

    def test_what_is_worse_fails_with_all_that_is_kept(self):
        self.assertEqual(self.run_job("specimen_slower_twice", "--filter cpu --budget 0.1 --effect 50"), [0, 1, 0, 0], self.shown)
        self.assertEqual(self.made(), {"comment.md", "comparison.json", "bench.db", "report.html"})
        self.assertTrue((self.folder / "body").read_text(encoding="utf-8").startswith("<!-- framespec: benchmarks -->\n**1 worse**\n"))

    def test_a_side_that_is_wrong_fails_and_is_told(self):
        self.assertEqual(self.run_job("specimen_wrong"), [0, 3, 0, 0], self.shown)
        self.assertIn("B: the walk ended elsewhere", (self.folder / "body").read_text(encoding="utf-8"))

    def test_what_cannot_be_built_fails_and_has_no_comment(self):
        self.assertEqual(self.run_job("nonexistent"), [0, 3, 0, 0], self.shown)
        self.assertFalse((self.folder / "body").exists())

    @unittest.skipUnless(shutil.which("shellcheck"), "there is no shellcheck (ci/setup installs it)")
    def test_the_commands_are_clean(self):
        (job,) = workflow()["jobs"].values()
        for step in job["steps"]:
            if "run" in step:
                done = subprocess.run(["shellcheck", "--shell=bash", "-"], input=step["run"], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

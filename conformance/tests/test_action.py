"""action.yml: its steps' commands, carried out here on right and broken servers (action_steps.py)."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from action_steps import ROOT, Job, read_yaml
from example_workflows import WORKFLOW, example_workflows
from framespec_process import FRAMESPEC, Run, mutant

SOME = "--filter=segmentation/*/one_byte\n--filter=length/*/whole/empty\n"
INSTALL, RUN, COMMENT = "Install framespec", "Run framespec", "Comment on the pull request"
REPORTS = {"events.ndjson", "report.json", "junit.xml", "framespec.sarif", "report.html", "captures", "comment.md"}


class InAJob(unittest.TestCase):
    def job(self, **more):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix=f"framespec-action-{os.getpid()}-"))
        return Job(Path(folder), **more)

    def ran(self, job, defect, code, **inputs):
        """The job, run on a server with this defect."""
        result = job.run(**{"launch": mutant(defect), "dialect": "int32", "options": SOME, **inputs})
        self.assertEqual(result, code, job.shown)
        self.assertEqual(job.outputs.get("exit-code"), str(code))
        return job


class Steps(InAJob):
    def test_a_broken_server(self):
        job = self.ran(self.job(pull_request="7"), "prefix_in_one_recv", 1)
        self.assertEqual(job.outcomes, {INSTALL: 0, RUN: 1, COMMENT: 0})
        self.assertEqual((job.folder / "installed").read_text(), f"{job.folder}/temp/framespec\n")
        self.assertIn("::error title=framespec%3A int32 · segmentation/one_byte::", job.shown[RUN])
        summary = (job.folder / "GITHUB_STEP_SUMMARY").read_text()
        self.assertEqual(summary.count("### framespec: failed\n"), 1, summary)
        self.assertEqual(job.kept, {"framespec": REPORTS})
        self.assertEqual(list((job.folder / "workspace").iterdir()), [])
        looked, wrote = job.asked()
        self.assertEqual(looked[:4], ["api", "--paginate", "repos/somebody/server/issues/7/comments", "--jq"])
        self.assertIn('.user.login == "github-actions[bot]"', looked[4])
        self.assertIn('startswith("<!-- framespec: framespec -->")', looked[4])
        self.assertEqual(wrote[:4], ["api", "--method", "POST", "repos/somebody/server/issues/7/comments"])
        self.assertTrue(job.body().startswith("<!-- framespec: framespec -->\n### framespec: failed\n"), job.body())
        self.assertTrue(job.body().endswith("(https://github.example/somebody/server/actions/runs/4711)\n"), job.body())

    def test_a_right_server_and_a_comment_that_is_there(self):
        job = self.ran(self.job(pull_request="7", comments="1234\n5678\n"), "none", 0, name="my-server")
        self.assertEqual(job.kept, {"my-server": REPORTS})
        self.assertNotIn("::error", job.shown[RUN])
        looked, wrote = job.asked()
        self.assertIn('startswith("<!-- framespec: my-server -->")', looked[4])
        self.assertEqual(wrote[:4], ["api", "--method", "PATCH", "repos/somebody/server/issues/comments/1234"])
        self.assertTrue(job.body().startswith("<!-- framespec: my-server -->\n### framespec: passed\n"), job.body())

    def test_what_is_no_pull_request_has_no_comment(self):
        job = self.ran(self.job(), "none", 0)
        self.assertEqual((job.outcomes, job.asked()), ({INSTALL: 0, RUN: 0, COMMENT: 0}, []))

    def test_a_token_that_may_not_comment_fails_nothing(self):
        job = self.ran(self.job(pull_request="7", refuses="Resource not accessible by integration (HTTP 403)"), "none", 0)
        self.assertEqual(job.shown[COMMENT].count("\n"), 1, job.shown)
        self.assertRegex(job.shown[COMMENT], r"^::notice .*not commented on \(gh: Resource not accessible .*never for a fork\.$")
        job = self.job(pull_request="7")
        job.without_gh()
        self.assertIn("(there is no gh on this runner)", self.ran(job, "none", 0).shown[COMMENT])

    def test_inputs_are_options(self):
        job = self.job(pull_request="7")
        run = Run("--launch", mutant("prefix_in_one_recv"), "--dialect", "int32", *SOME.split())
        known = [{"cases": plan["id"], "failure": plan["failure"]["kind"], "reason": "it is old"} for plan in run.plans("fail")]
        lines = map(json.dumps, [{"format": "framespec-known-failing/1"}, *known])
        (job.folder / "workspace" / "known.ndjson").write_text("\n".join(lines) + "\n")
        self.ran(job, "prefix_in_one_recv", 0, known_failing="known.ndjson", cases="0.1", baseline="missing.ndjson")
        self.assertIn("there is no missing.ndjson: nothing is compared", job.shown[RUN])

    def test_where_framespec_is_there_it_is_taken(self):
        job = self.ran(self.job(path=[str(Path(FRAMESPEC).parent)]), "none", 0)
        self.assertFalse((job.folder / "installed").exists())

    def test_wrong_usage_has_its_exit_code_and_no_comment(self):
        job = self.ran(self.job(pull_request="7"), "none", 2, options="--no-such-option")
        self.assertEqual((job.outcomes, job.asked()), ({INSTALL: 0, RUN: 2, COMMENT: 0}, []))
        self.assertIn("--no-such-option", job.shown[RUN])

    def test_text_of_users_is_never_a_command(self):
        # What is launched is a command by nature: everything else is not.
        for name in ("server", "dialect", "known_failing", "cases", "baseline", "options", "name"):
            job = self.job(pull_request="7")
            ran = job.folder / "ran"
            job.run(**{"server": "127.0.0.1:1", "dialect": "int32", "cases": "0.0", name: f"x'\"; touch {ran} #$(touch {ran})`touch {ran}`"})
            self.assertIn(RUN, job.outcomes)
            self.assertFalse(ran.exists(), name)


class Comment(InAJob):
    def test_what_is_too_long_is_cut_between_lines(self):
        job = self.ran(self.job(pull_request="7"), "none", 0)
        (step,) = [step for step in job.action["runs"]["steps"] if step["name"] == COMMENT]
        line = "| a row that is not to be cut |"
        (Path(job.outputs["reports"]) / "comment.md").write_text(f"{line}\n" * 10_000)
        self.assertEqual(job.carry_out(step), 0)
        self.assertLess(len(job.body()), 65_536)
        marker, *rows = job.body().partition("\nToo long for a comment")[0].splitlines()
        self.assertEqual((marker, set(rows), len(rows) > 1000), ("<!-- framespec: framespec -->", {line}, True))

    def test_what_is_cut_folds_nothing_away(self):
        script, folder = ROOT / "conformance" / "ci" / "comment-on-pull-request", self.job().folder
        file = folder / "comment.md"
        file.write_text("worse\n\n<details><summary>all</summary>\n\n" + "| a row |\n" * 10_000 + "\n</details>\n")
        environment = {"PATH": f"{folder}/programs:/usr/bin:/bin", "PULL_REQUEST": "7", "GITHUB_REPOSITORY": "somebody/server", "GH_REFUSES": "",
                       "GH_ASKED": folder / "asked", "GH_BODY": folder / "body", "GH_COMMENTS": ""}
        done = subprocess.run([script, "framespec", file], env=environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        body = (folder / "body").read_text()
        self.assertLess(body.index("\n</details>\n"), body.index("Too long for a comment"))
        self.assertEqual(body.count("</details>"), 1)
        del environment["GITHUB_REPOSITORY"]
        done = subprocess.run([script, "framespec", file], env=environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (2, 1), done)

    def test_a_name_that_would_be_a_filter_is_refused(self):
        job = self.job(pull_request="7")
        self.assertEqual(job.run(server="127.0.0.1:1", dialect="int32", options="--filter=length/*/whole/empty", name='"|'), 3)
        self.assertEqual((job.outcomes[COMMENT], job.asked()), (2, []))


class Files(unittest.TestCase):
    def test_the_documents_have_the_inputs(self):
        text = (ROOT / "docs" / "ci.md").read_text()
        action = read_yaml((ROOT / "action.yml").read_text())
        rows = {name for row in re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", text, re.MULTILINE) for name in re.findall(r"[a-z-]+", row)}
        self.assertEqual(rows, set(action["inputs"]))
        workflows = example_workflows("ci.md")
        self.assertEqual(set(workflows), {"steps", "whole"})
        for workflow in workflows.values():
            steps = read_yaml(workflow)["jobs"]["framespec"]["steps"]
            (given,) = [step["with"] for step in steps if "/framespec@" in step.get("uses", "")]
            self.assertLessEqual(set(given), set(action["inputs"]))
        self.assertEqual(len(dict(WORKFLOW.findall(text))["steps"].splitlines()), 5)

    def test_every_input_is_used(self):
        text = (ROOT / "action.yml").read_text()
        for name in read_yaml(text)["inputs"]:
            self.assertIn(f"${{{{ inputs.{name} }}}}", text)

    @unittest.skipUnless(shutil.which("shellcheck"), "there is no shellcheck (ci/setup installs it)")
    def test_the_commands_of_steps_are_clean(self):
        for step in read_yaml((ROOT / "action.yml").read_text())["runs"]["steps"]:
            if "run" in step:
                done = subprocess.run(["shellcheck", "--shell=bash", "-"], input=step["run"], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()

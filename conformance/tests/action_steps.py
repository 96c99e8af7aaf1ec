"""Carries out the steps of action.yml here, as a runner of GitHub's would: its files, its environment, and a `gh` that only
writes down what it is asked."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE

ROOT = HERE.parents[1]
# Debian's own Python has Debian's python3-yaml.
AS_JSON = "import json, sys, yaml; json.dump(yaml.load(sys.stdin, yaml.BaseLoader), sys.stdout)"
EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")

# Writes down its arguments and the body; says which comments there are, or that it may do nothing.
GH = r"""#!/bin/sh
for argument; do
  printf '%s\n' "$argument" >>"$GH_ASKED"
  case "$argument" in body=@*) cat "${argument#body=@}" >"$GH_BODY" ;; esac
done
echo >>"$GH_ASKED"
if [ -n "$GH_REFUSES" ]; then echo "gh: $GH_REFUSES" >&2; exit 1; fi
case "$*" in *--jq*) printf '%s' "$GH_COMMENTS" ;; esac
"""
# Instead of building: what was built for the tests.
INSTALL = r"""#!/bin/sh
echo "$1" >>"$INSTALLED"
mkdir -p "$1" && ln -s "$BUILT" "$1/bin"
"""


def read_yaml(text):
    """All scalars as they are written, so that `on` is no truth value."""
    done = subprocess.run(["/usr/bin/python3", "-c", AS_JSON], input=text, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@dataclass
class Job:
    """A job in a fresh folder; `comments`: ids of the comments that gh tells of; `refuses`: what it says instead."""

    folder: Path
    pull_request: str = ""
    comments: str = ""
    refuses: str = ""
    path: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)      # artifact: names of its files
    outcomes: dict = field(default_factory=dict)  # step: exit code
    shown: dict = field(default_factory=dict)     # step: what it wrote
    outputs: dict = field(default_factory=dict)   # of the step `run`

    def __post_init__(self):
        self.action = read_yaml((ROOT / "action.yml").read_text())
        for name in ("workspace", "temp"):
            (self.folder / name).mkdir()
        # The action's checkout, but for what builds.
        checkout = self.folder / "action"
        write_program(checkout / "ci" / "install", INSTALL)
        (checkout / "conformance").mkdir()
        (checkout / "conformance" / "ci").symlink_to(ROOT / "conformance" / "ci")
        write_program(self.folder / "programs" / "gh", GH)
        self.path = [str(self.folder / "programs"), *self.path]

    def environment(self, step):
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GH_"))}
        return ours | {name: str(file) for name, file in files.items()} | {
            "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_ACTION_PATH": str(self.folder / "action"),
            "GITHUB_WORKSPACE": str(self.folder / "workspace"), "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "somebody/server", "GITHUB_RUN_ID": "4711",
            "GH_ASKED": str(self.folder / "asked"), "GH_BODY": str(self.folder / "body"), "GH_REFUSES": self.refuses,
            "GH_COMMENTS": self.comments, "BUILT": str(Path(FRAMESPEC).parent), "INSTALLED": str(self.folder / "installed"),
            "PATH": ":".join([*self.path, *(self.folder / "GITHUB_PATH").read_text().splitlines()[::-1], os.environ["PATH"]]),
            **{key: self.evaluated(value) for key, value in step.get("env", {}).items()}}

    def evaluated(self, text):
        """What GitHub puts in place of expressions; KeyError: one that the steps have not had so far."""
        values = {f"inputs.{name}": self.inputs.get(name, of.get("default", "")) for name, of in self.action["inputs"].items()}
        values |= {f"steps.run.outputs.{name}": self.outputs.get(name, "") for name in ("exit-code", "reports")}
        values |= {"github.token": "the-token", "github.event.pull_request.number": self.pull_request}
        return EXPRESSION.sub(lambda found: values[found[1]], text)

    def is_wanted(self, step, failed):
        condition = step.get("if", "success()")
        if condition == "success()":
            return not failed
        if condition == "always() && steps.run.outputs.reports != ''":
            return self.outputs.get("reports", "") != ""
        raise KeyError(condition)

    def run(self, **inputs):
        """Its result: the exit code of the first step that fails, else 0."""
        self.inputs = {name.replace("_", "-"): value for name, value in inputs.items()}
        failed = 0
        for step in self.action["runs"]["steps"]:
            if not self.is_wanted(step, failed):
                continue
            if "uses" in step:
                given = {name: self.evaluated(value) for name, value in step["with"].items()}
                self.kept[given["name"]] = {file.name for file in Path(given["path"]).iterdir()}
                continue
            code = self.carry_out(step)
            failed = failed or code
        return failed

    def carry_out(self, step):
        if "${{" in step["run"] or step["shell"] != "bash":
            raise AssertionError(f"text of users in a command, or an unknown shell: {step}")
        script = self.folder / "step.sh"
        script.write_text(step["run"])
        done = subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script], cwd=self.folder / "workspace",
                              env=self.environment(step), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=DEADLINE_S, check=False)
        self.outcomes[step["name"]], self.shown[step["name"]] = done.returncode, done.stdout
        if step.get("id") == "run":
            self.outputs = dict(line.split("=", 1) for line in (self.folder / "GITHUB_OUTPUT").read_text().splitlines())
        return done.returncode

    def asked(self):
        """What gh was asked: a list of arguments for each call."""
        file = self.folder / "asked"
        return [call.splitlines() for call in file.read_text().split("\n\n")[:-1]] if file.exists() else []

    def body(self):
        return (self.folder / "body").read_text()

    def without_gh(self):
        """As on a runner that has none."""
        (self.folder / "programs" / "gh").unlink()
        if shutil.which("gh"):
            raise RuntimeError("a real gh is in the way")

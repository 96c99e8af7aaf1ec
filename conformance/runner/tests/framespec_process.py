"""Runs `framespec` as a user does, and reads its report."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

FRAMESPEC = os.environ["FRAMESPEC"]
HERE = Path(__file__).resolve().parent
TESTEES = HERE.parents[1] / "testees"
DEADLINE_S = 900  # of a whole run, on a machine that is busy with others


class Run:
    """One finished run: exit code, both outputs, and the report if one was written."""

    def __init__(self, *arguments, stdin=None, env=None):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            self.command = [FRAMESPEC, "run", *map(str, arguments)]
            if "--json" not in self.command:
                self.command += ["--json", str(report)]
            done = subprocess.run(self.command, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=DEADLINE_S, check=False,
                                  env=None if env is None else os.environ | env)
            self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr
            self.report = json.loads(report.read_text()) if report.exists() else None

    def plans(self, verdict=None):
        return [plan for dialect in self.report["dialects"] for plan in dialect["plans"]
                if verdict is None or plan["verdict"] == verdict]

    def cases(self, *verdicts):
        """The cases with a plan of one of these verdicts."""
        return {plan["case"] for plan in self.plans() if plan["verdict"] in verdicts}

    def finding(self, case, unsplit):
        for dialect in self.report["dialects"]:
            for finding in dialect["findings"]:
                if finding["case"] == case and finding["unsplit"] == unsplit:
                    return finding
        raise AssertionError(f"no finding for {case} (unsplit: {unsplit})\n{self}")

    def __str__(self):
        return (f"$ {shlex.join(self.command)}\nexit code {self.code}\n{self.stdout[-6000:]}\n"
                f"{self.stderr[-2000:]}")


def python_testee(program, *arguments):
    """A --launch command for a Python program."""
    return " ".join([shlex.quote(sys.executable), shlex.quote(str(program)), "{port}", *arguments])


def mutant(defect, dialect="int32"):
    return python_testee(HERE / "mutant_server.py", "--defect", defect, "--dialect", dialect)


def processes_with(word):
    """Command lines of living processes that hold `word`, but for this one and `framespec` itself."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and any(word.encode() in each for each in words):
            found.append(b" ".join(words).decode(errors="replace"))
    return found

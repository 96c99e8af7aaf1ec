"""Runs `framespec` as a user does, and reads its report."""

import ctypes
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FRAMESPEC = os.environ["FRAMESPEC"]
HERE = Path(__file__).resolve().parent
TESTEES = HERE.parent / "testees"
PLANTED = TESTEES / "planted"
COMPILED = os.environ.get("FRAMESPEC_COMPILED", "")  # the folder of the planted servers that are built
sys.path[:0] = [str(TESTEES), str(PLANTED)]
from capabilities import dropping  # noqa: E402
from launch_command import python_testee  # noqa: E402

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
DEADLINE_S = 900  # of a whole run, on a machine that is busy with others
SHORT_S = "1"  # for which a broken testee is waited again and again; where it is at work, so long of the processor's time
SHORT = "--time-limit", SHORT_S


class Run:
    """One finished run: exit code, both outputs, and the report if one was written. `without`: a capability that
    framespec does not have. Its events tell the same: `framespec report` makes the same of them."""

    subcommand = "run"

    def __init__(self, *arguments, stdin=None, env=None, without=-1):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            events = Path(folder) / "events.ndjson"
            self.command = [FRAMESPEC, self.subcommand, *map(str, arguments), "--events", str(events)]
            if "--json" not in self.command:
                self.command += ["--json", str(report)]
            done = subprocess.run(self.command, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=DEADLINE_S, check=False,
                                  env=None if env is None else os.environ | env,
                                  preexec_fn=dropping(without) if without >= 0 else None)
            self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr
            self.report = json.loads(report.read_text()) if report.exists() else None
            self.events = events_in(events)
            if self.events:
                self.expect_the_same_of(events, report)

    def expect_the_same_of(self, events, report):
        again = events.with_name("again.json")
        done = subprocess.run([FRAMESPEC, "report", events, "--json", again], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        same = (done.returncode, done.stdout) == (self.code, self.stdout)
        if report.exists():
            same = same and again.read_bytes() == report.read_bytes()
        if not same:
            raise AssertionError(f"framespec report makes something else of the events\n{done}\n{self}")

    def plans(self, verdict=None):
        return [plan for dialect in self.report["dialects"] for plan in dialect["plans"]
                if verdict is None or plan["verdict"] == verdict]

    def judged(self):
        """Without those that are listed only, for want of an option."""
        return [plan for plan in self.plans() if plan["verdict"] != "not_run" or "(--" not in plan["reason"]]

    def cases(self, *verdicts):
        """The cases with a plan of one of these verdicts."""
        return {plan["case"] for plan in self.plans() if plan["verdict"] in verdicts}

    def finding(self, case, unsplit):
        for dialect in self.report["dialects"]:
            for finding in dialect["findings"]:
                if finding["case"] == case and finding["unsplit"] == unsplit:
                    return finding
        raise AssertionError(f"no finding for {case} (unsplit: {unsplit})\n{self}")

    def commands(self):
        """Those that the summary offers to run again."""
        return re.findall(r"^ +again +(.*)$", self.stdout, re.MULTILINE)

    def __str__(self):
        return (f"$ {shlex.join(self.command)}\nexit code {self.code}\n{self.stdout[-6000:]}\n"
                f"{self.stderr[-2000:]}")


class InvarianceRun(Run):
    """The same of `framespec invariance`."""

    subcommand = "invariance"


def events_in(file):
    """The events in a file, none where it is not there; a last line that is cut off is left out."""
    lines = file.read_text().splitlines(keepends=True) if file.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def pasted(command, **more):
    """The command, run as by somebody who pastes it into a shell."""
    return subprocess.run(["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False, **more)


def mutant(defect, dialect="int32"):
    return python_testee(PLANTED / "mutant_server.py", "--defect", defect, "--dialect", dialect)


def a_test_for_each(check, items, of):
    """Makes `check`, a method of a TestCase that takes an item, a test for each of the `items`, named after its key: so
    that each runs by itself, and beside others (part.py). `of`: how many there must be."""
    owner = sys.modules[check.__module__].__dict__[check.__qualname__.split(".")[0]]
    for key, item in items.items():
        name = re.sub(r"\W", "_", f"test_{key}_{check.__name__}")
        if hasattr(owner, name):
            raise ValueError(f"two tests would be called {name}")
        setattr(owner, name, lambda test, item=item: check(test, item))
    if len(items) != of:
        raise ValueError(f"{len(items)} items of {check.__qualname__} have a name of their own, not {of}")


def adopt_orphans():
    """Makes this process the parent of whatever a run leaves behind, so that descendants() sees it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def living_processes():
    """(process, parent, command line) of everything that runs on this machine; zombies do not."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # it has ended meanwhile
        if state != "Z":
            yield int(folder.name), int(parent), command


def descendants():
    """Command lines of the living processes that this one has started, directly or not: whatever else
    runs on the machine is none of a test's business."""
    processes = list(living_processes())
    ours = {os.getpid()}
    while more := {process for process, parent, _ in processes if parent in ours} - ours:
        ours |= more
    return [command for process, _, command in processes if process in ours - {os.getpid()}]


def wait_until(condition):
    """Waits for something that must happen, and that nobody tells of. Whether it has, the caller asserts."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)


adopt_orphans()
# Whoever ran the tests by nohup, or by `&` in a script, has all that they start ignore Ctrl-C, which some of them send.
signal.signal(signal.SIGINT, signal.default_int_handler)

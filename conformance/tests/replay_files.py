"""`framespec replay`, and replay files for tests: made of what `framespec list --json` says of a case."""

import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, SHORT, Run

ROOT = HERE.parents[1]
DIALECTS = ROOT / "protocol/dialects"
# Of these, cases or checks of one, a case of its own cannot be made: it has more bytes than are written out, or its times
# are the testee's.
NO_CASE = {"announced_and_not_sent-well_begun", "json_header/largest_header", "length/ten_thousand",
           "memory/announced_by_many", "memory/announced_by_many_small", "memory/reserved_by_many", "reserved-well_begun",
           "timing/dribbled_frame", "timing/frame_after_frame", "timing/just_in_time", "timing/unfinished_frame"}


class Replay:
    """One finished `framespec replay`."""

    def __init__(self, *arguments, text=True, **more):
        self.command = [FRAMESPEC, "replay", *map(str, arguments)]
        done = subprocess.run(self.command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=DEADLINE_S,
                              check=False, text=text, **{"stdout": subprocess.PIPE, **more})
        self.code, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr

    def __str__(self):
        return f"$ {shlex.join(self.command)}\nexit code {self.code}\n{self.stdout}\n{self.stderr}"


def listed(*arguments):
    """The cases that these options choose, as objects."""
    done = subprocess.run([FRAMESPEC, "list", "--json", *map(str, arguments)], capture_output=True, text=True,
                          timeout=DEADLINE_S, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def dialect_file(name, max_payload=None):
    dialect = json.loads((DIALECTS / f"{name}.json").read_text(encoding="utf-8"))
    if max_payload is not None:
        dialect.setdefault("payload", {})["maximum"] = max_payload
    return dialect


def is_whole(case):
    """Whether its bytes are all there: of large ones there are size and md5 alone."""
    return "_md5" not in json.dumps(case["steps"])


def replay_of(case, failure=None, **members):
    """The lines of a replay file of a listed case, as objects."""
    head = {"format": "framespec-replay/1", "id": case["id"], "title": case["title"], "rules": case["rules"],
            "dialect": dialect_file(case["dialect"], case["max_payload"]),
            "main_stays_open": case["main_stays_open"], "origin": {"tool": "framespec", "testee": "./server {port}"}}
    last = [failure] if failure else []
    return [{**head, **members}, *case["steps"], *last]


def failure(kind="no_answer", expected="frame 1 of 1", came="nothing for 5 s", at_sentinel=False):
    return {"failure": kind, "expected": expected, "came": came, "at_sentinel": at_sentinel}


def write(folder, lines, name="found.ndjson"):
    """The file of these lines, objects or texts."""
    path = Path(folder) / name
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8", errors="surrogateescape")
    return path


def the_case(case_id, dialect="int32"):
    cases = listed("--dialect", dialect, "--filter", case_id)
    if len(cases) != 1:
        raise AssertionError(f"{case_id} is {len(cases)} cases")
    return cases[0]


def those_that_come_round(planted, kind):
    """Of which planted defects the findings are held against comes_round(): of all, or where the run is to be short, as in
    .ci/run (FRAMESPEC_SHORT=1), of the first of each kind."""
    if os.environ.get("FRAMESPEC_SHORT") != "1":
        return set(planted)
    first = {}
    for each in planted:
        first.setdefault(kind(each), each)
    return set(first.values())


def comes_round(test, run, check, planted, defect, twin):
    """A finding is played from the events of its run, from a replay file made of them, and as a case made of that: it is
    still so, and no longer in the right twin. `defect`, `twin`: the options that say what is tested."""
    limit = SHORT
    with tempfile.TemporaryDirectory() as folder:
        events = write(folder, run.events, "events.ndjson")
        # Where one check failed it need not be said which.
        which = [] if len(run.plans(planted.level)) == 1 else ["--id", check]
        played = Replay(events, *which, *defect, *limit)
        test.assertEqual(played.code, 1, played)
        test.assertIn("\n  verdict   still so: it fails as it did", played.stdout, played)
        file = Path(folder) / "found.ndjson"
        file.write_text(Replay(events, "--id", check, "--as-file").stdout)
        fixed = Replay(file, *twin, *limit)
        test.assertEqual(fixed.code, 0, fixed)
        case = Path(folder) / "case.json"
        made = Replay(file, "--as-case")
        is_none = not NO_CASE.isdisjoint({planted.case, check.rpartition("/")[2]})
        test.assertEqual(made.code, 2 if is_none else 0, made)
        if is_none:
            test.assertIn("no case can be what this replay is: ", made.stderr)
            return
        case.write_text(made.stdout)
        again = Run("--suites", case, "--dialect", planted.dialect, *planted.options, *defect, *limit)
        test.assertEqual(again.code, 1, again)

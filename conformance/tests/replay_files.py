"""`framespec replay`, and replay files for tests: made of what `framespec list --json` says of a case."""

import json
import shlex
import subprocess
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE

ROOT = HERE.parents[1]
DIALECTS = ROOT / "protocol/dialects"


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

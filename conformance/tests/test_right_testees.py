"""What the testees' README says to expect of each: those that are to pass do, but for the cases named there. They share the
cases; `ci/twins` runs all on each."""

import re
import shlex
import sys
import unittest
from pathlib import Path

from framespec_process import TESTEES, Run, a_test_for_each

ROW = re.compile(r"^\| \[(?P<path>[^]]+)\][^|]*\| (?P<dialects>[^|]+) \| `(?P<command>[^`]+)` \| (?P<expect>[^|]+) \|$",
                 re.MULTILINE)


def what_concerns(path, number):
    """The largest payloads take most of the time that a Python testee needs; but they are what MySQL's is there for."""
    if "mysql" in path:
        return ("--filter", "length/*")
    return ("--shard", f"{1 + number % SHARDS}/{SHARDS}", *(("--max-payload", 1 << 20) if path.startswith("python/") else ()))


SHARDS = 3
# Of a testee that has several dialects: those that are least like the others'. `ci/twins` runs the others.
EXAMPLES = {"echo_asyncio": ("json",), "echo_dialect": ("amqp091", "mqtt"), "echo_packet": ("int32be",)}


def rows():
    """(path, dialects, launch command with {dialect}, what to expect) of the table "What is here"."""
    for row in ROW.finditer((TESTEES / "README.md").read_text(encoding="utf-8")):
        # The table's commands are for its own folder and name one dialect of those that it lists.
        command = re.sub(r"--dialect \S+", "--dialect {dialect}", row["command"])
        command = command.replace("{port}", "--max-payload {max_payload} {port}")
        # This interpreter: another "python3" may be a script that looks for one first, a hundred times.
        command = re.sub(r"^python3\b", shlex.quote(sys.executable), command)
        dialects = EXAMPLES.get(Path(row["path"]).stem, row["dialects"].split(", "))
        yield row["path"], dialects, command.replace(row["path"], str(TESTEES / row["path"])), \
            row["expect"]


class RightTestees(unittest.TestCase):
    def passes_everything_but_what_its_row_says(self, row):
        number, path, dialect, command, expect = row
        excepted = re.search(rf"except (.+) in .*\b{dialect}\b", expect)
        run = Run("--launch", command, "--dialect", dialect, *what_concerns(path, number))
        to_fail = {case for case in excepted[1].split(", ") if case in {plan["case"] for plan in run.plans()}} if excepted else set()
        self.assertEqual(run.cases("fail"), to_fail, run)
        self.assertEqual(run.code, 1 if to_fail else 0, run)
        self.assertGreater(len(run.cases("pass")), 4, run)

    def test_a_server_of_mysql_is_right_with_a_limit_of_its_own_too(self):
        path, _, command, _ = next(row for row in rows() if "mysql" in row[0])
        run = Run("--launch", command, "--dialect", "mysql", "--max-payload", 1 << 16, "--filter", "*/whole/*")
        self.assertEqual(run.cases("fail", "nonstrict"), set(), f"{path}: {run}")
        self.assertIn("length/too_large", run.cases("pass"), run)


RIGHT = [(path, dialect, command, expect) for path, dialects, command, expect in rows() if expect.startswith("pass")
         for dialect in dialects]
a_test_for_each(RightTestees.passes_everything_but_what_its_row_says,
                {f"{Path(row[0]).stem}_{row[1]}": (number, *row) for number, row in enumerate(RIGHT)}, of=6)


if __name__ == "__main__":
    unittest.main()

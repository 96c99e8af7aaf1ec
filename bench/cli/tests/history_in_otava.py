#!/usr/bin/env python3
"""What framespec-bench exports for Apache Otava is read by it, and the same change found.

usage: history_in_otava.py FRAMESPEC-BENCH OTAVA
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from made_report import write_runs

PROGRAM, OTAVA = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "benchmark-history.md"


class Otava(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.said("import", "bench.db", *write_runs(self.folder))

    def said(self, *arguments, program=PROGRAM):
        ended = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=self.folder,
                               env={**os.environ, "OTAVA_CONFIG": "otava.yaml"})
        self.assertEqual(ended.returncode, 0, ended)
        return ended.stdout

    def test_both_find_the_same_change(self):
        self.assertRegex(self.said("history", "bench.db"), r"10\.0 % slower from 110000000000 \(run 11\) on")
        self.said("export", "bench.db", "otava", "--out", "p.csv")
        config = re.search(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S).group(1)
        (self.folder / "otava.yaml").write_text(config, encoding="utf-8")
        found = self.said("analyze", "parse", "--since", "2026-01-01", program=OTAVA)
        changes = [line for line in found.splitlines() if "%" in line]
        self.assertEqual(len(changes), 1, found)
        self.assertIn("+10.0%", changes[0])
        # It stands above the row of the first run behind the change.
        behind = found.splitlines()[found.splitlines().index(changes[0]) + 1:]
        first = next(line for line in behind if re.match(r"\d{4}-", line))
        self.assertTrue(first.startswith("2026-10-11"), found)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)

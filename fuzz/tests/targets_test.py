#!/usr/bin/env python3
"""What belongs to a fuzz target belongs to one of targets.txt, and docs/fuzzing.md tells of each."""

import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
FUZZ = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FUZZ))
import make_corpus  # noqa: E402  the folder above is only now on the path

TARGETS = list(make_corpus.target_names())
NEGATIVE = "planted_bug"


class Targets(unittest.TestCase):
    def test_there_are_some_and_each_once(self):
        self.assertGreaterEqual(len(TARGETS), 5)
        self.assertEqual(len(set(TARGETS)), len(TARGETS))

    def test_every_source_of_this_folder_is_one(self):
        sources = {path.stem for path in (FUZZ / "targets").glob("*.cc")}
        self.assertLessEqual(sources, {*TARGETS, NEGATIVE})

    def test_no_input_and_no_dictionary_is_of_another(self):
        for pattern in ("corpus/*", "regressions/*", "dictionaries/*"):
            for path in FUZZ.glob(pattern):
                self.assertIn(path.stem, TARGETS, path)

    def test_the_tables_of_the_guide_have_each_in_order(self):
        tables = (FUZZ.parent / "docs/fuzzing.md").read_text(encoding="utf-8").split("\n| target |")[1:]
        self.assertEqual(len(tables), 2)
        for table in tables:
            rows = re.findall(r"^\| `([^`]+)` \|", table.split("\n\n")[0], re.M)
            self.assertEqual(rows, [*TARGETS, NEGATIVE])


if __name__ == "__main__":
    unittest.main()

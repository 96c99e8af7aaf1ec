#!/usr/bin/env python3
"""framespec-bench growth on files whose exponents are known.

usage: growth_test.py FRAMESPEC-BENCH
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv[1]
SIZES = (1, 4, 16, 64, 256)


def rows(name, exponent):
    for size in SIZES:
        for index, noise in enumerate((1, 1.001, 0.999)):
            time = 10 * size ** exponent * noise
            yield {"name": name.format(size), "run_name": name.format(size), "run_type": "iteration", "repetition_index": index,
                   "iterations": 10, "real_time": time, "cpu_time": time, "time_unit": "ns"}


class Growth(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.file = pathlib.Path(temporary.name) / "result.json"
        self.write([*rows("linear/frames:{}/a", 1), *rows("square/frames:{}/a", 2)])

    def write(self, benchmarks):
        self.file.write_text(json.dumps({"context": {"executable": "./p"}, "benchmarks": list(benchmarks)}), encoding="utf-8")

    def growth(self, *arguments):
        return subprocess.run([PROGRAM, "growth", *map(str, arguments)], capture_output=True, text=True, check=False)

    def test_the_exponent_of_each_family_is_a_line(self):
        ended = self.growth(self.file)
        self.assertEqual(ended.returncode, 0, ended)
        self.assertEqual(ended.stdout.splitlines(), [
            "linear/frames:N/a  N^1.00 (1.00 to 1.00)   10 ns at 1, 2.56 us at 256",
            "square/frames:N/a  N^2.00 (2.00 to 2.00)   10 ns at 1, 655 us at 256"])

    def test_what_exceeds_the_limit_is_marked_and_is_the_exit_code(self):
        ended = self.growth(self.file, "--at-most", 1.05)
        self.assertEqual(ended.returncode, 1, ended)
        linear, square = ended.stdout.splitlines()
        self.assertNotIn("above", linear)
        self.assertTrue(square.endswith("  above 1.05"), square)
        self.assertEqual(self.growth(self.file, "--at-most", 2.05).returncode, 0)

    def test_a_filter_leaves_the_rest_out(self):
        ended = self.growth(self.file, "--at-most", 1.05, "--filter", "^linear")
        self.assertEqual((ended.returncode, len(ended.stdout.splitlines())), (0, 1), ended)

    def test_several_files_are_told_one_after_the_other(self):
        self.assertEqual(len(self.growth(self.file, self.file).stdout.splitlines()), 4)

    def test_nothing_to_tell_of_is_wrong_usage(self):
        self.write(rows("same", 0))
        ended = self.growth(self.file)
        self.assertEqual(ended.returncode, 2, ended)
        self.assertIn("names that differ in one number", ended.stderr)

    def test_what_cannot_be_read_is_named(self):
        other = self.file.with_name("other.json")
        other.write_text("no JSON", encoding="utf-8")
        for file in ("/nonexistent/x.json", str(other)):
            with self.subTest(file):
                ended = self.growth(file)
                self.assertEqual(ended.returncode, 3, ended)
                self.assertIn(file, ended.stderr)

    def test_a_limit_that_is_no_number_is_wrong_usage(self):
        self.assertEqual(self.growth(self.file, "--at-most", "nan").returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

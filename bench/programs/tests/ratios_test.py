#!/usr/bin/env python3
"""What ratios.py prints for known times, and what it says of files it cannot use."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import ratios  # noqa: E402  the folder above is only now on the path


def row(name, items_per_second, **more):
    return {"name": name, "run_name": name, "run_type": "iteration", "cpu_time": 1, "time_unit": "ns",
            "items_per_second": items_per_second, **more}


class Ratios(unittest.TestCase):
    def run_on(self, document):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(document if isinstance(document, str) else json.dumps({"benchmarks": document}))
            file.flush()
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = ratios.main([file.name])
            return code, out.getvalue(), err.getvalue()

    def test_half_the_speed_of_the_yardstick_is_one_half(self):
        code, out, _ = self.run_on([row("g/c/yardstick_x", 2e6), row("g/c/ours", 1e6)])
        self.assertEqual(code, 0)
        self.assertRegex(out, r"ours +1000\.00 ns +0\.500")

    def test_the_median_of_repetitions_counts_and_aggregates_do_not(self):
        code, out, _ = self.run_on([
            row("g/c/yardstick_x", 1e6), row("g/c/ours", 1e6), row("g/c/ours", 4e6), row("g/c/ours", 2e6),
            row("g/c/ours", 9e9, run_type="aggregate")])
        self.assertEqual(code, 0)
        self.assertRegex(out, r"ours +500\.00 ns +2\.000 +± 75%")

    def test_without_items_the_cpu_time_counts(self):
        rows = [row("g/c/yardstick_x", 1e6), row("g/c/ours", 0, cpu_time=2, time_unit="us")]
        del rows[1]["items_per_second"]
        self.assertRegex(self.run_on(rows)[1], r"ours +2000\.00 ns +0\.500")

    def test_cases_are_in_order_of_their_numbers_and_the_yardstick_comes_first(self):
        out = self.run_on([row(f"g/size:{size}/{contender}", 1e6) for size in (16, 4, 64) for contender in ("b", "a", "yardstick_x")])[1]
        self.assertEqual([line.split()[1] for line in out.splitlines() if line.startswith("g ")], ["size:4", "size:16", "size:64"])
        self.assertEqual([line.split()[0] for line in out.splitlines() if line.startswith("  ") and " ns " in line],
                         ["yardstick_x", "a", "b"] * 3)

    def test_long_times_have_a_larger_unit_and_small_speeds_two_digits(self):
        out = self.run_on([row("g/c/yardstick_x", 1e6), row("g/c/ours", 2), row("g/c/theirs", 1 / 200)])[1]
        self.assertRegex(out, r"ours +500\.00 ms +2e-06 ")
        self.assertRegex(out, r"theirs +200\.00 s ")
        self.assertRegex(self.run_on([row("g/c/yardstick_x", 1e6), row("g/c/ours", 2.5e3)])[1], r"ours +400\.00 us +0\.0025 ")

    def test_a_failed_benchmark_fails_the_run_and_is_named(self):
        code, _, err = self.run_on([row("g/c/yardstick_x", 1e6),
                                    row("g/c/ours", 1, error_occurred=True, error_message="frames are missing")])
        self.assertEqual(code, 1)
        self.assertIn("g/c/ours: frames are missing", err)

    def test_a_case_without_yardstick_is_refused(self):
        code, _, err = self.run_on([row("g/c/ours", 1e6)])
        self.assertEqual(code, 3)
        self.assertIn("yardstick_", err)

    def test_a_file_that_is_not_a_result_is_refused(self):
        for text in ("", "[]", "{}", "{\"benchmarks\": 1}", "not json"):
            with self.subTest(text):
                code, _, err = self.run_on(text)
                self.assertEqual(code, 3)
                self.assertIn("ratios.py:", err)

    def test_a_missing_file_is_named(self):
        err = io.StringIO()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
            self.assertEqual(ratios.main(["/nonexistent/x.json"]), 3)
        self.assertIn("/nonexistent/x.json", err.getvalue())


if __name__ == "__main__":
    unittest.main()

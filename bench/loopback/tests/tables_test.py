#!/usr/bin/env python3
"""What tables.py prints for known figures, and what it says of files it cannot use."""

import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import tables  # noqa: E402  the folder above is only now on the path


def row(name, real_time, **more):
    return {"name": name, "run_name": f"{name}/iterations:1/manual_time", "run_type": "iteration", "real_time": real_time,
            "server_cpu": real_time / 2, "p50": 1000, "p99": 20_000, "p999": 3e6, **more}


class Tables(unittest.TestCase):
    def run_on(self, document):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(document if isinstance(document, str) else json.dumps({"benchmarks": document}))
            file.flush()
            out, err = io.StringIO(), io.StringIO()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = tables.main([file.name])
            return code, out.getvalue(), err.getvalue()

    def test_speeds_are_ratios_of_medians_with_half_the_range(self):
        case = "echo_closed/64B_connections:"
        code, out, _ = self.run_on([row(f"{case}256/netty", 4000), row(f"{case}256/yardstick_bare_echo", 2000),
                                    *(row(f"{case}16/framespec-server", time) for time in (1900, 2000, 2500)),
                                    row(f"{case}16/yardstick_bare_echo", 1000)])
        self.assertEqual(code, 0)
        self.assertIn("**Closed loop, 64 B frames: frames a second**", out)
        self.assertIn("| connections | bare echo | framespec-server | netty |", out)
        self.assertIn("| 16 | 1,000,000/s | 0.50 ±15% |  |\n| 256 | 500,000/s |  | 0.50 ±0% |", out)
        self.assertIn("| 16 | 500 ns a frame | 0.50 ±15% |  |", out)

    def test_latencies_of_the_open_loop_are_percentiles(self):
        out = self.run_on([row("echo_open/64KiB_rate:500_connections:1/go-std", 5)])[1]
        self.assertIn("**Open loop, 64 KiB frames, 500 a second: latency, p50 · p99 · p99.9**", out)
        self.assertIn("| 1 | 1 us · 20 us · 3 ms |", out)

    def test_a_file_is_told_by_its_speed(self):
        out = self.run_on([row("bulk/json_md5/yardstick_md5", 1_048_576), row("bulk/json_md5/framespec", 2_097_152)])[1]
        self.assertIn("| json md5: md5 | 1,000 MB/s |  |\n| json md5: framespec | 500 MB/s | 0.50 ±0% |", out)

    def test_what_was_not_measured_has_no_figure(self):
        case = "echo_closed/64B_connections:16"
        for nothing in ("x", "yardstick_bare_echo"):
            out = self.run_on([row(f"{case}/{name}", 1000, server_cpu=0 if name == nothing else 500) for name in ("x", "yardstick_bare_echo")])[1]
            self.assertIn("| 16 | 1,000,000/s | 1.00 ±0% |", out)
            self.assertIn("| 16 | 500 ns a frame |  |" if nothing == "x" else "| 16 |  | 500 ns a frame |", out)
        self.assertIn("| int64: framespec | 1,000 MB/s |  |", self.run_on([row("bulk/int64/framespec", 1_048_576)])[1])

    def test_a_time_has_the_unit_of_its_three_digits(self):
        self.assertEqual([tables.time(time) for time in (999.4, 999.6, 999_600, 1e9)], ["999 ns", "1 us", "1 ms", "1 s"])

    def test_a_failed_benchmark_fails_the_run_and_is_named(self):
        code, _, err = self.run_on([row("bulk/int64/framespec", 1, error_occurred=True, error_message="no file")])
        self.assertEqual((code, err), (1, "tables.py: bulk/int64/framespec: no file\n"))

    def test_a_file_that_is_not_a_result_is_refused(self):
        for text in ("", "[]", "{}", "{\"benchmarks\": 1}"):
            with self.subTest(text):
                code, _, err = self.run_on(text)
                self.assertEqual(code, 3)
                self.assertIn("tables.py:", err)


if __name__ == "__main__":
    unittest.main()

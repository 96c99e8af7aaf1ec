#!/usr/bin/env python3
"""loopback_benchmark where something is amiss: what it says then, and that it leaves nothing behind.

usage: trouble_test.py LOOPBACK-BENCHMARK
"""

import json
import os
import pathlib
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv[1]


class Trouble(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.files = self.folder / "files"
        self.files.mkdir()

    def tearDown(self):
        self.temporary.cleanup()

    def started(self, pattern, *options, **how):
        how["env"] = os.environ | {"TMPDIR": str(self.files)} | how.get("env", {})
        return subprocess.Popen([PROGRAM, "--benchmark_min_time=0.01", f"--benchmark_filter={pattern}", "--benchmark_format=json", *options],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **how)

    def rows(self, *arguments, **how):
        with self.started(*arguments, **how) as process:
            out, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        return {row["name"].split("/iterations")[0]: row for row in json.loads(out)["benchmarks"]}, err

    def servers(self, *commands):
        file = self.folder / "servers.json"
        file.write_text(json.dumps({"servers": [{"name": f"server{i}", "command": command} for i, command in enumerate(commands)]}), encoding="utf-8")
        return {"FRAMESPEC_LOOPBACK_SERVERS": str(file)}

    def test_a_file_that_does_not_fit_is_never_measured(self):
        def small_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        # Each benchmark in turn, also those behind the one that wrote the file in vain.
        rows, _ = self.rows("bulk/.*framespec", preexec_fn=small_files, restore_signals=False)
        self.assertEqual(len(rows), 3)
        for row in rows.values():
            self.assertEqual(row.get("error_message"), "the file to send cannot be written", row)
        self.assertEqual(list(self.files.iterdir()), [])

    def test_without_iperf3_the_file_is_measured_and_its_absence_said(self):
        rows, said = self.rows("bulk/int64", env={"PATH": str(self.folder)})
        self.assertEqual(list(rows), ["bulk/int64/framespec"])
        self.assertGreater(rows["bulk/int64/framespec"]["real_time"], 0)
        self.assertIn("loopback_benchmark: without iperf3, which is not installed\n", said)

    def test_a_server_that_does_not_start_is_started_once(self):
        starts = self.folder / "starts"
        env = self.servers(["/bin/sh", "-c", f"cd / && echo {{port}} >>'{starts}'"])
        rows, _ = self.rows("64B.*connections:16/server0", env=env)
        self.assertEqual([row["error_message"] for row in rows.values()], ["server0: /bin/sh ended before it listened"] * 2)
        self.assertEqual(len(starts.read_text(encoding="utf-8").splitlines()), 1)

    def test_on_one_cpu_it_is_said_that_it_is_shared(self):
        cpu = min(os.sched_getaffinity(0))
        _, said = self.rows("bulk/json_md5/yardstick", preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))
        self.assertIn("loopback_benchmark: one CPU alone may be used: the load shares it with the servers\n", said)

    def test_interrupted_it_leaves_no_process(self):
        child = self.folder / "child"
        os.mkfifo(child)
        # A process of the server's own, which only the group of it knows.
        env = self.servers(["/bin/sh", "-c", f"cd / && sleep 3600 & echo $! >'{child}'; wait"])
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.started("64B.*connections:16/server0", env=env) as process:
                ended = os.pidfd_open(int(child.read_text(encoding="utf-8")))
                process.send_signal(number)
                process.communicate()
            self.assertEqual(process.returncode, 3)
            self.assertEqual(select.select([ended], [], [], 30)[0], [ended])
            os.close(ended)

    def test_interrupted_it_leaves_no_file(self):
        with self.started("bulk/json_md5/framespec_first_get") as process:
            while not any(self.files.iterdir()) and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            process.communicate()
        self.assertEqual(process.returncode, 3)
        self.assertEqual(list(self.files.iterdir()), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

#!/usr/bin/env python3
"""Runs a benchmark program for as short as it goes: every benchmark of it must run and find its results right.

usage: runs_without_error.py PROGRAM [FILTER]
"""

import json
import subprocess
import sys
import tempfile

program = sys.argv[1]
# deframe_memory goes through 64 MiB streams: too much for sanitizers, and the same code as deframe_cached.
wanted = sys.argv[2] if len(sys.argv) > 2 else "-deframe_memory"
with tempfile.NamedTemporaryFile(suffix=".json") as file:
    subprocess.run([program, "--benchmark_min_time=0", f"--benchmark_filter={wanted}",
                    f"--benchmark_out={file.name}", "--benchmark_out_format=json"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    rows = json.load(file)["benchmarks"]
errors = [f"{row['name']}: {row['error_message']}" for row in rows if row.get("error_occurred")]
if errors or not rows:
    sys.exit("\n".join(errors) or f"{program} ran no benchmark")
print(f"{len(rows)} benchmarks ran")

#!/usr/bin/env python3
"""How fast the planted bugs are found, with the stream mutator and without it: a table for docs/fuzzing.md.

usage: measure_detection.py [--seeds N] [--seconds S] [--bug NAME]... [PROGRAMS]

Each run starts from one uncut frame, of int32 or, where the bug needs them, of a dialect with a header, a trailer or
a wide length, and ends when the bug is found or after S seconds. PROGRAMS is the directory of the fuzz_* programs.
"""

import argparse
import hashlib
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HELLO = b"\5\0\0\0hello"
HEADER = b'{"filename": "a", "md5": "%s", "total_size": 5}' % hashlib.md5(b"hello").hexdigest().encode()
# None of these starts shows its bug by itself.
STARTS = {
    "prefix_cut_after_third": b"int32 whole\n" + HELLO,
    "one_frame_a_receive": b"int32 whole\n" + HELLO,
    "clean_end_after_prefix": b"int32 whole\n" + HELLO,
    "maximum_exclusive": b"int32,max100 whole\n" + HELLO,
    "empty_frame_dropped": b"int32 whole\n" + HELLO,
    "length_in_32_bits": b"int64 whole\n\5\0\0\0\0\0\0\0hello",
    "digest_of_first_segment": b"json whole\n" + len(HEADER).to_bytes(4, "little") + HEADER + b"hello",
    "cut_trailer_unchecked": b"u1,tail0d0a whole\n\5hello\r\n",
}


def executions_until_found(program, bug, seed, seconds):
    """Executions until the bug was found, and whether it was."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder) / "corpus"
        corpus.mkdir()
        (corpus / "start").write_bytes(STARTS[bug])
        environment = dict(os.environ, FRAMESPEC_PLANTED_BUG=bug, ASAN_OPTIONS="malloc_context_size=4")
        run = subprocess.run(
            [program, f"-seed={seed}", f"-max_total_time={seconds}", "-max_len=1024", "-print_final_stats=1",
             f"-artifact_prefix={folder}/", str(corpus)],
            env=environment, capture_output=True, text=True, errors="replace", check=False)
    executions = int(re.search(r"number_of_executed_units: *(\d+)", run.stderr).group(1))
    return executions, run.returncode != 0 and "FINDING" in run.stderr


def cell(program, bug, seeds, seconds):
    runs = [executions_until_found(program, bug, seed, seconds) for seed in range(1, seeds + 1)]
    found = [executions for executions, is_found in runs if is_found]
    if not found:
        return f"0/{seeds} ({statistics.median(executions for executions, _ in runs):.0f} executions)"
    return f"{len(found)}/{seeds}, {statistics.median(found):.0f} ({min(found)}-{max(found)})"


def main():
    parser = argparse.ArgumentParser(description="Measures how fast the planted bugs are found.")
    parser.add_argument("--seeds", type=int, default=10, help="runs of each kind (default 10)")
    parser.add_argument("--seconds", type=int, default=20, help="the longest that a run may take (default 20)")
    parser.add_argument("--bug", action="append", choices=STARTS, help="this bug only; may be repeated")
    parser.add_argument("programs", nargs="?", type=pathlib.Path, default=ROOT / "build/fuzz/fuzz")
    arguments = parser.parse_args()
    print("| planted bug | found, median executions (range): with the mutator | without it |")
    print("| --- | --- | --- |")
    for bug in arguments.bug or STARTS:
        cells = [cell(arguments.programs / name, bug, arguments.seeds, arguments.seconds)
                 for name in ("fuzz_planted_bug", "fuzz_planted_bug_without_mutator")]
        print(f"| `{bug}` | {cells[0]} | {cells[1]} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())

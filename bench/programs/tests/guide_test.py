#!/usr/bin/env python3
"""The table of docs/benchmarks.md has a row for each program that the build made, and for no other.

usage: guide_test.py PROGRAMS.txt        what ci/bench reads too: the path of a program on each line
"""

import pathlib
import re
import sys

GUIDE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "benchmarks.md"

made = {pathlib.PurePath(line).name for line in pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()}
table = GUIDE.read_text(encoding="utf-8").split("| program |")[1].split("\n\n")[0]
told = {name for cell in re.findall(r"^\| (`[^|]+`) \|", table, re.M) for name in re.findall("`([^`]+)`", cell)}
for others in ("delivery-benchmark", "fuzz_benchmark"):  # of rooms that may not be built
    if not any(name.endswith(others) for name in made):
        told = {name for name in told if not name.endswith(others)}
if made != told:
    sys.exit(f"{GUIDE.name} does not tell of {sorted(made - told)}, but of {sorted(told - made)}, which is not built")
print(f"{len(made)} programs, each in {GUIDE.name}")

#!/usr/bin/env python3
"""Prints what Google Benchmark measured as ratios against the yardstick of the same run.

usage: ratios.py FILE.json...

Each FILE is what a benchmark program of this folder wrote with --benchmark_out=FILE. Benchmarks are named
GROUP/CASE/CONTENDER, and the contender yardstick_* of a case is what the others are divided by: a speed of
0.50 means half the items a second of the yardstick. CPU time is used, and of several repetitions the median;
the spread is that of the repetitions (largest less smallest, over the median).

Exit codes: 0 printed, 1 a benchmark reported an error, 2 wrong usage, 3 a file could not be used.
"""

import json
import re
import statistics
import sys
from dataclasses import dataclass, field

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


class UnusableFile(Exception):
    """A file that is not what a benchmark program writes; the text says what is wrong with it."""


@dataclass
class Contender:
    name: str
    times_ns: list = field(default_factory=list)  # for one item: a frame, a length, a header

    @property
    def median_ns(self):
        return statistics.median(self.times_ns)

    @property
    def spread(self):
        return (max(self.times_ns) - min(self.times_ns)) / self.median_ns


def item_time_ns(row):
    if "items_per_second" in row:
        return 1e9 / row["items_per_second"]
    return row["cpu_time"] * NANOSECONDS[row["time_unit"]]


def read_cases(path):
    """{(group, case): [Contender]} in the file's order, and the errors that benchmarks reported."""
    try:
        with open(path, encoding="utf-8") as file:
            rows = json.load(file)["benchmarks"]
        if not isinstance(rows, list):
            raise TypeError("benchmarks is no list")
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableFile(f"{path}: not the JSON that a benchmark program writes ({error})") from error
    cases, errors = {}, []
    for row in rows:
        name = row.get("run_name", row["name"])
        if row.get("error_occurred"):
            errors.append(f"{name}: {row.get('error_message', 'error')}")
            continue
        if row.get("run_type") == "aggregate":
            continue
        parts = name.split("/")
        if len(parts) < 3:
            raise UnusableFile(f"{path}: '{name}' is not named GROUP/CASE/CONTENDER")
        contenders = cases.setdefault(tuple(parts[:2]), {})
        contenders.setdefault(parts[2], Contender(parts[2])).times_ns.append(item_time_ns(row))
    return {case: list(contenders.values()) for case, contenders in cases.items()}, errors


def time_text(nanoseconds):
    for unit, size in NANOSECONDS.items():
        if nanoseconds < 1e5 * size or unit == "s":
            return f"{nanoseconds / size:12.2f} {unit:<2}"


def speed_text(speed):
    """Of a program that does far more than its yardstick, two digits."""
    return f"{speed:8.3f}" if speed >= 0.01 else f"{speed:8.2g}"


def in_order(name):
    """Numbers by their value; "64KiB" is behind "4KiB". Programs may run benchmarks in any order."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def table(cases):
    """The lines to print."""
    lines = []
    for (group, case), unordered in sorted(cases.items(), key=lambda item: in_order("/".join(item[0]))):
        contenders = sorted(unordered, key=lambda each: (not each.name.startswith("yardstick_"), in_order(each.name)))
        yardsticks = [c for c in contenders if c.name.startswith("yardstick_")]
        if len(yardsticks) != 1:
            raise UnusableFile(f"{group}/{case}: needs one contender called yardstick_*, has {len(yardsticks)}")
        yardstick = yardsticks[0]
        lines.append(f"{group}  {case}")
        for contender in contenders:
            speed = yardstick.median_ns / contender.median_ns
            ratio = "  1     " if contender is yardstick else speed_text(speed)
            lines.append(f"  {contender.name:<26} {time_text(contender.median_ns)}  {ratio}  ±{contender.spread / 2:4.0%}")
        lines.append("")
    return lines


def main(paths):
    if not paths or paths[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if paths else 2
    failed = False
    print(f"{'':28} {'time an item':>15}  {'speed':>8}  spread")
    for path in paths:
        try:
            cases, errors = read_cases(path)
            print("\n".join(table(cases)))
        except UnusableFile as error:
            print(f"ratios.py: {error}", file=sys.stderr)
            return 3
        for error in errors:
            print(f"ratios.py: {error}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

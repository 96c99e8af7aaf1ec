#!/usr/bin/env python3
"""Prints what loopback_benchmark measured, as tables in Markdown.

usage: tables.py FILE.json        what it wrote with --benchmark_out=FILE.json

Each figure is the median of the repetitions. In the closed loop and of the file, speeds are ratios to the yardstick
of the same case, and behind ± is half the range of the repetitions; "processor" is how many frames a second of the
server's own processor time would be, again as a ratio: it is moved least by what else runs on the machine. In the
open loop latencies are from the intended send: the median, then the 99th and the 99.9th percentile.

Exit codes: 0 printed, 1 a benchmark reported an error, 2 wrong usage, 3 the file could not be used.
"""

import json
import re
import statistics
import sys

YARDSTICK = "yardstick_"
NAME = re.compile(r"(echo_closed|echo_open|bulk)/([^/]+)/([^/]+)")


def read(path):
    """{group: {case: {contender: [row]}}} in the file's order, and what the benchmarks found wrong."""
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)["benchmarks"]
    groups, errors = {}, []
    for row in rows:
        name = NAME.match(row.get("run_name", row["name"]))
        if row.get("error_occurred"):
            errors.append(f"{row['name']}: {row['error_message']}")
        elif name and row.get("run_type") != "aggregate":
            group, case, contender = name.groups()
            groups.setdefault(group, {}).setdefault(case, {}).setdefault(contender, []).append(row)
    return groups, errors


def figures(rows, key):
    return [row[key] for row in rows]


def median(rows, key):
    return statistics.median(figures(rows, key))


def spread(rows, key):
    values = figures(rows, key)
    return (max(values) - min(values)) / 2 / statistics.median(values)


def time(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= size * 0.9995:  # three digits of less are 1000 of the unit below
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def words(case):
    """64B_rate:5000_connections:16 -> ("64 B frames, 5000 a second", "16")."""
    kind, connections = case.split("_connections:")
    size, _, rate = kind.partition("_rate:")
    text = re.sub(r"(\d+)", r"\1 ", size, count=1) + " frames"
    return text + (f", {rate} a second" if rate else ""), connections


def table(header, rows):
    return ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1),
            *("| " + " | ".join(row) + " |" for row in rows), ""]


def contenders_of(cases):
    """The yardstick, ours, and the others."""
    return sorted({name for case in cases.values() for name in case},
                  key=lambda name: (not name.startswith(YARDSTICK), not name.startswith("framespec"), name))


def shown(contender):
    return contender.removeprefix(YARDSTICK).replace("_", " ")


def by_kind(cases):
    kinds = {}
    for case, contenders in cases.items():
        kind, connections = words(case)
        kinds.setdefault(kind, []).append((connections, contenders))
    return {kind: sorted(kinds[kind], key=lambda row: int(row[0])) for kind in sorted(kinds)}


def yardstick_of(contenders):
    return next((name for name in contenders if name.startswith(YARDSTICK)), None)


def ratio_cells(contenders, names, key, unit):
    """The yardstick's figure with its unit, and the others' speeds as ratios to it; `key` is a time."""
    yardstick = yardstick_of(contenders)
    cells = []
    for name in names:
        rows = contenders.get(name)
        if not rows or not median(rows, key):  # not measured; or of another process than the one that was started
            cells.append("")
        elif yardstick in (name, None) or not median(contenders[yardstick], key):
            cells.append(unit(median(rows, key)))
        else:
            cells.append(f"{median(contenders[yardstick], key) / median(rows, key):.2f} ±{spread(rows, key):.0%}")
    return cells


def closed_loop(cases):
    names = contenders_of(cases)
    for kind, rows in by_kind(cases).items():
        for title, key, unit in (("frames a second", "real_time", lambda ns: f"{1e9 / ns:,.0f}/s"),
                                 ("processor", "server_cpu", lambda ns: f"{time(ns)} a frame")):
            yield f"**Closed loop, {kind}: {title}**\n"
            yield from table(["connections", *map(shown, names)],
                             [[connections, *ratio_cells(contenders, names, key, unit)] for connections, contenders in rows])


def open_loop(cases):
    names = contenders_of(cases)
    for kind, rows in by_kind(cases).items():
        yield f"**Open loop, {kind}: latency, p50 · p99 · p99.9**\n"
        yield from table(["connections", *map(shown, names)],
                         [[connections, *(" · ".join(time(median(contenders[name], key)) for key in ("p50", "p99", "p999"))
                                          if name in contenders else "" for name in names)]
                          for connections, contenders in rows])


def bulk(cases):
    yield "**A file**\n"
    rows = [[f"{case.replace('_', ' ')}: {shown(name)}", f"{2 ** 20 * 1e3 / median(contenders[name], 'real_time'):,.0f} MB/s",
             "" if yardstick_of(contenders) in (name, None) else ratio_cells(contenders, [name], "real_time", time)[0]]
            for case, contenders in sorted(cases.items()) for name in contenders_of({case: contenders})]
    yield from table(["", "speed", "ratio"], rows)


def main(paths):
    if len(paths) != 1 or paths[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if paths in (["-h"], ["--help"]) else 2
    try:
        groups, errors = read(paths[0])
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"tables.py: {paths[0]}: {error}", file=sys.stderr)
        return 3
    for group, lines in (("echo_closed", closed_loop), ("echo_open", open_loop), ("bulk", bulk)):
        if group in groups:
            print("\n".join(lines(groups[group])))
    for error in errors:
        print(f"tables.py: {error}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A history, a comparison and trials that were never measured, so that what their report must show is known."""

import json
import subprocess

QUOTED = 'parse<a> & "b"'


def write_runs(folder):
    """Files of 20 runs: from the eleventh on one benchmark is a tenth slower; the last has sizes too."""
    files = []
    for day in range(1, 21):
        times = {"parse/int32": 110 if day > 10 else 100, QUOTED: 50}
        latencies = {}
        if day == 20:
            for server, factor in (("ours", 1), ("theirs", 3)):
                name = f"echo/connections:16/{server}/iterations:1/manual_time"
                times[name] = 5000 * factor
                latencies[name] = {"p50": 1e4 * factor, "p90": 2e4 * factor, "p99": 1e5 * factor, "p999": 5e6 * factor, "max": 6e6 * factor}
            for width, factor in (("int32", 1), ("int64", 2)):
                times |= {f"segments/{width}_in_{size}B/frames": 1000 * factor * size for size in (1, 16, 256, 4096)}
        rows = [{"name": name, "run_name": name, "run_type": "iteration", "repetition_index": index, "iterations": 10,
                 "real_time": time + index / 10, "cpu_time": time + index / 10, "time_unit": "ns", **latencies.get(name, {})}
                for name, time in times.items() for index in range(3)]
        context = {"date": f"2026-10-{day:02}T12:00:00+00:00", "host_name": "there", "num_cpus": 2, "executable": "./p",
                   "commit": f"{day:02}".ljust(40, "0")}
        files.append(folder / f"{day}.json")
        files[-1].write_text(json.dumps({"context": context, "benchmarks": rows}), encoding="utf-8")
    return files


# As compare --json writes it; that it does is held by command_line_test.py.
COMPARISON = {
    "format": "framespec-comparison/1", "a": "main", "b": "mine <x>", "effect": 0.02,
    "benchmarks": [
        {"name": "quick", "verdict": "same",
         "time": {"verdict": "same", "change": 0.001, "interval": [-0.004, 0.006], "a_against_itself": 0.002, "could_have_seen": None,
                  "rounds": 12, "is_confirmation": False}},
        {"name": QUOTED, "verdict": "worse",
         "time": {"verdict": "worse", "change": 0.05, "interval": [0.04, 0.06], "a_against_itself": -0.001, "could_have_seen": 0.02,
                  "rounds": 12, "is_confirmation": True},
         "instructions": {"not_covered": "its work is system calls"}}],
    "only_a": ["old"], "only_b": [], "failures": []}


def write_trials(file):
    """Of selftest: 20 comparisons of the same, one a false alarm, and slowdowns by the cache, of which the larger ones are found, and one by the layout."""
    lines = [{"format": "framespec-trials/2", "processor": "a processor", "processor_count": 2}]

    def add(number, verdict, **more):
        lines.append({"condition": "busy", "gate": "time", "slowdown": 0.0, "number": number, "verdict": verdict, "change": 0.01,
                      "a_against_itself": 0.0, "seconds": 3.0} | more)
    for number in range(20):
        add(number, "better" if number == 7 else "same", repetitions={"cpu_time_p": 0.04 if number < 5 else 0.5, "real_time_p": 0.5})
        for slowdown in (0.01, 0.02, 0.05, 0.1):
            seen = {"could_have_seen": 0.04} if slowdown >= 0.05 else {}
            add(number, "worse" if number < slowdown * 400 else "inconclusive", injection="cache", slowdown=slowdown, change=slowdown, **seen)
        add(number, "worse" if number < 19 else "same", injection="layout", slowdown=0.05, seconds=5.0, change=0.07,
            could_have_seen=0.04)
    file.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")


def write_made_report(program, folder):
    """comparison.json, bench.db and trials.ndjson in a folder, and what `program` reports of them: r.html, and r.md with its plots."""
    comparison, history, trials = folder / "comparison.json", folder / "bench.db", folder / "trials.ndjson"
    comparison.write_text(json.dumps(COMPARISON), encoding="utf-8")
    write_trials(trials)
    for arguments in (("import", history, *write_runs(folder)),
                      ("report", comparison, history, trials, "--html", folder / "r.html", "--markdown", folder / "r.md")):
        ended = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended

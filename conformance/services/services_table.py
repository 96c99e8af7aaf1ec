#!/usr/bin/env python3
"""Plays to each service its recording, cut and joined in every way (`framespec invariance`), and prints as Markdown what
came of it. Exit code 1 where something deviates that service.json does not explain, or what it explains does not happen."""

import argparse
import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import service_files

START = Path("conformance/services/start.py")
ACCUSING = ("fail", "nonstrict", "inconclusive", "error")


@dataclass
class Played:
    service: service_files.Service
    report: dict  # None where the run did not even come to one
    explained: list  # of service.explained, those that happened
    unexplained: list  # sentences

    @property
    def run(self):
        return self.report["dialects"][0]


def command_of(framespec, service, json_file):
    recording = service.recording.relative_to(Path.cwd())
    return [framespec, "invariance", str(recording), "--launch", f"python3 {START} {service.name} {{port}}",
            *service.options, "--json", str(json_file)]


def play(framespec, service, folder):
    json_file, summary = folder / f"{service.name}.json", folder / f"{service.name}.txt"
    json_file.unlink(missing_ok=True)
    command = command_of(framespec, service, json_file)
    print("services_table.py:", shlex.join(command), file=sys.stderr)
    with summary.open("w") as output:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                check=False).returncode
    if not json_file.exists():
        return Played(service, None, [], [f"no report, exit code {status}; see {summary}"])
    return judged(service, json.loads(json_file.read_text()), status)


def judged(service, report, status):
    """What of the report's findings is explained, and what is not."""
    run = report["dialects"][0]
    found = {finding["case"]: finding for finding in run["findings"] if finding["verdict"] in ACCUSING}
    explained, unexplained, told = [], [], set()
    for entry in service.explained:
        cases = [case for case in found if fnmatchcase(case, entry["case"])]
        told.update(cases)
        if cases:
            explained.append(entry)
        else:
            unexplained.append(f"{entry['case']} is explained, and does not happen any more")
    for case, finding in found.items():
        if case not in told:
            unexplained.append(f"{case}: {finding['verdict']}; {finding['command']}")
    if run["problem"]:
        unexplained.append(run["problem"]["reason"])
    if run.get("deaths", {}).get("times"):
        unexplained.append(f"it came to its end {run['deaths']['times']} times")
    if status not in (0, 1) and not unexplained:
        unexplained.append(f"exit code {status}: {report['exit']['reason']}")
    return Played(service, report, explained, unexplained)


def version_of(package):
    return subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True,
                          check=False).stdout


def requests_in(service):
    steps = [json.loads(line) for line in service.recording.read_text().splitlines()[1:]]
    return sum(step.get("do") == "send" for step in steps)


def row(played):
    service = played.service
    cells = [service.title, f"{service.package} {version_of(service.package)}", requests_in(service)]
    if played.report is None:
        return [*cells, "", "", "", "no report", ""]
    run = played.run
    totals = run["totals"]
    segments = sum(plan["proof"]["segments_proven"] for plan in run["plans"])
    others = ", ".join(f"{count} {verdict}" for verdict, count in totals.items() if count and verdict != "pass")
    return [*cells, " ".join(shlex.quote(option) for option in service.options), totals["pass"], others or "-", segments,
            f"{run['duration_ms'] / 1000:.0f} s"]


HEAD = ["service", "package", "requests", "options", "passed", "others", "proven segments", "took"]
ALIGNED = ["---", "---", "---:", "---", "---:", "---", "---:", "---:"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("framespec", help="the program")
    parser.add_argument("folder", type=Path, help="where NAME.json and NAME.txt are put")
    parser.add_argument("services", nargs="*", metavar="NAME", help="without, all")
    arguments = parser.parse_args()

    names = arguments.services or service_files.names()
    all_played = [play(arguments.framespec, service_files.read(name), arguments.folder) for name in names]
    for cells in (HEAD, ALIGNED, *(row(played) for played in all_played)):
        print("|", " | ".join(str(cell) for cell in cells), "|")
    for played in all_played:
        for entry in played.explained:
            print(f"\n**{played.service.title}**, `{entry['case']}`: {entry['why']} ({entry['source']})")
        for remark in played.service.remarks:
            print(f"\n**{played.service.title}**, {remark['about']}: {remark['why']} ({remark['source']})")
    for played in all_played:
        for sentence in played.unexplained:
            print(f"services_table.py: {played.service.name}: {sentence}", file=sys.stderr)
    return 1 if any(played.unexplained for played in all_played) else 0


if __name__ == "__main__":
    sys.exit(main())

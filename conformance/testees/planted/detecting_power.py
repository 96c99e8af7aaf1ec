#!/usr/bin/env python3
"""How well the suites find planted defects, and how soon: a table in Markdown on standard output.

usage: detecting_power.py PART FRAMESPEC COMPILED [DEFECT...]

PART: servers, clients or services. COMPILED is the folder of the planted servers that are built (ci/detecting-power builds
them). Runs every planted defect of the part (or those named), and the testee without a defect beside it, which must end with
exit code 0; as many at a time as there are processors, since each needs less than one. Servers (planted_defects.py) run
against all cases of their dialect, with no filter, and two more tables tell what would be found without cuts, coalescing and
proof (ablations.py); clients (planted_clients.py) against those that find their kind, and a sample of all; services
(planted_services.py) are played a whole talk. Progress goes to standard error. Exit codes: 0 every defect was found and
nobody right accused, 1 not so.
"""

import functools
import os
import statistics
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ablations import Suites, table_of_delivery
from measured_run import deviations, run
from planted_clients import CLIENTS
from planted_defects import IN_OTHER_LANGUAGES, MUTANTS
from planted_services import SERVICES


def head_of(report, level):
    """What the summary shows first of this verdict: where a reader begins."""
    causes = report["dialects"][0]["causes"]
    return next((each for each in causes if each["verdict"] == level), {"case": "-", "rules": []})


def minimal_of(report, case):
    for finding in report["dialects"][0]["findings"]:
        if finding["case"] == case and "minimal" in finding:
            return finding["minimal"]["segmentation"]
    return "unsplit"


def measured(framespec, compiled, all_planted):
    """Each planted defect with its run, and the run of its twin; in their order."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        twins, runs = {}, []
        for each in all_planted:
            if each.twin() not in twins:
                twins[each.twin()] = pool.submit(run, framespec, *each.command(compiled, "none"))
            runs.append(pool.submit(run, framespec, *each.command(compiled)))
        for each, its_run in zip(all_planted, runs):
            yield each, its_run.result(), twins[each.twin()].result()


def print_table(framespec, compiled, all_planted, kind, add=lambda planted, report: None):
    """A row for each; who was missed, and what right testees were accused of. `add` is shown each report."""
    twins, missed, accused, first_lines, over, misled = {}, [], [], [], [], []
    print("| defect | dialect | found by | rules named | headed by | minimal | first told after | whole run | the right twin's |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for each, (_, report, seconds, first), (twin_code, twin_report, twin_seconds, _) in measured(framespec, compiled, all_planted):
        of = each.twin()
        if of not in twins:
            twins[of] = twin_seconds
            accused += [f"{each.manner()}: {plan['id']}" for plan in deviations(twin_report)]
            if twin_code != 0:
                accused.append(f"{each.manner()}: exit code {twin_code}, {twin_report['exit']['reason']}")
        found = deviations(report)
        add(each, report)
        cases = {plan["case"] for plan in found}
        if each.case not in cases:
            missed.append(each.defect)
        rules = sorted({rule for plan in found if plan["case"] == each.case for rule in plan["rules"]})
        if first is not None:
            first_lines.append(first)
        if seconds > 2 * twins[of] + 10:
            over.append(f"{each.defect} ({seconds:.0f} s)")
        head = head_of(report, each.level)
        if each.rules and not set(each.rules) & set(head["rules"]):
            misled.append(f"{each.defect} ({head['case']})")
        more = f" and {len(cases) - 1} more" if len(cases) > 1 else ""
        told = f"{first:.1f} s" if first is not None else "never"
        print(f"| {each.defect} | {each.manner()} | {each.case if each.case in cases else 'MISSED'}{more} "
              f"| {' '.join(rules)} | {head['case']} | {minimal_of(report, each.case)} | {told} | {seconds:.1f} s | {twins[of]:.1f} s |",
              flush=True)
        print(f"{each.defect}: {told}, {seconds:.1f} s, {report['dialects'][0]['spent_ms']}", file=sys.stderr)
    median = statistics.median(first_lines) if first_lines else float("nan")
    print(f"\n{len(all_planted) - len(missed)} of {len(all_planted)} planted defects of {kind} were found"
          f"{'' if not missed else '; missed: ' + ', '.join(missed)}. {len(twins)} right twins, "
          f"{len(accused)} accusations{'' if not accused else ': ' + ', '.join(accused)}. The first failure was told "
          f"after {median:.1f} s (median). The first finding of {len(all_planted) - len(misled)} shows a rule that the defect "
          f"breaks{'' if not misled else '; not so: ' + ', '.join(misled)}. Whole runs above twice the right twin's time plus 10 s: "
          f"{', '.join(over) if over else 'none'}.")
    return missed + accused


def servers(framespec, compiled, planted):
    suites = Suites(framespec)
    wrong = print_table(framespec, compiled, planted, "servers", suites.add)
    print(f"\n### Without cuts, without coalescing\n\n{suites.table()}")
    print(f"\n### Without proof\n\n{table_of_delivery(framespec, compiled, planted)}", flush=True)
    return wrong


PARTS = {
    "servers": (MUTANTS + IN_OTHER_LANGUAGES, servers),
    "clients": (CLIENTS, functools.partial(print_table, kind="clients")),
    "services": (SERVICES, functools.partial(print_table, kind="services")),
}


def main():
    if len(sys.argv) < 4 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return 0 if len(sys.argv) > 1 else 2
    part, framespec, compiled, wanted = sys.argv[1], sys.argv[2], sys.argv[3], set(sys.argv[4:])
    planted, table = PARTS[part]
    chosen = [each for each in planted if not wanted or each.defect in wanted]
    return int(bool(chosen and table(framespec, compiled, chosen)))


if __name__ == "__main__":
    sys.exit(main())

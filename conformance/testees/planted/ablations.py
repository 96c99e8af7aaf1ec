"""What cuts, coalescing and proof are worth: what would be found of the planted defects without them."""

import json
import subprocess
from pathlib import Path

from measured_run import deviations, run

BUSY = Path(__file__).resolve().parents[3] / "ci" / "busy"
BUSY_PROCESSES = 6
PACE_MS = 1


class Sent:
    """What the checks of a dialect send, as `framespec list --json` tells it."""

    def __init__(self, framespec):
        self.framespec = framespec
        self.of_dialect = {}

    def manner(self, planted, plan):
        """Whether a frame comes in several pieces, and whether a segment holds bytes of two frames."""
        key = (planted.dialect, planted.options)
        if key not in self.of_dialect:
            listed = subprocess.run([self.framespec, "list", "--json", "--dialect", planted.dialect, *planted.options],
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
            self.of_dialect[key] = {each["id"]: (cuts_frames(each["steps"]), any(map(joins_frames, each["steps"])))
                                    for each in map(json.loads, listed.stdout.splitlines())}
        return self.of_dialect[key][plan["id"]]


def cuts_frames(steps):
    """By its own cuts, or because a case goes on with a frame that it had begun."""
    begun = set()
    for step in steps:
        if step.get("do") not in ("send", "flood"):
            continue
        ends = step.get("frame_ends", ())
        if step["on"] in begun or not set(step.get("cuts", ())) <= set(ends):
            return True
        if step["do"] == "send" and size_of(step) > (ends[-1] if ends else 0):
            begun.add(step["on"])
    return False


def size_of(step):
    return step["bytes_size"] if "bytes_size" in step else len(step.get("bytes", "")) // 2


def joins_frames(step):
    """Frames of a flood are sent without waiting for answers."""
    if step.get("do") == "flood":
        return True
    return any(end < size_of(step) and end not in step.get("cuts", ()) for end in step.get("frame_ends", ()))


class Suites:
    """Counts, over whole runs, who would be found without a kind of checks."""

    WITHOUT = {  # by what is left: of a check that cuts frames, joins them
        "nothing: all checks": lambda _cuts, _joins: True,
        "cuts: no frame comes in pieces": lambda cuts, _joins: not cuts,
        "coalescing: no segment holds bytes of two frames, and there is no flood": lambda _cuts, joins: not joins,
        "both: a frame in one piece, and its answer": lambda cuts, joins: not cuts and not joins,
    }

    def __init__(self, framespec):
        self.sent = Sent(framespec)
        self.missed = {without: [] for without in self.WITHOUT}
        self.planted = 0

    def add(self, planted, report):
        self.planted += 1
        manners = {self.sent.manner(planted, plan) for plan in deviations(report)}
        for without, is_left in self.WITHOUT.items():
            if not any(is_left(*manner) for manner in manners):
                self.missed[without].append(planted.defect)

    def table(self):
        lines = ["| checks without | defects found | missed |", "| --- | --- | --- |"]
        for without, missed in self.missed.items():
            lines.append(f"| {without} | {self.planted - len(missed)} of {self.planted} | {', '.join(missed) or '-'} |")
        return "\n".join(lines)


def failing(framespec, planted, launch, *options, busy):
    """The ids of the checks of its case, in every segmentation and none, that fail."""
    _, report, _, _ = run(framespec, "run", "--launch", launch, "--dialect", planted.dialect, *planted.options, "--thorough", *options,
                          *(part for each in planted.filters for part in ("--filter", each)),
                          beside=(str(BUSY), str(BUSY_PROCESSES)) if busy else ())
    return {plan["id"] for plan in deviations(report)}


def depends_on_delivery(planted):
    """Whether its case is about how the bytes arrive, and run in more than one piece."""
    return planted.case.split("/")[0] in ("segmentation", "coalescing") and "/whole/" not in planted.filters[0]


def table_of_delivery(framespec, compiled, all_planted):
    """The share of the checks that fail with proof on a quiet machine which fail with and without it, there and on a
    busy one: what does not, would have passed in silence."""
    rows = []
    for planted in filter(depends_on_delivery, all_planted):
        launch = planted.launch(compiled)
        found = failing(framespec, planted, launch, busy=False)
        row = [f"{planted.defect} ({planted.case})", str(len(found))]
        for busy in (False, True):
            for options in ((), ("--pace", str(PACE_MS))):
                also = failing(framespec, planted, launch, *options, busy=busy) & found
                row.append(f"{100 * len(also) / len(found):.0f} %" if found else "-")
        rows.append("| " + " | ".join(row) + " |")
    head = (f"| defect | checks that find it | quiet: with proof | quiet: a pause of {PACE_MS} ms instead "
            f"| beside {BUSY_PROCESSES} busy processes: with proof | busy: a pause of {PACE_MS} ms instead |")
    return "\n".join([head, "| --- " * 6 + "|", *rows])

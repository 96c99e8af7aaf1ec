"""Events of runs that never were, of any size: what a page is measured with."""

import json

AREAS = ("segmentation", "length", "coalescing", "end_of_stream", "memory")
RULES = ("SEG-1", "SEG-2", "PFX-2", "LEN-1", "EOS-1", "LIM-3")


def steps_of(payload, cut):
    sent = len(payload).to_bytes(4, "little") + payload
    return [{"on": "main", "do": "send", "bytes": sent.hex(), "frame_ends": [len(sent)], "coalesced": False, "with_end": False,
             "cuts": [cut] if cut else []},
            {"on": "main", "expect": "frames", "frames": [{"payload": payload.hex()}]}]


def made_events(real, cases, cuts, fails):
    """The events of a run of `cases` cases, each unsplit and at 1..`cuts` - 1. `real`: those of a real run, by their kind.
    `fails(case, cut)`: whether it does."""
    yield real["started"]
    dialect = real["dialect"]["name"]
    yield real["dialect"] | {"plans": cases * cuts, "not_applicable": []}
    totals = dict.fromkeys(("pass", "fail", "nonstrict", "informational", "unimplemented", "inconclusive", "error", "not_run"), 0)
    for case in range(cases):
        area = AREAS[case % len(AREAS)]
        key = f"{area}/case_{case}"
        yield {"event": "case", "at_ms": 1, "case": key, "area": area, "title": f"What must hold of case {case}, whatever comes.",
               "why": f"a buffer of {case} bytes", "remedy": "Receive in a loop.", "rules": [RULES[case % len(RULES)]], "level": "must"}
        control = f"{area}/{dialect}/whole/case_{case}"
        for cut in range(cuts):
            segmentation = f"cut_at-{cut}" if cut else "whole"
            which = {"id": f"{area}/{dialect}/{segmentation}/case_{case}", "control": control, "segmentation": segmentation, "case": key,
                     "role": "variant" if cut else "control"}
            proof = {"state": "proven", "segments": 2, "segments_proven": 2} if cut else {"state": "not_needed", "segments": 0, "segments_proven": 0}
            verdict = "fail" if fails(case, cut) else "pass"
            totals[verdict] += 1
            failure = {"failure": {"kind": "no_answer", "expected": "a frame", "came": "nothing for 2 s", "at_sentinel": False}}
            if verdict == "fail":
                yield {"event": "attempt", "at_ms": 1} | which | {
                    "look": "first", "number": 1, "duration_us": 900, "connections": 1, "proof": proof, "end": "hang",
                    "silence": {"asleep_ms": 0, "at_work_ms": 0}} | failure | {
                    "came": [{"on": "main", "came": "", "size": 0, "end": "hang"}], "main_stays_open": True, "replayable": True,
                    "steps": steps_of(bytes([97 + case % 26]) * cuts, cut)}
            yield {"event": "verdict", "at_ms": 1} | which | {
                "verdict": verdict, "attempts": 1, "duration_us": 900 + cut, "proof": proof, "end": "hang" if verdict == "fail" else "open",
                **(failure | {"reason": "a frame is missing"} if verdict == "fail" else {})}
    yield real["dialect_ended"] | {"totals": totals}
    code = 1 if totals["fail"] else 0
    yield real["ended"] | {"exit": {"code": code, "reason": f"{totals['fail']} required checks failed" if code else ""}}


def write_made_run(path, like, cases, cuts, fails):
    """Writes such a file; `like` is one of a real run."""
    with open(like, encoding="ascii") as lines:
        real = {event["event"]: event for event in map(json.loads, lines)}
    with open(path, "w", encoding="ascii") as made:
        for event in made_events(real, cases, cuts, fails):
            made.write(json.dumps(event) + "\n")

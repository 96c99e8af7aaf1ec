"""One run of framespec on a planted testee, and when it told what."""

import json
import subprocess
import tempfile
import time
from pathlib import Path


def run(framespec, *arguments, beside=()):
    """(exit code, report, seconds, seconds until the first failure was told or None). `beside`: a command that runs it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        begin = time.monotonic()
        first = None
        with subprocess.Popen([*beside, framespec, *arguments, "--json", str(report)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True) as running:
            for line in running.stderr:
                if first is None and line.startswith(("FAIL", "nonstrict")):
                    first = time.monotonic() - begin
        return running.returncode, json.loads(report.read_text()), time.monotonic() - begin, first


def deviations(report):
    return [plan for plan in report["dialects"][0]["plans"] if plan["verdict"] in ("fail", "nonstrict")]

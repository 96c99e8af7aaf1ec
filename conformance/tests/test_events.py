"""The events of a run: written while it happens, so that a killed run leaves what was found, and all that is reported is
made of them. That `framespec report` makes the same of them as the run, every Run of these tests sees for itself."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from framespec_process import (DEADLINE_S, FRAMESPEC, HERE, PLANTED, TESTEES, Run, descendants, events_in, mutant,
                               python_testee, wait_until)

SCHEMA = HERE.parent / "schemas" / "event.schema.json"
FEW = ("--filter", "segmentation/*/one_byte", "--filter", "length/*/whole/empty")


def report(*arguments, **more):
    return subprocess.run([FRAMESPEC, "report", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=DEADLINE_S, check=False, **more)


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "events.ndjson"

    def run_it(self, launch, *arguments, **more):
        return subprocess.run([FRAMESPEC, "run", "--launch", launch, "--dialect", "int32", "--events", self.file,
                               *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False, **more)


class AsTheSchemaSays(unittest.TestCase):
    """Each line of runs that tell of everything that there is to tell."""

    def check(self, *arguments):
        run = Run(*arguments)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "events.ndjson"
            file.write_text("".join(json.dumps(event) + "\n" for event in run.events))
            # Debian's own Python, because python3-jsonschema belongs to it.
            checked = subprocess.run(["/usr/bin/python3", str(HERE / "validate_report.py"), str(SCHEMA), str(file)],
                                     capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertEqual((run.events[0]["event"], run.events[-1]["event"]), ("started", "ended"), run)
        return run

    def of_kind(self, run, event_kind, /, **members):
        return [event for event in run.events if event["event"] == event_kind
                and all(event[name] == value for name, value in members.items())]

    def test_of_a_failing_segmentation(self):
        run = self.check("--launch", python_testee(TESTEES / "odd" / "odd_server.py", "--manner", "prefix_in_one_recv"),
                         "--dialect", "int32", *FEW, "--exclude", "*/cut_at-*/*")
        looks = {event["look"] for event in self.of_kind(run, "attempt") if "failure" in event}
        self.assertEqual(looks, {"first", "again", "minimal"}, run)
        (minimal,) = self.of_kind(run, "minimal")
        (finding,) = self.of_kind(run, "finding")
        self.assertEqual(finding["minimal"], minimal["id"])
        for event in self.of_kind(run, "attempt"):
            self.assertEqual("failure" in event, "steps" in event, event)
        first = next(event for event in self.of_kind(run, "attempt") if "failure" in event)
        self.assertTrue(first["replayable"])
        self.assertEqual([step["on"] for step in first["steps"]], ["main"] * len(first["steps"]))
        self.assertEqual(first["came"], [{"on": "main", "came": "", "size": 0, "end": first["end"]}])

    def test_of_a_testee_that_dies(self):
        run = self.check("--launch", mutant("dies_at_twentieth"), "--dialect", "int32", "--filter", "coalescing/*/two_frames",
                         "--filter", "coalescing/*/article_words", "--filter", "memory/*/whole/announced_within_limit")
        self.assertTrue(self.of_kind(run, "note", about="death"), run)
        self.assertTrue(self.of_kind(run, "note", about="restart", why="after_death"), run)
        self.assertTrue(self.of_kind(run, "note", about="taker", is_testee=True), run)

    def test_of_a_testee_that_is_not_there(self):
        run = self.check("--launch", "echo no; exit 89 # {port} {dialect}", "--dialect", "int32,json", *FEW)
        self.assertEqual(len(self.of_kind(run, "note", about="problem", kind="unimplemented")), 2, run)
        self.assertEqual(len(self.of_kind(run, "note", about="nonsense_dialect", answer="declined")), 1, run)

    def test_of_bytes_that_are_too_many_to_hold(self):
        limit = 1 << 20
        run = self.check("--launch", python_testee(PLANTED / "mutant_server.py", "--max-payload", str(limit // 2)), "--dialect",
                         "int32", "--max-payload", limit, "--filter", "length/*/whole/largest-maximum")
        failed = [event for event in self.of_kind(run, "attempt") if "failure" in event]
        self.assertEqual([event["replayable"] for event in failed], [False, False], run)
        self.assertEqual(failed[0]["steps"][0]["bytes_size"], limit + 4)


class Killed(InAFolder):
    def test_a_killed_run_leaves_what_was_found(self):
        command = [FRAMESPEC, "run", "--launch", python_testee(HERE / "loud_server.py", "--silent"), "--dialect", "int32",
                   "--events", self.file, "--time-limit", "1", "--filter", "length/*/whole/empty", "--filter", "sanity/*"]
        self.kill_when(command, lambda: any(event["event"] == "verdict" for event in events_in(self.file)))
        done = report(self.file)
        self.assertIn("its events end after ", done.stdout)
        self.assertEqual(done.returncode, 1 if '"verdict":"fail"' in self.file.read_text() else 3, done)

    def test_nothing_found_is_no_verdict(self):
        command = [FRAMESPEC, "run", "--launch", mutant("none"), "--dialect", "int32", "--events", self.file]
        self.kill_when(command, lambda: sum(event["event"] == "verdict" for event in events_in(self.file)) > 20)
        text = self.file.read_text()
        self.assertTrue(text.endswith("\n"))
        verdicts = sum(event["event"] == "verdict" for event in events_in(self.file))
        out = self.folder / "report.json"
        done = report(self.file, "--json", out)
        self.assertEqual(done.returncode, 3, done)
        self.assertRegex(done.stdout, rf"INCOMPLETE in [\d.]+ s: the run did not end: its events end after {verdicts} of \d+ "
                                      r"checks of int32\n")
        made = json.loads(out.read_text())
        self.assertFalse(made["ended"])
        self.assertEqual(len(made["dialects"][0]["plans"]), verdicts)

    def kill_when(self, command, is_time):
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as running:
            wait_until(lambda: is_time() or running.poll() is not None)
            self.assertIsNone(running.poll())
            running.send_signal(signal.SIGKILL)
            running.wait(DEADLINE_S)
        wait_until(lambda: not descendants())
        self.assertEqual(descendants(), [])


class CutOff(InAFolder):
    def test_anywhere_it_is_a_run_that_did_not_end_or_none(self):
        self.assertEqual(self.run_it(mutant("none"), "--filter", "length/*/whole/empty").returncode, 0)
        whole = self.file.read_bytes()
        first = whole.index(b"\n")
        # Around each end of a line, and at every ninth byte.
        ends = [end for end in range(len(whole)) if whole[end:end + 1] == b"\n"]
        near = {size for end in ends for size in range(end - 2, end + 3) if size < len(whole)}
        for size in sorted(near | set(range(0, len(whole), 9))):
            self.file.write_bytes(whole[:size])
            done = report(self.file)
            with self.subTest(size=size):
                is_whole_at_last = size == len(whole) - 1  # all but the line feed
                expected = 2 if size < first else 0 if is_whole_at_last else 3
                self.assertEqual(done.returncode, expected, done)
                self.assertEqual(done.stderr.count("\n"), 1 if expected == 2 else 0, done)

    def test_a_line_that_is_cut_elsewhere_is_an_error(self):
        self.run_it(mutant("none"), "--filter", "length/*/whole/empty")
        lines = self.file.read_text().splitlines(keepends=True)
        self.file.write_text("".join([*lines[:3], lines[3][:20] + "\n", *lines[4:]]))
        done = report(self.file)
        self.assertEqual(done.returncode, 2, done)
        self.assertRegex(done.stderr, rf"^framespec: {self.file}: line 4: \$: line 1, column \d+: not valid JSON.*\n$")


class Hostile(InAFolder):
    def setUp(self):
        super().setUp()
        self.run_it(mutant("none"), "--filter", "length/*/whole/empty")
        self.lines = [json.loads(line) for line in self.file.read_text().splitlines()]

    def refused(self, lines, sentence, *more):
        self.file.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))
        done = report(self.file, *more)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
        self.assertIn(sentence, done.stderr)

    def test_what_is_no_event_file(self):
        self.refused([], "there is no event in it")
        self.refused(["{}\n"], "line 1: this is no event file of the format framespec-events/1: $.event: is missing")
        self.refused(["not json\n"], "line 1: this is no event file")
        self.refused([{**self.lines[0], "format": "framespec-events/2"}], "$.format: \"framespec-events/2\" is not allowed")
        self.refused(self.lines[1:], "line 1: no run has begun")
        self.refused(["x" * (1 << 24) + "x"], "line 1: the line is longer than 16777216 bytes")
        self.refused(["[" * 100_000 + "\n"], "nested more than 16 deep")
        self.refused(["\x1b[31m\u202e\n"], "line 1: ")

    def test_what_contradicts_itself(self):
        begun = [event["event"] for event in self.lines]
        at = begun.index("verdict")
        self.refused([*self.lines, self.lines[0]], "a second run begins")
        self.refused([*self.lines, self.lines[at]], "it stands behind the end of the run")
        self.refused(self.lines[:2] + self.lines[1:], "line 3: a dialect begins, and \"int32\" has not ended")
        self.refused([event for event in self.lines if event["event"] != "case"], "has not begun")
        self.refused(self.lines[:at] + self.lines[at + 1:], "its totals are not those of the verdicts before it")
        for member, value, sentence in (("id", "a/b", "is no id of the dialect"), ("id", "a/json/c/d", "is no id of the dialect"),
                                        ("verdict", "fail", "the verdict is fail, and no failure is told"),
                                        ("verdict", "good", "$.verdict: \"good\" is not allowed"),
                                        ("attempts", -1, "$.attempts: -1 is not allowed"),
                                        ("duration_us", 1e300, "$.duration_us: 1e+300 is not allowed"),
                                        ("proof", [], "$.proof: an array is not allowed"),
                                        ("case", None, "$.case: null is not allowed")):
            with self.subTest(member=member, value=value):
                self.refused([*self.lines[:at], {**self.lines[at], member: value}, *self.lines[at + 1:]],
                             f"line {at + 1}: " if sentence.startswith("$") else sentence)

    def test_what_a_later_version_adds_is_passed_over(self):
        expected = report(self.file)
        more = [{**event, "new_member": {"a": [1]}} for event in self.lines]
        more.insert(3, {"event": "new_kind", "at_ms": 1})
        more.insert(3, {"event": "note", "about": "something new", "at_ms": 1})
        self.file.write_text("".join(json.dumps(event) + "\n" for event in more))
        done = report(self.file)
        self.assertEqual((done.returncode, done.stdout), (expected.returncode, expected.stdout), done)

    def test_what_is_no_file(self):
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        for path, sentence in ((self.folder, "is a directory"), (fifo, "is a pipe (FIFO)"), ("/dev/zero", "is no ordinary file"),
                               (self.folder / "missing", "No such file"), ("/no\x1b[31m", "cannot be read")):
            done = report(path)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
            self.assertIn(sentence, done.stderr)
            self.assertNotIn("\x1b", done.stderr)


class Written(InAFolder):
    def test_a_place_where_nothing_can_be_written_is_known_before_the_run(self):
        started = self.folder / "started"
        link = self.folder / "link"
        link.symlink_to("/dev/stdout")
        for path in (self.folder, "/no/such/folder/events", "/dev/full", "/dev/stdout", link):
            done = subprocess.run([FRAMESPEC, "run", "--launch", f"touch {started}; {{port}}", "--dialect", "int32",
                                   "--events", path], capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(done.returncode, 2, done)
            self.assertIn(f"--events: the events cannot be written to {path}", done.stderr)
            self.assertFalse(started.exists(), done)

    def test_an_older_file_is_replaced_and_a_link_is_written_through(self):
        older = self.folder / "older"
        older.write_text("x" * 1_000_000)
        self.file.symlink_to(older)
        self.assertEqual(self.run_it(mutant("none"), "--filter", "length/*/whole/empty").returncode, 0)
        self.assertTrue(self.file.is_symlink())
        self.assertEqual(report(older).returncode, 0)

    def test_a_full_disk_is_told_and_costs_no_verdict(self):
        def with_room_for_little():
            resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))

        # Python has the signal ignored, and leaves it so: then write() says that there is no room.
        done = self.run_it(mutant("negative_accepted"), "--filter", "length/*/whole/negative-minus_one",
                           preexec_fn=with_room_for_little, restore_signals=False)
        self.assertEqual(done.returncode, 3, done)
        self.assertIn("FAIL in ", done.stdout)
        self.assertIn(f"framespec: the events cannot be written to {self.file}: File too large\n", done.stderr)
        self.assertIn("its events end after", report(self.file).stdout)

    def test_no_file_is_written_over_by_the_report_of_it(self):
        self.file.write_text("an older one")
        for other in (self.file, self.folder / ".." / self.folder.name / self.file.name):
            same = self.run_it(mutant("none"), "--json", other)
            self.assertEqual(same.returncode, 2, same)
            self.assertIn("--events and --json name the same file", same.stderr)
            self.assertEqual(self.file.read_text(), "an older one")
        self.run_it(mutant("none"), "--filter", "length/*/whole/empty")
        before = self.file.read_bytes()
        done = report(self.file, "--json", self.file)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(self.file.read_bytes(), before)

    def test_text_that_is_no_utf_8_is_the_same_live_and_from_the_file(self):
        run = self.run_it(os.fsencode(mutant("none")) + b" # \x9b \xff", "--filter", "length/*/whole/empty")
        done = report(self.file)
        self.assertEqual((done.returncode, done.stdout), (run.returncode, run.stdout))
        self.assertTrue(self.file.read_bytes().isascii())

    def test_the_json_report_goes_to_standard_output_in_place_of_the_summary(self):
        self.run_it(mutant("none"), "--filter", "length/*/whole/empty")
        done = report(self.file, "--json", "-")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["format"], "framespec-report-1")


class Large(InAFolder):
    def test_memory_is_in_proportion_to_the_verdicts(self):
        self.run_it(mutant("none"), "--filter", "length/*/whole/empty")
        lines = self.file.read_text().splitlines(keepends=True)
        attempt = next(line for line in lines if '"event":"attempt"' in line)
        many = 200_000
        with self.file.open("w") as file:
            at = lines.index(attempt)
            file.writelines(lines[:at])
            file.writelines(attempt for _ in range(many))
            file.writelines(lines[at:])
        # What a process is said to have used counts that of the one it was forked from: here a small one.
        watch = ("import os, subprocess, sys; child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL); "
                 "_, status, used = os.wait4(child.pid, 0); print(status, used.ru_maxrss); os._exit(0)")
        done = subprocess.run([sys.executable, "-c", "import sys; sys.stdout.reconfigure(line_buffering=True); " + watch,
                               FRAMESPEC, "report", self.file], capture_output=True, text=True, timeout=DEADLINE_S,
                              check=True, env=os.environ | {"ASAN_OPTIONS": "quarantine_size_mb=1"})
        status, used_kib = map(int, done.stdout.split())
        self.assertEqual(status, 0)
        size_kib = self.file.stat().st_size // 1024
        self.assertGreater(size_kib, 50_000)
        self.assertLess(used_kib, size_kib)


if __name__ == "__main__":
    unittest.main()

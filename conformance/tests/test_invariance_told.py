"""What `framespec invariance` refuses, what it says where it cannot judge, and how its cases are shown."""

import re
import signal
import socket
import subprocess
import unittest
from contextlib import closing

from conversations import FINISH, GREETING, TALK, WithRecordings, answer, send
from framespec_process import DEADLINE_S, FRAMESPEC, HERE, InvarianceRun, a_test_for_each, descendants, events_in, wait_until
from planted_services import service


class Unusable(WithRecordings):
    def test_a_service_that_does_not_answer(self):
        for defect, told in (("closes_at_once", "answers nothing, and closes the connection, in turn 1"),
                             ("closes_behind_greeting", "answers nothing, and closes the connection, in turn 2"),
                             ("never_answers", "answers nothing in turn 1")):
            with self.subTest(defect):
                run = self.run_on(service(defect))
                self.unusable(run, f"the service {told} of the unsplit conversation, where the recording has an answer; "
                                   "is the recording of this service?")
                self.assertEqual(descendants(), [])

    def test_of_one_that_answers_nothing_at_all_nothing_was_recorded_either(self):
        self.unusable(self.run_on(service("never_answers"), steps=(send("PING\r\n"),)),
                      "answers nothing to the unsplit conversation, so that nothing can be compared")

    def test_one_that_is_not_there(self):
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        run = InvarianceRun(self.recording(*TALK), "--server", f"127.0.0.1:{port}")
        self.unusable(run, f"cannot connect to 127.0.0.1:{port}: Connection refused")
        run = self.run_on("exit 7 # {port}")
        self.unusable(run, "exited with status 7")

    def test_ctrl_c_ends_all(self):
        events = self.folder / "events.ndjson"
        command = [FRAMESPEC, "invariance", self.recording(*TALK), "--launch", service(manner="slow"), "--events", events]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True) as running:
            wait_until(lambda: sum(event["event"] == "verdict" for event in events_in(events)) > 2 or running.poll() is not None)
            running.send_signal(signal.SIGINT)
            stdout, _ = running.communicate(timeout=DEADLINE_S)
        self.assertEqual(running.returncode, 3, stdout)
        self.assertIn("interrupted", stdout)
        self.assertEqual(descendants(), [])

    def test_a_run_limit_says_what_was_left_out(self):
        run = self.run_on(service(manner="slow"), "--run-limit", "2")
        self.assertEqual(run.code, 3, run)
        self.assertIn("interrupted after 2 s (--run-limit): what was not run is not known", run.stdout, run)
        self.assertRegex(run.stdout, r"not_run +unframed: \d+ checks: interrupted\n  in +invariance/request \(\d+\)")
        self.assertEqual(run.report["run_limit_ms"], 2000, run)

    def test_without_proof_a_cut_is_no_pass(self):
        run = self.run_on(service(), "--pace", "1", "--filter", "*/cut_at-*/request-3")
        cut_ones = [plan for plan in run.plans() if "/cut_at-" in plan["id"]]
        self.assertEqual({plan["verdict"] for plan in cut_ones}, {"inconclusive"}, run)
        self.assertEqual(run.code, 3, run)
        accepted = self.run_on(service(), "--pace", "1", "--accept", "paced", "--filter", "*/cut_at-*/request-3")
        self.assertEqual(accepted.code, 0, accepted)


REFUSED = {  # steps: the line, and what is said of it
    "two_requests": ((send("A"), send("B")), 3, "a request follows another one"),
    "two_answers": ((send("A"), answer("B"), answer("C")), 4, "an answer follows another one"),
    "no_request": ((answer("A"),), 2, "there is no request in the file"),
    "nothing": ((), 1, "there is no request in the file"),
    "empty_request": ((send(""),), 2, "a request has one byte at least"),
    "behind_the_end": ((send("A"), answer("B"), FINISH, answer("C")), 5, "nothing can follow \"finish\""),
    "other_connection": (({"on": "main", "do": "send", "text": "A"}, {"on": "b", "do": "open"}), 3, "a recording has one connection"),
    "cuts": ((send("AB") | {"cuts": [1], "coalesced": False, "with_end": False},), 2, "framespec cuts the requests itself"),
    "coalesced": ((send("AB") | {"cuts": [], "coalesced": True, "with_end": False},), 2, "framespec cuts the requests itself"),
    "other_step": ((send("A"), {"on": "main", "do": "abort"}), 3, "a recording has the steps"),
    "unknown_member": ((send("A") | {"txt": "B"},), 2, "txt"),
    "no_json": ((send("A"), "surely"), 3, "must be an object"),
}


class BadRecordings(WithRecordings):
    def is_refused(self, row):
        steps, line, told = row
        run = self.run_on("true {port}", steps=steps)
        self.assertEqual((run.code, run.stdout, run.events), (2, "", []), run)
        self.assertRegex(run.stderr, rf"recording\.ndjson: line {line}: .*{re.escape(told)}", run)
        self.assertEqual(run.stderr.count("\n"), 1, run)

    def test_what_is_not_there_or_no_recording(self):
        for file, told in ((self.folder / "none", "No such file"), (self.folder, "directory"), (HERE / "part.py", "line 1")):
            with self.subTest(file):
                run = InvarianceRun(file, "--launch", "true {port}")
                self.assertEqual((run.code, run.stdout), (2, ""), run)
                self.assertIn(str(file), run.stderr, run)
                self.assertIn(told, run.stderr, run)

    def test_it_needs_one_service(self):
        for options in ((), ("--launch", "true {port}", "--server", "127.0.0.1:1")):
            run = InvarianceRun(self.recording(*TALK), *options)
            self.assertEqual((run.code, run.stdout), (2, ""), run)
            self.assertIn("--launch", run.stderr, run)


a_test_for_each(BadRecordings.is_refused, REFUSED, of=len(REFUSED))


class Shown(WithRecordings):
    FRAMES = GREETING, {"on": "main", "do": "send", "bytes": "03000000616263" "0100000078"}

    def framespec(self, *arguments):
        return subprocess.run([FRAMESPEC, *map(str, arguments)], capture_output=True, text=True, timeout=DEADLINE_S, check=False)

    def test_what_is_listed_is_what_is_run(self):
        file = self.recording(*TALK)
        for options in ((), ("--pipelined",)):
            ids = self.framespec("list", "--recording", file, *options, "--filter", "*/cut_at-*").stdout.split()
            run = InvarianceRun(file, "--launch", service(), *options, "--filter", "*/cut_at-*")
            self.assertEqual(set(ids), {plan["id"] for plan in run.plans() if "/cut_at-" in plan["id"]}, run)
            self.assertIs(any("joined" in each for each in ids), bool(options))

    def test_what_is_not_cut_of_long_requests_is_told(self):
        long, short = "SAY " + "x" * 5995 + "\r\n", "SAY yy\r\n"
        file = self.recording(send(long), answer("SAID\r\n"), send(short), answer("SAID yy\r\n"))
        done = self.framespec("list", "--recording", file)
        cuts = [each.count("/cut_at-") for each in done.stdout.splitlines() if each.endswith("/request-1")]
        left_out = 6000 - sum(cuts)
        self.assertGreater(left_out, 1900, done)
        self.assertEqual(done.stderr, f"framespec: request-1 is too long for a cut at each byte: {left_out} of 6000 cuts are left out\n")
        for at in (1, 5999):
            self.assertIn(f"invariance/unframed/cut_at-{at}/request-1\n", done.stdout)
        for at in range(1, len(short)):
            self.assertIn(f"invariance/unframed/cut_at-{at}/request-2\n", done.stdout)
        run = InvarianceRun(file, "--launch", service(), "--run-limit", "1")
        self.assertIn(f"request-1 is too long for a cut at each byte: {left_out} of 6000 cuts are left out\n", run.stdout, run)
        self.assertEqual(run.report["dialects"][0]["cuts_left_out"], [{"name": "request-1", "left_out": left_out, "of": 6000}], run)

    def test_an_end_of_the_stream_before_the_answer_is_played_there(self):
        steps = send("SAY it\r\n"), FINISH, answer("SAID it\r\n")
        run = self.run_on(service(manner="silent_until_end"), steps=steps)
        self.passes(run)
        sizes = [each["size"] for each in run.report["dialects"][0]["unsplit_answers"]]
        self.assertEqual(sizes, [len("SAID it\r\n"), 0], run)
        cut = self.run_on(service("one_read", "silent_until_end"), "--filter", "*/cut_at-*", steps=steps)
        self.assertEqual(cut.code, 1, cut)

    def test_a_last_request_that_nothing_answers_is_not_joined(self):
        steps = GREETING, send("SAY a\r\n"), answer("SAID a\r\n"), send("SAY b\r\n"), answer("SAID b\r\n"), send("QUIT\r\n")
        done = self.framespec("explain", "invariance/unframed/forced_coalescing/all_joined", "--recording", self.recording(*steps), "--pipelined")
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("send 14 bytes", done.stdout)
        listed = self.framespec("list", "--recording", self.recording(*steps), "--pipelined").stdout
        self.assertIn("/joined-2\n", listed)
        self.assertNotIn("/joined-3\n", listed)

    def test_a_case_is_explained(self):
        file = self.recording(*TALK)
        for case, told in (("cut_at-3/request-2", "53 41 59|20 68"), ("whole/end_inside-3-2", "end the stream"), ("whole/joined-2", "send 19 bytes")):
            with self.subTest(case):
                done = self.framespec("explain", f"invariance/unframed/{case}", "--recording", file, "--pipelined")
                self.assertEqual(done.returncode, 0, done)
                self.assertIn(told, done.stdout, done)
        done = self.framespec("explain", "invariance/unframed/cut_at-99/request-2", "--recording", file)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done)

    def test_with_a_dialect_there_is_more_cutting_around_its_frames(self):
        file = self.recording(*self.FRAMES)
        plain = self.framespec("list", "--recording", file).stdout.split()
        framed = self.framespec("list", "--recording", file, "--dialect", "int32").stdout.split()
        self.assertNotIn("invariance/unframed/straddled/request-2", plain)
        self.assertIn("invariance/int32/straddled/request-2", framed)
        done = self.framespec("explain", "invariance/int32/straddled/request-2", "--recording", file, "--dialect", "int32")
        self.assertEqual(done.returncode, 0, done)
        told = self.framespec("list", "--recording", file, "--dialect", "none_such")
        self.assertEqual((told.returncode, told.stdout), (2, ""), told)
        self.assertIn("none_such", told.stderr)


if __name__ == "__main__":
    unittest.main()

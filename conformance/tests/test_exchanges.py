"""Clients with one fixed exchange, judged by their exit status and what they print: `framespec run --answer`."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, SHORT, SHORT_S, TESTEES, Run, a_test_for_each, descendants, pasted
from launch_command import python_testee

ANSWERS = TESTEES / "clients"
ARTICLE = TESTEES / "article"

# Asks once and prints the answer, an int32 frame; {0} is what it does otherwise than a right one.
ASKS = """
import socket, struct, sys, os, signal, time
def take(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            sys.exit("the answer ends too soon")
        data += piece
    return data
address = ("127.0.0.1", int(sys.argv[1]))
sock = socket.create_connection(address)
sock.sendall(b"ask")
{}
"""
RIGHT = "size, = struct.unpack('<i', take(sock, 4)); print(take(sock, size).decode())"
HEAD = {"format": "framespec-replay/2", "dialect": "int32"}
ASKED = {"on": "main", "await": {"until_text": "ask"}}
ANSWER = {"on": "main", "do": "send", "bytes": b"\x06\0\0\0answer".hex()}


def typing(text, program):
    return f"printf {shlex.quote(text)} | {shlex.quote(sys.executable)} {shlex.quote(str(ARTICLE / program))} {{port}}"


class WithAnswers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def answers(self, *lines):
        file = self.folder / "answers.ndjson"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return file

    def client(self, does, name="client.py"):
        program = self.folder / name
        program.write_text(ASKS.format(does))
        return python_testee(program)

    def run_on(self, does, answers=(HEAD, ASKED, ANSWER), time_limit=SHORT_S):
        return Run("--client", self.client(does), "--answer", self.answers(*answers), "--time-limit", time_limit)


class Right(WithAnswers):
    def test_a_right_client_passes_all(self):
        run = self.run_on(RIGHT)
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)
        self.assertEqual(run.plans()[0]["id"], "sanity/int32/whole/exchange", run)
        proven = [plan for plan in run.plans() if plan["segmentation"] != "whole"]
        self.assertEqual({plan["proof"]["state"] for plan in proven}, {"proven"}, run)
        self.assertIn("exchange/int32/cut_at-1/answer-1", {plan["id"] for plan in run.plans()}, run)
        self.assertEqual(descendants(), [])

    def test_what_is_copied_from_the_request_is_what_it_asked(self):
        does = "take(sock, 4); token = b'%06d' % os.getpid() ; sock.sendall(token); size, = struct.unpack('<i', take(sock, 4)); " \
               "sys.exit(take(sock, size) != token)"
        greeting = {"on": "main", "do": "send", "bytes": "00000000"}
        copied = ANSWER | {"copies": [{"from": 0, "to": 4, "size": 6}]}
        run = self.run_on(does, answers=(HEAD, ASKED, greeting, {"on": "main", "await": {"bytes": 6}}, copied))
        self.assertEqual(run.cases("fail"), set(), run)
        self.assertEqual(run.code, 0, run)


# Where the answer ends too soon it asks once more, on a connection of its own.
ASKS_AGAIN = f"""
try: {RIGHT}
except (SystemExit, OSError):
    sock = socket.create_connection(address)
    try: sock.sendall(b"ask"); take(sock, 4)
    except (SystemExit, OSError): {{}}
"""


class AsksAgain(WithAnswers):
    def test_it_is_turned_away_at_once_and_ends(self):
        run = self.run_on(ASKS_AGAIN.format("sys.exit(1)"))
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def test_that_it_was_is_told_where_it_does_not_end(self):
        run = self.run_on(ASKS_AGAIN.format("signal.pause()"))
        self.assertEqual(run.cases("fail"), {"exchange/end_inside", "exchange/reset_inside"}, run)
        came = {plan["failure"]["came"].partition("; ")[2] for plan in run.plans("fail")}
        self.assertEqual(came, {"further connections of it, closed at once: 1"}, run)


# What it does, the case that finds it, and the kind of failure.
DEFECTS = {
    "one_recv": ("size, = struct.unpack('<i', sock.recv(4)); print(take(sock, size).decode())", "exchange/answer", "other_exit"),
    "part_for_all": ("size, = struct.unpack('<i', take(sock, 4)); print(sock.recv(size).decode())", "exchange/answer", "other_exit"),
    "all_that_comes": ("time.sleep(0); take(sock, 4); print(sock.recv(1024).decode())", "exchange/twice", "other_exit"),
    "padded": ("data = b''\nwhile len(data) < 10 and (piece := sock.recv(10 - len(data))): data += piece\n"
               "print('answer')", "exchange/end_inside", "other_exit"),
    "spins_at_end": ("data = b''\nwhile len(data) < 10: data += sock.recv(10 - len(data))\nprint(data[4:])",
                     "exchange/end_inside", "still_running"),
    "dies_at_reset": ("try: data = take(sock, 10)\nexcept OSError: os.kill(os.getpid(), signal.SIGSEGV)\nprint(data[4:])",
                      "exchange/reset_inside", "died"),
}


class Defects(WithAnswers):
    def is_found(self, defect):
        does, case, kind = defect
        run = self.run_on(does)
        self.assertEqual(run.code, 1, run)
        self.assertIn(case, run.cases("fail"), run)
        kinds = {plan["failure"]["kind"] for plan in run.plans("fail") if plan["case"] == case}
        self.assertIn(kind, kinds, run)
        again = pasted(run.commands()[0])
        self.assertEqual(again.returncode, 1, again)

    def test_a_finding_is_played_again_and_on_a_right_one_it_is_gone(self):
        cut = "exchange/int32/cut_at-1/answer-1"
        events = self.folder / "events.ndjson"
        wrong = self.client(DEFECTS["one_recv"][0])
        subprocess.run([FRAMESPEC, "run", "--client", wrong, "--answer", self.answers(HEAD, ASKED, ANSWER), "--filter", cut,
                        "--events", events], capture_output=True, timeout=DEADLINE_S, check=False)
        for client, code in ((wrong, 1), (self.client(RIGHT, "right.py"), 0)):
            done = subprocess.run([FRAMESPEC, "replay", events, "--id", cut, "--client", client], capture_output=True, text=True,
                                  timeout=DEADLINE_S, check=False)
            self.assertEqual(done.returncode, code, done)


a_test_for_each(Defects.is_found, DEFECTS, of=len(DEFECTS))

# Of the article's clients: what is typed, the answer file, and the cut that the finding is made minimal to.
ROWS = {
    "row_2": ("communication_loop_client.py", r"hello\nworld\n", "communication_loop", 1),
    "row_6": ("remote_command_int32_client.py", r"echo one\necho two\n", "remote_command_int32", 1),
    "row_7": ("remote_command_int64_client.py", r"echo one\necho two\n", "remote_command_int64", 1),
    "row_8": ("remote_command_json_client.py", r"echo one\necho two\n", "remote_command_json", 1),
}


class Article(unittest.TestCase):
    def has_its_defect(self, row):
        program, typed, answers, cut = row
        run = Run("--client", typing(typed, program), "--answer", ANSWERS / f"{answers}.ndjson", *SHORT, "--filter", "*/whole/*", "--filter",
                  "*/cut_at-*/answer-*")
        self.assertEqual(run.code, 1, run)
        finding = run.finding("exchange/answer", unsplit=False)
        self.assertEqual(finding["minimal"]["cuts"], [cut], run)
        self.assertEqual(finding["minimal"]["proof"]["state"], "proven", run)
        self.assertIn("SEG-1", finding["rules"], run)


a_test_for_each(Article.has_its_defect, ROWS, of=len(ROWS))


REFERENCE_CLIENT = os.environ.get("FRAMESPEC_CLIENT")


@unittest.skipUnless(REFERENCE_CLIENT, "FRAMESPEC_CLIENT does not name framespec-client")
class ReferenceClient(unittest.TestCase):
    def passes(self, dialect):
        client = f"{shlex.quote(REFERENCE_CLIENT)} 127.0.0.1:{{port}} --dialect {dialect} send hello 'to all'"
        run = Run("--client", client, "--answer", ANSWERS / f"framespec_client_{dialect}.ndjson")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.cases("fail", "nonstrict", "inconclusive", "error"), set(), run)
        self.assertLessEqual({"exchange/answer", "exchange/end_behind", "exchange/end_inside", "exchange/reset_inside", "exchange/twice"},
                             run.cases("pass"), run)


a_test_for_each(ReferenceClient.passes, {dialect: dialect for dialect in ("int32", "int64", "json")}, of=3)


class Refused(WithAnswers):
    def unusable(self, told, does, **more):
        run = self.run_on(does, **more)
        self.assertNotEqual(run.code, 0, run)
        self.assertEqual(run.cases("pass"), set(), run)
        self.assertIn(told, run.stdout, run)

    def test_one_that_prints_something_else_each_time_cannot_be_compared(self):
        run = self.run_on(RIGHT + "; print(os.getpid())")
        self.assertEqual(run.code, 3, run)
        self.assertIn("differs between two runs with the same answers", run.stdout, run)

    def test_one_that_asks_for_more_is_told_with_what_it_sent(self):
        self.unusable("5 bytes that it has sent are not awaited by the answer file", RIGHT + "; sock.sendall(b'again'); take(sock, 1)")

    def test_one_that_asks_for_something_else(self):
        self.unusable("a request that ends with \"ask me\"", RIGHT, answers=(HEAD, {"on": "main", "await": {"until_text": "ask me"}}, ANSWER))

    def test_one_that_sends_on_and_never_a_whole_request_is_given_up(self):
        self.unusable("is too slow to be judged: after", "while True: sock.send(b'.')", time_limit="0.5",
                      answers=(HEAD, {"on": "main", "await": {"until_text": "ask me"}}, ANSWER))

    def test_one_that_sends_far_more_than_is_awaited_is_told_so(self):
        asks_again = {"on": "main", "await": {"until_text": "again"}}
        self.unusable("more than 16 MiB before it was awaited",
                      "sock.sendall(bytes(24 << 20)); take(sock, 10); sock.sendall(b'again'); take(sock, 10)",
                      answers=(HEAD, ASKED, ANSWER, asks_again, ANSWER))

    def test_options_that_do_not_fit(self):
        file = self.answers(HEAD, ASKED, ANSWER)
        client = ["--client", "true {port}"]
        for told, arguments in {
            "--dialect excludes --answer": [*client, "--answer", file, "--dialect", "int32"],
            "--observe exit needs --answer FILE": [*client, "--observe", "exit", "--dialect", "int32"],
            "--answer is for --observe exit": [*client, "--observe", "echo", "--answer", file],
            "only a client that is started for each check": ["--listen", "127.0.0.1:1", "--answer", file],
            "needs --dialect NAME|FILE, or --answer FILE": client,
        }.items():
            with self.subTest(told):
                run = Run(*arguments)
                self.assertEqual((run.code, run.stdout), (2, ""), run)
                self.assertIn(told, run.stderr, run)

    def test_what_is_no_answer_file(self):
        for told, lines in {
            "line 1: $.format": [{"format": "framespec-replay/9"}],
            "expected": [HEAD, ASKED, ANSWER, {"on": "main", "expect": "closed", "graceful": False}],
        }.items():
            with self.subTest(told):
                run = self.run_on(RIGHT, answers=lines)
                self.assertEqual((run.code, run.stdout), (2, ""), run)
                self.assertIn(told, run.stderr, run)


class Listed(WithAnswers):
    def test_its_cases_are_listed_and_explained(self):
        file = self.answers(HEAD, ASKED, ANSWER)
        ids = subprocess.run([FRAMESPEC, "list", "--answer", file], capture_output=True, text=True, timeout=DEADLINE_S,
                             check=True).stdout.split()
        self.assertIn("exchange/int32/cut_at-4/answer-1", ids)
        for one in (ids[0], "exchange/int32/cut_at-4/answer-1", "exchange/int32/whole/end_inside-1-3"):
            told = subprocess.run([FRAMESPEC, "explain", one, "--answer", file], capture_output=True, text=True,
                                  timeout=DEADLINE_S, check=False)
            self.assertEqual(told.returncode, 0, told)
            self.assertIn("wait for a request that ends in", told.stdout, told)


if __name__ == "__main__":
    unittest.main()

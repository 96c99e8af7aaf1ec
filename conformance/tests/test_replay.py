"""`framespec replay` as its users run it: on a planted defect and on its right twin, and on files that are none."""

import json
import os
import re
import resource
import shlex
import signal
import socketserver
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import jsonschema

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, Run, descendants, mutant, wait_until
from replay_files import ROOT, Replay, dialect_file, failure, is_whole, listed, replay_of, the_case, write

ONE_RECV = "prefix_in_one_recv"
CUT = "segmentation/int32/cut_at-1/one_byte"
RECORDINGS = HERE / "recordings"
SCHEMA = json.loads((HERE.parent / "schemas/replay.schema.json").read_text(encoding="utf-8"))


class Echo(socketserver.BaseRequestHandler):
    """Sends back each byte: what an echo of frames looks like to whoever sends whole ones."""

    def handle(self):
        while data := self.request.recv(1 << 16):
            self.request.sendall(data)


class WithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file_of(self, case_id, recorded=None, dialect="int32", **members):
        return write(self.folder, replay_of(the_case(case_id, dialect), recorded, **members))

    def refused(self, told, *arguments):
        run = Replay(*arguments)
        self.assertEqual((run.code, run.stdout), (2, ""), run)
        self.assertRegex(run.stderr, f"^framespec: [^\n]*{re.escape(told)}[^\n]*\n$", run)


class Played(WithFolder):
    def test_a_defect_is_still_there(self):
        run = Replay(self.file_of(CUT, failure("ended_early", came="nothing")), "--launch", mutant(ONE_RECV))
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.stdout, rf"^STILL SO  int32 · {CUT}\n")
        self.assertIn("\n  must hold A frame with a payload of one byte is answered wherever it is cut.  [SEG-1 PFX-2]\n", run.stdout)
        self.assertIn("\n            01 | 00 00 00 78\n", run.stdout)
        self.assertIn("\n  proof     2 segments reached the testee as they were cut", run.stdout)
        self.assertIn("\n  control   unsplit it passes, so it is the cuts\n", run.stdout)
        self.assertIn("\n  verdict   still so: it fails as it did (played 2 times)\n", run.stdout)
        self.assertIn("\n  then came nothing\n", run.stdout)

    def test_it_is_no_longer_in_the_right_twin(self):
        run = Replay(self.file_of(CUT, failure("ended_early")), "--launch", mutant("none"))
        self.assertEqual(run.code, 0, run)
        self.assertTrue(run.stdout.startswith("NO LONGER SO"), run)
        self.assertIn("\n  verdict   no longer so: it passes\n", run.stdout)
        self.assertIn("\n  proof     2 segments reached the testee as they were cut\n", run.stdout)

    def test_that_it_fails_otherwise_is_said(self):
        run = Replay(self.file_of(CUT, failure("wrong_answer")), "--launch", mutant(ONE_RECV))
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.stdout, r"\n  verdict   still fails, but otherwise: ")

    def test_without_a_recorded_failure_it_passes_or_fails(self):
        file = self.file_of(CUT)
        for defect, code, word in ((ONE_RECV, 1, "FAILS"), ("none", 0, "PASSES")):
            run = Replay(file, "--launch", mutant(defect))
            self.assertEqual(run.code, code, run)
            self.assertTrue(run.stdout.startswith(word), run)

    def test_what_fails_unsplit_too_is_not_the_cuts(self):
        run = Replay(self.file_of("length/int32/cut_at-2/empty"), "--launch", mutant("zero_is_end"),
                     "--time-limit", "1")
        self.assertEqual(run.code, 1, run)
        self.assertIn("\n  control   unsplit it fails too, so it is not the cuts: expected ", run.stdout)

    def test_without_proof_nothing_is_told(self):
        run = Replay(self.file_of(CUT, failure()), "--launch", mutant("none"), "--pace", "1")
        self.assertEqual(run.code, 3, run)
        self.assertTrue(run.stdout.startswith("CANNOT TELL"), run)
        self.assertIn("\n  verdict   cannot tell: the segments were not proven", run.stdout)

    def test_a_testee_that_is_not_there_or_no_echo_is_none_to_tell_of(self):
        file = self.file_of(CUT)
        for command, told in (("echo no server here >&2; exit 7 # {port}", "exited with status 7"),
                              ("exit 89 # {port}", "not implement"),
                              (mutant("none", "json"), "does not even echo one whole frame")):
            run = Replay(file, "--launch", command, "--time-limit", "1")
            self.assertEqual(run.code, 3, run)
            self.assertIn(told, run.stdout)

    def test_what_framespec_itself_has_not_is_no_fault_of_the_testee(self):
        case = the_case(CUT)
        case["steps"] = [{"on": f"one of many {number}", "do": "open"} for number in range(200)] + case["steps"]
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever).start()
            run = Replay(write(self.folder, replay_of(case)), "--server", f"127.0.0.1:{server.server_address[1]}",
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)))
            server.shutdown()
        self.assertEqual(run.code, 3, run)
        self.assertIn("framespec cannot connect to 127.0.0.1:", run.stdout)
        self.assertIn("Too many open files", run.stdout)

    def test_what_needs_a_launched_testee_cannot_be_told_of_a_server(self):
        case = the_case(CUT)
        case["steps"].append({"on": "main", "expect": "memory", "growth_max": 2**30})
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
            threading.Thread(target=server.serve_forever).start()
            run = Replay(write(self.folder, replay_of(case)), "--server", f"127.0.0.1:{server.server_address[1]}")
            server.shutdown()
        self.assertEqual(run.code, 3, run)
        self.assertIn("needs --launch", run.stdout)

    def test_a_dialect_of_ones_own_is_in_the_file_and_told_by_its_file(self):
        case = the_case("segmentation/int32/cut_at-1/one_byte")
        own = {**dialect_file("int32"), "name": "own"}
        file = write(self.folder, replay_of(case, dialect=own))
        run = Replay(file, "--launch", mutant("none"))
        self.assertEqual(run.code, 0, run)
        asks = mutant("none").replace("--dialect int32", "--dialect {dialect}")
        self.refused('"own" as this file has it is none that it can know by name; give the dialect\'s file with --dialect',
                     file, "--launch", asks)
        named = write(self.folder, [own], "own.json")
        run = Replay(file, "--launch", asks, "--dialect", named)
        self.assertNotEqual(run.code, 2, run)
        run = Replay(write(self.folder, replay_of(case)), "--launch", asks)
        self.assertEqual(run.code, 0, run)

    def test_a_file_without_a_dialect_needs_one(self):
        lines = replay_of(the_case(CUT))
        del lines[0]["dialect"]
        file = write(self.folder, lines)
        self.refused("does not say its dialect; say it with --dialect", file, "--launch", mutant("none"))
        run = Replay(file, "--launch", mutant("none"), "--dialect", "int32")
        self.assertEqual(run.code, 0, run)

    def test_interrupted_it_leaves_nothing_running(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), subprocess.Popen(
                    [FRAMESPEC, "replay", str(self.file_of(CUT)), "--launch", "sleep 1000 {port}"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
                wait_until(lambda: any(re.match(r"sleep 1000 \d", command) for command in descendants()))
                process.send_signal(number)
                stdout = process.communicate(timeout=DEADLINE_S)[0]
                self.assertEqual(process.returncode, 3, stdout)
                self.assertIn("CANNOT TELL", stdout)
                self.assertEqual([command for command in descendants() if command.startswith("sleep 1000")], [])


class Refused(WithFolder):
    def test_what_is_no_replay_file(self):
        head = {"format": "framespec-replay/1"}
        for lines, told in (([], "line 1: $: there is no line; the first one says the format"),
                            (["{"], "line 1: $: line 1, column 2: not valid JSON"),
                            ([{"format": "framespec-replay/3"}], "line 1: $.format: the first line must be an object"),
                            ([head, {"on": "b", "do": "abort"}], 'line 2: $: there is no connection "b" yet'),
                            ([head, {"on": "\x1b[31m\u202e", "do": "abort"}], r"\x1b[31m\xe2\x80\xae"),
                            ([head, "[" * 100000], "line 2: $"),
                            ([head, {"on": "main", "do": "send", "bytes": "zz", "frame_ends": []}], "line 2: $.bytes"),
                            (["\udcff"], "line 1: $")):
            with self.subTest(told):
                self.refused(told, write(self.folder, lines), "--launch", mutant("none"))

    def test_what_is_no_file(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        for path, told in ((pipe, "is a pipe (FIFO); give an ordinary file"), (self.folder, "is a directory"),
                           ("/dev/zero", "is no ordinary file"), (self.folder / "none", "No such file"),
                           ("\x1b[31m", r"\x1b[31m: cannot be read")):
            with self.subTest(told):
                self.refused(told, path, "--as-file")

    def test_wrong_usage(self):
        file = self.file_of(CUT)
        for arguments, told in (((), "needs a testee: --launch"), (("--launch", "x", "--server", "y"), "excludes"),
                                (("--launch", "x", "--as-test"), "not both at once"),
                                (("--as-test", "--as-case"), "excludes"), (("--server", "nowhere"), "--server"),
                                (("--launch", "x", "--dialect", "nonsense"), "there is no dialect"),
                                (("--launch", "x", "--time-limit", "nan"), "is not a number of seconds")):
            with self.subTest(arguments):
                self.refused(told, file, *arguments)


class Converted(WithFolder):
    def check_lines(self, text):
        validator = jsonschema.Draft202012Validator(SCHEMA)
        for line in text.splitlines():
            validator.validate(json.loads(line))

    def test_every_case_of_a_dialect_is_the_same_as_a_file_and_meets_the_schema(self):
        kinds = set()
        for dialect in ("int32", "json"):
            for case in listed("--dialect", dialect, "--frame-timeout", "1", "--filter", "*/whole/*", "--filter",
                               "*/forced_coalescing/*", "--filter", "*+end/*"):
                kind = (dialect, *sorted({step.get("do", step.get("expect")) for step in case["steps"]}))
                if kind in kinds or not is_whole(case):
                    continue
                kinds.add(kind)
                run = Replay(write(self.folder, replay_of(case, failure())), "--as-file")
                self.assertEqual(run.code, 0, run)
                self.check_lines(run.stdout)
                steps = [json.loads(line) for line in run.stdout.splitlines()[1:-1]]
                self.assertEqual(steps, case["steps"])
        self.assertGreater(len(kinds), 20)

    def test_the_schema_refuses_what_is_refused(self):
        head = {"format": "framespec-replay/1"}
        validator = jsonschema.Draft202012Validator(SCHEMA)
        for line in ({}, {**head, "ident": "x"}, {"format": "framespec-replay/3"}, {"on": "main", "do": "jump"},
                     {"on": "main", "do": "send", "bytes": "0", "frame_ends": []}, {"on": "main", "came": "00", "size": 1},
                     {"failure": "x", "came": "y"}, {"on": "main", "do": "send", "bytes": "", "frame_ends": [], "cuts": []}):
            self.assertFalse(validator.is_valid(line), line)
            self.assertEqual(Replay(write(self.folder, ([] if "format" in line or not line else [head]) + [line]),
                                    "--as-file", "--dialect", "int32").code, 2, line)

    def test_the_schema_has_what_is_played_to_a_client(self):
        head = {"format": "framespec-replay/2"}
        copy = {"from": 2, "to": 0, "size": 1}
        validator = jsonschema.Draft202012Validator(SCHEMA)
        for step, is_right in (({"await": {"bytes": 29}}, True), ({"await": {"until": "0d0a"}}, True),
                               ({"await": {"until_text": "\r\n"}}, True), ({"await": {"frame": "uint16be"}}, True),
                               ({"await": {"frame": dialect_file("grpc")}}, True),
                               ({"await": {}}, False), ({"await": {"bytes": 0}}, False), ({"await": {"until": ""}}, False),
                               ({"await": {"bytes": 1, "until": "00"}}, False), ({"await": 1}, False),
                               ({"do": "send", "text": "+PONG\r\n"}, True), ({"do": "send"}, False),
                               ({"do": "send", "text": "a", "bytes": "61"}, False),
                               ({"do": "send", "text": "a", "copies": [copy]}, True),
                               ({"do": "send", "text": "a", "copies": [{**copy, "size": 0}]}, False),
                               ({"expect": "exit"}, True), ({"expect": "exit", "like": "control"}, True),
                               ({"expect": "exit", "unlike": "control", "status": 1, "output": "61"}, True),
                               ({"expect": "exit", "like": "control", "unlike": "control"}, False),
                               ({"expect": "exit", "status": 0, "output": ""}, False),
                               ({"expect": "exit", "like": "control", "status": 0}, False),
                               ({"expect": "answer", "bytes": "6162", "varies": [[0, 1]]}, True),
                               ({"expect": "answer", "text": "ab"}, True),
                               ({"expect": "answer", "bytes": "61", "text": "a"}, False),
                               ({"expect": "answer"}, False)):
            with self.subTest(step):
                lines = [head, {"on": "main", "await": {"bytes": 3}}, {"on": "main", **step}]
                run = Replay(write(self.folder, lines), "--as-file", "--dialect", "int32")
                self.assertEqual(run.code, 0 if is_right else 2, run)
                self.assertEqual(validator.is_valid(lines[-1]), is_right)
                for line in run.stdout.splitlines():
                    validator.validate(json.loads(line))
        for members, is_right in (({**head, "dialect": "grpc"}, True), ({**head, "dialect": 1}, False)):
            self.assertEqual(validator.is_valid(members), is_right, members)
            self.assertEqual(Replay(write(self.folder, [members]), "--as-file").code, 0 if is_right else 2, members)

    def test_every_member_is_described(self):
        def undescribed(schema, path="$"):
            for name, member in schema.get("properties", {}).items():
                reference = member.get("$ref", "").rpartition("/")[2]
                if "description" not in member and "description" not in SCHEMA["definitions"].get(reference, {}):
                    yield f"{path}.{name}"
                yield from undescribed(member, f"{path}.{name}")

        for name, definition in SCHEMA["definitions"].items():
            self.assertEqual(list(undescribed(definition, name)), [])

    def test_a_case_runs_as_the_replay_did(self):
        file = self.file_of(CUT, failure("ended_early"))
        run = Replay(file, "--as-case")
        self.assertEqual(run.code, 0, run)
        suite = self.folder / "found.json"
        suite.write_text(run.stdout)
        case_id = "replay/int32/cut_at-1/segmentation_one_byte"
        for defect, code in ((ONE_RECV, 1), ("none", 0)):
            done = Run("--launch", mutant(defect), "--dialect", "int32", "--suites", suite)
            self.assertEqual(done.code, code, done)
            self.assertEqual({plan["id"] for plan in done.judged() if plan["case"] == "replay/segmentation_one_byte"},
                             {case_id, "replay/int32/whole/segmentation_one_byte"}, done)

    def test_a_test_is_printed_as_it_is_built(self):
        run = Replay(RECORDINGS / "hostile.ndjson", "--as-test")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.stdout, (RECORDINGS / "hostile_test.cc.txt").read_text(encoding="utf-8"),
                         "to renew: framespec replay hostile.ndjson --as-test > hostile_test.cc.txt")

    def test_what_cannot_be_said_is_refused_with_the_reason(self):
        flood = {"do": "flood", "bytes": "00000000", "total": 9, "goes_on": False, "answer": {"payload": ""}}
        for steps, form, told in (([flood, {"expect": "flood"}], "--as-test", "it sends without end"),
                                  ([{"do": "abort"}], "--as-test", "it resets a connection"),
                                  ([{"do": "pause", "ms": 5}], "--as-test", "it is about time"),
                                  ([{"do": "pause", "ms": 5}], "--as-case", "measures its pauses by --frame-timeout"),
                                  ([{"expect": "closed", "graceful": False, "within_ms": 5}], "--as-case",
                                   "measures time by --frame-timeout"),
                                  ([{"expect": "closed", "graceful": False}], "--as-case", "it does not hold"),
                                  ([{"await": {"bytes": 1}}], "--as-test", "it is about a client that asks"),
                                  ([{"expect": "exit"}], "--as-test", "it is about how a client ends"),
                                  ([{"expect": "exit"}], "--as-case", "whose cases are made of its answer file"),
                                  ([{"expect": "answer", "bytes": "00"}], "--as-test", "about what a service answers"),
                                  ([{"expect": "answer", "bytes": "00"}], "--as-case", "made of its recording"),
                                  ([{"expect": "frames", "frames": [{"payload": "00"}]}], "--as-test",
                                   "it expects other answers than SPEC.md has")):
            with self.subTest(told):
                case = the_case(CUT)
                case["steps"] += [{"on": "main", **step} for step in steps]
                case["main_stays_open"] = {"do": "abort"} not in steps and {"expect": "exit"} not in steps
                self.refused(told, write(self.folder, replay_of(case, format="framespec-replay/2")), form)

    def test_a_closed_standard_output_is_told(self):
        for form in ("--as-file", "--as-test", "--as-case"):
            with open("/dev/full", "w", encoding="utf-8") as full:
                run = Replay(self.file_of(CUT), form, stdout=full)
            self.assertEqual(run.code, 3, run)
            self.assertIn("standard output cannot be written", run.stderr)


if __name__ == "__main__":
    unittest.main()

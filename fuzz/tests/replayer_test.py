#!/usr/bin/env python3
"""The replayer: exit codes, --explain, that a finding ends it with the input in readable form, and
inputs as replay files.

usage: replayer_test.py REPLAY_PLANTED_BUG REPLAY_PREFIX REPLAY_JSON_HEADER CORPUS
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

REPLAYER, OF_STREAMS, OF_HEADERS, CORPUS = sys.argv[1:5]
WITH_THE_BUG = b"int32be cut_at-3\n\0\0\0\5hello"
WITHOUT_IT = b"int32 cut_at-3\n\5\0\0\0hello"  # whose fourth byte is 0 anyway


def replay(*arguments, bug="prefix_cut_after_third"):
    # UndefinedBehaviorSanitizer and AddressSanitizer take an abort for a crash of their own, unless told not to.
    environment = dict(os.environ, FRAMESPEC_PLANTED_BUG=bug, ASAN_OPTIONS="handle_abort=0")
    return subprocess.run([REPLAYER, *map(str, arguments)], env=environment, capture_output=True, text=True,
                          timeout=300, check=False)


class Replayer(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def file(self, name, content):
        path = pathlib.Path(self.folder.name) / name
        path.write_bytes(content)
        return path

    def test_passes_inputs_without_a_finding(self):
        run = replay(self.file("good", WITHOUT_IT))
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("1 inputs passed", run.stdout)

    def test_ends_at_a_finding_with_the_input_explained(self):
        bad = self.file("bad", WITH_THE_BUG)
        run = replay(bad)
        self.assertEqual(run.returncode, -signal.SIGABRT)
        self.assertIn("FINDING: the planted deframer under byte_by_byte", run.stderr)
        self.assertIn("segment 0 at 0: 00 00 00", run.stderr)
        self.assertTrue(run.stdout.endswith(f"{bad}\n"), run.stdout)

    def test_explains_without_running(self):
        run = replay("--explain", self.file("bad", WITH_THE_BUG))
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("segment 1 at 3: 05 | 68 65 6c 6c 6f", run.stdout)

    def test_finds_nothing_in_the_control_on_the_whole_corpus(self):
        run = replay(CORPUS, bug="none")
        self.assertEqual(run.returncode, 0, run.stdout[-300:] + run.stderr)

    def test_finds_every_bug_on_the_corpus(self):
        for bug in ("prefix_cut_after_third", "one_frame_a_receive", "clean_end_after_prefix", "maximum_exclusive",
                    "empty_frame_dropped", "length_in_32_bits", "digest_of_first_segment", "cut_trailer_unchecked"):
            with self.subTest(bug):
                self.assertEqual(replay(CORPUS, bug=bug).returncode, -signal.SIGABRT)

    def test_refuses_a_path_that_is_not_there_or_no_path(self):
        missing = replay("/no/such/file")
        self.assertEqual(missing.returncode, 2)
        self.assertIn("'/no/such/file' is no file", missing.stderr)
        self.assertEqual(replay().returncode, 2)

    def convert(self, option, path, program=OF_STREAMS):
        return subprocess.run([program, option, path], capture_output=True, timeout=60, check=False)

    def test_converts_an_input_to_a_replay_file_and_back(self):
        for content in (WITH_THE_BUG, WITHOUT_IT, b"json byte_by_byte verify\n\0\xff\n", b""):
            replay_file = self.convert("--as-replay", self.file("input", content))
            self.assertEqual((replay_file.returncode, replay_file.stderr), (0, b""))
            self.assertEqual(json.loads(replay_file.stdout.splitlines()[0])["format"], "framespec-replay/1")
            back = self.convert("--from-replay", self.file("replay", replay_file.stdout))
            self.assertEqual((back.returncode, back.stderr), (0, b""))
            self.assertEqual(back.stdout, content or b"int32 whole\n")

    def test_refuses_what_cannot_be_converted(self):
        good = self.file("good", WITHOUT_IT)
        for option, path, program, told in (("--from-replay", good, OF_STREAMS, b"line 1: $: "),
                                            ("--as-replay", "/no/such/file", OF_STREAMS, b"is no file"),
                                            ("--as-replay", self.folder.name, OF_STREAMS, b"is no file"),
                                            ("--as-replay", good, OF_HEADERS, b"are no streams")):
            run = self.convert(option, path, program)
            self.assertEqual((run.returncode, run.stdout), (2, b""))
            self.assertIn(told, run.stderr)
            self.assertEqual(run.stderr.count(b"\n"), 1)
        with open("/dev/full", "wb") as full:
            run = subprocess.run([OF_STREAMS, "--as-replay", good], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn(b"standard output cannot be written", run.stderr)

    def test_refuses_a_bug_that_is_not_there(self):
        run = replay(self.file("good", WITHOUT_IT), bug="no_such_bug")
        self.assertEqual(run.returncode, 2)
        self.assertIn("there is no bug called 'no_such_bug'", run.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

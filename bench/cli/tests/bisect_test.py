#!/usr/bin/env python3
"""framespec-bench bisect, in repositories whose commits are specimens of known speed.

usage: bisect_test.py FRAMESPEC-BENCH SPECIMENS_FOLDER
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

from counting import why_not_countable

PROGRAM, SPECIMENS = sys.argv[1], pathlib.Path(sys.argv[2])
WHY_NOT_COUNTABLE = why_not_countable(PROGRAM)
# What a commit builds is the specimen that its file names; "broken" is none.
BUILD = 'mkdir -p out && cp "$(cat which)" out/made'


@unittest.skipIf(WHY_NOT_COUNTABLE, WHY_NOT_COUNTABLE)
class Bisect(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.repository, self.scratch = (pathlib.Path(folder.name) / name for name in ("repository", "scratch"))
        self.repository.mkdir()
        self.scratch.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments):
        command = ["git", "-C", self.repository, "-c", "user.name=x", "-c", "user.email=x", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(self, *specimens):
        for number, name in enumerate(specimens):
            (self.repository / "which").write_text(str(SPECIMENS / f"specimen_{name}"), encoding="utf-8")
            (self.repository / "number").write_text(str(number), encoding="utf-8")
            self.git("add", ".")
            self.git("commit", "-q", "-m", f"{number} {name}")

    def command(self, *arguments, build=BUILD):
        return [PROGRAM, "bisect", *arguments, "--build", build, "--", "work/cpu"]

    def bisect(self, *arguments, **options):
        return subprocess.run(self.command(*arguments, **options), capture_output=True, text=True, check=False, cwd=self.repository,
                              env={**os.environ, "TMPDIR": str(self.scratch)})

    def assert_nothing_is_left(self):
        self.assertEqual(list(self.scratch.iterdir()), [])
        self.assertEqual(len(self.git("worktree", "list").splitlines()), 1)
        self.assertEqual(self.git("for-each-ref", "refs/bisect"), "")

    def test_names_mean_what_they_mean_where_the_user_stands(self):
        self.commit("same", "slower_twice")
        self.git("checkout", "-q", "--detach", "main")
        for good, bad in (("HEAD~1", "HEAD"), ("@~1", "main")):
            ended = self.bisect(good, bad)
            self.assertEqual(ended.returncode, 0, ended)
            self.assertIn("(1 slower_twice) is the first commit", ended.stdout)

    def test_a_program_is_one_that_was_built(self):
        self.commit("same", "slower_twice")
        precious = self.scratch.parent / "precious"
        precious.write_text("of the user", encoding="utf-8")
        for program in (precious, f"../../../{precious.name}", "out/other"):
            command = [PROGRAM, "bisect", "main~1", "main", "--build", BUILD, "--", f"{program}: work/cpu"]
            ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.repository,
                                   env={**os.environ, "TMPDIR": str(self.scratch)})
            self.assertEqual(ended.returncode, 3, ended)
            self.assertIn("no program has a benchmark", ended.stderr)
        self.assertEqual(precious.read_text(encoding="utf-8"), "of the user")

    def test_the_first_slower_commit_is_found_and_the_user_left_alone(self):
        self.commit("same", "same", "same", "same", "slower_2_percent", "slower_2_percent", "slower_2_percent")
        (self.repository / "which").write_text("changed by the user", encoding="utf-8")
        ended = self.bisect("main~6", "main")
        self.assertEqual(ended.returncode, 0, ended)
        last = ended.stdout.splitlines()[-1]
        self.assertRegex(last, r"^[0-9a-f]{12} \(4 slower_2_percent\) is the first commit with which work/cpu takes 2\.00 % more "
                               r"instructions \(\d+ before, \d+ since\)$")
        self.assertEqual((self.repository / "which").read_text(encoding="utf-8"), "changed by the user")
        self.assertEqual(self.git("status", "--short"), " M which\n")
        self.assertEqual(self.git("rev-parse", "--abbrev-ref", "HEAD"), "main\n")
        self.assert_nothing_is_left()

    def test_what_became_faster_is_found_too(self):
        self.commit("slower_5_percent", "slower_5_percent", "same", "same")
        ended = self.bisect("main~3", "main")
        self.assertEqual(ended.returncode, 0, ended)
        self.assertRegex(ended.stdout.splitlines()[-1], r"\(2 same\) .* 4\.7\d % fewer instructions")

    def test_what_cannot_be_built_or_is_wrong_is_skipped(self):
        self.commit("same", "same", "broken", "same", "slower_5_percent", "wrong", "slower_5_percent")
        ended = self.bisect("main~6", "main")
        self.assertEqual(ended.returncode, 0, ended)
        self.assertRegex(ended.stdout.splitlines()[-1], r"\(4 slower_5_percent\) is the first commit")

    def test_where_all_between_are_skipped_all_are_named(self):
        self.commit("same", "broken", "wrong", "slower_5_percent")
        ended = self.bisect("main~3", "main")
        self.assertEqual(ended.returncode, 3, ended)
        self.assertIn("skipped", ended.stdout)
        self.assertRegex(ended.stdout, r"one of 3 commits is the first with which work/cpu takes 5\.00 % more instructions .*\n"
                                       r"  \w+ \(1 broken\)\n  \w+ \(2 wrong\)\n  \w+ \(3 slower_5_percent\)\n$")
        self.assert_nothing_is_left()

    def test_ends_that_do_not_differ_or_cannot_be_looked_at_are_told(self):
        self.commit("same", "same", "broken")
        for good, bad, said in (("main~2", "main~1", "there is nothing to find"), ("main~1", "main", "main could not be built"),
                                ("main", "main~1", "main could not be built")):
            with self.subTest(said):
                ended = self.bisect(good, bad)
                self.assertEqual(ended.returncode, 3, ended)
                self.assertIn(said, ended.stderr)
        self.assertEqual(self.bisect("main", "nonexistent").returncode, 2)
        self.assert_nothing_is_left()

    def test_an_interruption_leaves_nothing_behind(self):
        self.commit("same", "slower_5_percent")
        begun = self.scratch.parent / "begun"
        os.mkfifo(begun)
        process = subprocess.Popen(self.command("main~1", "main", build=f"echo >{begun}; exec sleep 1000"), cwd=self.repository,
                                   stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(self.scratch)})
        begun.read_text(encoding="utf-8")  # until the build has begun
        process.send_signal(signal.SIGINT)
        said = process.communicate()[1]
        self.assertEqual(process.returncode, 3, said)
        self.assertEqual(said, "framespec-bench: interrupted\n")
        self.assert_nothing_is_left()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

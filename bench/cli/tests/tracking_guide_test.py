#!/usr/bin/env python3
"""What docs/tracking-your-benchmarks.md and docs/benchmark-history.md begin with, and a bisection, typed in a project that is not ours.

usage: tracking_guide_test.py FRAMESPEC-BENCH
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from counting import why_not_countable

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
WHY_NOT_COUNTABLE = why_not_countable(PROGRAM)

CMAKE = """cmake_minimum_required(VERSION 3.25)
project(parse CXX)
find_package(benchmark REQUIRED)
add_executable(parse_benchmark parse_benchmark.cc)
target_link_libraries(parse_benchmark PRIVATE benchmark::benchmark_main)
"""
# parse/int64 has as many bytes to add up as WORK says.
SOURCE = """#include <benchmark/benchmark.h>
#include <numeric>
#include <vector>
static void parse(benchmark::State& state, int size) {
  const std::vector<unsigned char> bytes(size, 1);
  for (auto _ : state) {
    unsigned sum = 0;
    for (const unsigned char byte : bytes) benchmark::DoNotOptimize(sum += byte);
    if (sum != bytes.size()) state.SkipWithError("bytes are missing");
  }
}
BENCHMARK_CAPTURE(parse, 32, 4000)->Name("parse/int32");
BENCHMARK_CAPTURE(parse, 64, WORK)->Name("parse/int64");
"""


def commands(guide, heading="# "):
    """The lines of the first block of commands under a heading, without what is said of them."""
    text = (DOCS / guide).read_text(encoding="utf-8").partition(heading)[2]
    block = re.search(r"```\n(framespec-bench .*?)```", text, re.S).group(1)
    return [line.partition("  #")[0].rstrip() for line in block.splitlines()]


class Guide(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.project = pathlib.Path(folder.name) / "parse"
        cls.project.mkdir()
        programs = pathlib.Path(folder.name) / "programs"
        programs.mkdir()
        (programs / "framespec-bench").symlink_to(PROGRAM)
        cls.env = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
        cls.git("init", "-q", "-b", "main")
        cls.commit(4000, "Version 1.2")
        cls.git("tag", "v1.2")
        cls.commit(4000, "Name the fields")
        cls.git("checkout", "-q", "-b", "mine")
        cls.commit(8000, "Check each length twice")
        cls.compare_revisions = commands("tracking-your-benchmarks.md")[2]
        build = re.search("--build '(.*)'", cls.compare_revisions).group(1)
        # What the user has built of main, and of the own branch, and as "old" and "new".
        for branch, built, copied in (("main", "build-main", "old"), ("mine", "build-mine", "new")):
            cls.git("checkout", "-q", branch)
            built_it = subprocess.run(build, shell=True, cwd=cls.project, capture_output=True, text=True, check=False)
            assert built_it.returncode == 0, built_it
            (cls.project / "b").rename(cls.project / built)
            (cls.project / copied).mkdir()
            shutil.copy(cls.project / built / "parse_benchmark", cls.project / copied)

    @classmethod
    def git(cls, *arguments):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x", *arguments], cwd=cls.project, check=True, capture_output=True)

    @classmethod
    def commit(cls, work, message):
        (cls.project / "CMakeLists.txt").write_text(CMAKE, encoding="utf-8")
        (cls.project / "parse_benchmark.cc").write_text(SOURCE.replace("WORK", str(work)), encoding="utf-8")
        cls.git("add", "CMakeLists.txt", "parse_benchmark.cc")
        cls.git("commit", "-q", "--allow-empty", "-m", message)

    def typed(self, line):
        return subprocess.run(["bash", "-c", line], cwd=self.project, env=self.env, capture_output=True, text=True, check=False)

    def test_each_comparison_finds_the_one_that_is_worse(self):
        lines = commands("tracking-your-benchmarks.md")
        self.assertEqual(len(lines), 3)
        for line in lines:
            with self.subTest(line):
                ended = self.typed(line)
                self.assertEqual(ended.returncode, 1, ended)
                self.assertRegex(ended.stdout, r"(?m)^worse +parse/int64: ")
                self.assertNotRegex(ended.stdout, r"(?m)^worse +parse/int32: ")

    @unittest.skipIf(WHY_NOT_COUNTABLE, WHY_NOT_COUNTABLE)
    def test_the_commit_is_found(self):
        (line,) = commands("tracking-your-benchmarks.md", "## Which commit was it?")
        ended = self.typed(line)
        self.assertEqual(ended.returncode, 0, ended)
        self.assertIn("(Check each length twice) is the first commit with which parse/int64 takes ", ended.stdout)

    def test_runs_are_kept_and_listed(self):
        (run,) = commands("benchmark-history.md")
        (self.project / "build").mkdir()
        shutil.copy(self.project / "new" / "parse_benchmark", self.project / "build")
        for line in (run, f"{run} --commit v1.2"):
            ended = self.typed(line)
            self.assertEqual(ended.returncode, 0, ended)
        (history,) = commands("benchmark-history.md", "## What it says")
        listed = self.typed(history)
        self.assertEqual(listed.returncode, 0, listed)
        self.assertEqual(sorted(re.findall(r"(?m)^run +(\d+) .* parse_benchmark on ", listed.stdout)), ["1", "2"], listed)
        for benchmark in ("parse/int32", "parse/int64"):
            self.assertRegex(listed.stdout, benchmark + r" +[\d.]+ [num]?s  ")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

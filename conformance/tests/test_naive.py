"""The article's naive echo server: exactly its framing defects are reported, with minimal segmentations."""

import json
import subprocess
import unittest

from framespec_process import FRAMESPEC, TESTEES, Run, python_testee

NAIVE = python_testee(TESTEES / "article" / "naive_echo.py", "--dialect {dialect}")
SELECTION = ("--dialect", "int32", "--filter", "segmentation/*", "--filter", "coalescing/*")
PREFIX_SIZE = 4
RECEIVE_SIZE = 1024  # of the naive server, for payloads


def frames_in(send):
    """(begin, end) of each whole frame of a send step."""
    return list(zip([0, *send["frame_ends"]], send["frame_ends"]))


def size_of(send):
    return send["bytes_size"] if "bytes_size" in send else len(send["bytes"]) // 2


def takes_what_follows(send):
    """F3: the last read of a payload takes what is there behind it, up to the size of a read."""
    return any(end < size_of(send) and (end - begin - PREFIX_SIZE) % RECEIVE_SIZE != 0
               for begin, end in frames_in(send))


def cuts_a_prefix(send):
    """A1: the prefix is taken by a single recv."""
    begins = [0, *send["frame_ends"]]
    return any(begin < cut < begin + PREFIX_SIZE for cut in send.get("cuts", ()) for begin in begins)


def expected_findings():
    """The cases that fail unsplit, and those that fail only when cut: by what each sends, so that a new
    case is judged by its bytes and not by a list."""
    listed = subprocess.run([FRAMESPEC, "list", "--json", *SELECTION], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, check=True).stdout
    stuck, split = {}, set()
    for plan in map(json.loads, listed.splitlines()):
        area, _, segmentation, name = plan["id"].split("/")
        case = f"{area}/{name.partition('-')[0]}"
        sends = [step for step in plan["steps"] if step.get("do") == "send"]
        if segmentation == "whole":
            stuck[plan["id"]] = case if any(map(takes_what_follows, sends)) else None
        elif any(map(cuts_a_prefix, sends)):
            split.add((plan["control"], case))
    return ({case for case in stuck.values() if case},
            {case for control, case in split if not stuck[control]})


class Naive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = Run("--launch", NAIVE, *SELECTION)

    def findings(self, unsplit):
        return {finding["case"]: finding for finding in self.run_.report["dialects"][0]["findings"]
                if finding["unsplit"] == unsplit}

    def test_its_defects_and_nothing_else(self):
        self.assertEqual(self.run_.code, 1, self.run_)
        stuck, split = expected_findings()
        self.assertGreater(len(stuck), 10)
        self.assertGreater(len(split), 4)
        self.assertEqual(set(self.findings(unsplit=True)), stuck, self.run_)
        self.assertEqual(set(self.findings(unsplit=False)), split, self.run_)

    def test_every_split_failure_is_reduced_to_one_cut_inside_the_prefix(self):
        for case, finding in self.findings(unsplit=False).items():
            with self.subTest(case=case):
                self.assertEqual(finding["minimal"]["cuts"], [1])
                self.assertEqual(finding["minimal"]["proof"]["state"], "proven")
                self.assertTrue(finding["in_common"][0].startswith("every cut inside the prefix"),
                                finding["in_common"])

    def test_the_summary_puts_what_looks_alike_behind_one_finding(self):
        self.assertIn("alike", self.run_.stdout)
        self.assertLess(self.run_.stdout.count("must hold"), 6, self.run_)

    def test_the_command_shown_finds_the_same_again(self):
        again = Run("--launch", NAIVE, "--dialect", "int32", "--filter",
                    "segmentation/int32/cut_at-1/one_frame")
        self.assertEqual(again.code, 1, again)
        self.assertEqual({plan["id"] for plan in again.plans("fail")},
                         {"segmentation/int32/cut_at-1/one_frame"}, again)

    def test_all_three_dialects_in_one_run(self):
        run = Run("--launch", NAIVE, "--dialect", "int32,int64,json", "--filter",
                  "segmentation/*/one_byte", "--filter", "coalescing/*/two_frames")
        self.assertEqual(run.code, 1, run)
        for dialect in run.report["dialects"]:
            self.assertEqual({plan["case"] for plan in dialect["plans"] if plan["verdict"] == "fail"},
                             {"segmentation/one_byte", "coalescing/two_frames"}, dialect["name"])


if __name__ == "__main__":
    unittest.main()

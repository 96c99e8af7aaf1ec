"""The article's naive echo server: exactly its framing defects are reported, with minimal segmentations."""

import unittest

from framespec_process import TESTEES, Run, python_testee

NAIVE = python_testee(TESTEES / "article" / "naive_echo.py", "--dialect {dialect}")

# A1, the prefix in a single recv: these pass unsplit, and fail when a cut is inside a prefix.
SPLIT = {"segmentation/one_frame", "segmentation/one_byte", "segmentation/empty_frame",
         "segmentation/payload_bytes", "segmentation/large", "segmentation/one_after_another"}
# F3, the last read of a payload takes what follows it: these fail as soon as two frames arrive together.
STUCK = {"segmentation/two_frames", "segmentation/sizes_mixed", "segmentation/empty_between",
         "segmentation/many_small", "segmentation/buffer_edges", "segmentation/answered_at_last_byte",
         "coalescing/article_words", "coalescing/before_an_error", "coalescing/behind_an_error",
         "coalescing/empty_frames", "coalescing/full_queue", "coalescing/hundred_frames",
         "coalescing/large_then_small", "coalescing/part_of_the_next", "coalescing/sizes_mixed",
         "coalescing/then_end_of_stream", "coalescing/two_frames"}


class Naive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_ = Run("--launch", NAIVE, "--dialect", "int32", "--filter", "segmentation/*",
                       "--filter", "coalescing/*")

    def findings(self, unsplit):
        return {finding["case"]: finding for finding in self.run_.report["dialects"][0]["findings"]
                if finding["unsplit"] == unsplit}

    def test_its_defects_and_nothing_else(self):
        self.assertEqual(self.run_.code, 1, self.run_)
        self.assertEqual(set(self.findings(unsplit=False)), SPLIT, self.run_)
        self.assertEqual(set(self.findings(unsplit=True)), STUCK, self.run_)

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

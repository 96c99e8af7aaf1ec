"""Each planted defect is found by the case that is there for it; the server without one passes."""

import unittest

from framespec_process import Run, mutant

# defect: (dialect, filters, cases that must fail, whether they fail unsplit)
KILLED = {
    "prefix_in_one_recv": ("int32", ["segmentation/*/one_frame"], {"segmentation/one_frame"}, False),
    "prefix_after_three": ("int32", ["segmentation/*/one_frame"], {"segmentation/one_frame"}, False),
    "leftovers_lost": ("int32", ["coalescing/*/two_frames"], {"coalescing/two_frames"}, True),
    "one_frame_a_read": ("int32", ["coalescing/*/two_frames"], {"coalescing/two_frames"}, True),
    "zero_is_end": ("int32", ["length/*/empty"], {"length/empty"}, True),
    "negative_accepted": ("int32", ["length/*/negative-*"], {"length/negative"}, True),
    "maximum_excluded": ("int32", ["length/*/largest-*"], {"length/largest"}, True),
    "reserves_announced": ("int32", ["memory/*/announced_within_limit"],
                           {"memory/announced_within_limit"}, True),
    "padded_at_end": ("int32", ["end_of_stream/*/whole/at_offset-?"], {"end_of_stream/at_offset"},
                      True),
    "silent_on_error": ("int32", ["length/*/negative-minus_one"], {"length/negative"}, True),
    "serial": ("int32", ["concurrency/*/idle_beside_working"], {"concurrency/idle_beside_working"},
               True),
    "dies_at_reset": ("int32", ["liveness/*/after_reset_in_frame-1"],
                      {"liveness/after_reset_in_frame"}, True),
    "shared_buffer": ("int32", ["concurrency/*/nothing_left_behind-3"],
                      {"concurrency/nothing_left_behind"}, True),
    "leaks_descriptors": ("int32", ["concurrency/*/descriptors"], {"concurrency/descriptors"}, True),
    "stops_after_ten": ("int32", ["coalescing/*/hundred_frames"], {"coalescing/hundred_frames"},
                        True),
    "header_characters": ("json", ["json_header/*/whole/filenames-two_byte_letters"],
                          {"json_header/filenames"}, True),
    "header_bytes_behind": ("json", ["json_header/*/whole/bad_syntax-byte_behind"],
                            {"json_header/bad_syntax"}, True),
    "header_last_wins": ("json", ["json_header/*/whole/duplicate_key-total_size"],
                         {"json_header/duplicate_key"}, True),
}


def run_mutant(defect, dialect, filters, *more):
    arguments = ["--launch", mutant(defect, dialect), "--dialect", dialect, "--time-limit", "2"]
    for each in filters:
        arguments += ["--filter", each]
    return Run(*arguments, *more)


class Mutants(unittest.TestCase):
    def test_each_is_killed_by_its_case(self):
        for defect, (dialect, filters, cases, unsplit) in KILLED.items():
            with self.subTest(defect=defect):
                run = run_mutant(defect, dialect, filters)
                self.assertEqual(run.code, 1, run)
                self.assertEqual(run.cases("fail"), cases, run)
                for case in cases:
                    finding = run.finding(case, unsplit)
                    self.assertIn(f"--filter {finding['example']}", self.command_of(finding), run)

    @staticmethod
    def command_of(finding):
        # Of a finding with a minimal segmentation the command repeats that one.
        minimal = finding.get("minimal")
        if minimal is None:
            return finding["command"]
        return finding["command"].replace(minimal["id"], finding["example"])

    def test_the_correct_one_passes_everything_that_kills_them(self):
        for dialect in ("int32", "json"):
            filters = [one for of, some, _, _ in KILLED.values() if of == dialect for one in some]
            run = run_mutant("none", dialect, filters)
            self.assertEqual(run.code, 0, run)
            self.assertEqual({plan["verdict"] for plan in run.plans()}, {"pass"}, run)

    def test_the_correct_one_passes_every_case_of_int32(self):
        run = Run("--launch", mutant("none"), "--dialect", "int32")
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.plans()}, {"pass"}, run)
        self.assertGreater(len(run.plans()), 1000)

    def test_a_missed_should_is_told_and_does_not_fail_the_run(self):
        for defect, dialect, case in (("digest_ignored", "json", "json_header/wrong_digest"),
                                      ("resets_on_error", "int32", "length/graceful_after_error")):
            with self.subTest(defect=defect):
                area, name = case.split("/")
                run = run_mutant(defect, dialect, [f"{area}/*/{name}*"])
                self.assertEqual(run.code, 0, run)
                self.assertEqual(run.cases("nonstrict"), {case}, run)
                self.assertIn("NONSTRICT", run.stdout)


class MinimalSegmentations(unittest.TestCase):
    def test_a_cut_anywhere_in_the_prefix(self):
        run = run_mutant("prefix_in_one_recv", "int32", ["segmentation/*/one_frame"])
        finding = run.finding("segmentation/one_frame", unsplit=False)
        self.assertEqual(finding["minimal"]["cuts"], [1], run)
        self.assertEqual(finding["minimal"]["proof"]["state"], "proven", run)
        self.assertIn("every cut inside the prefix fails (1-3), and no other single cut",
                      finding["in_common"], run)
        self.assertIn("| 00 00 00", run.stdout)

    def test_a_cut_after_the_third_byte_only(self):
        run = run_mutant("prefix_after_three", "int32", ["segmentation/*/one_frame"])
        finding = run.finding("segmentation/one_frame", unsplit=False)
        self.assertEqual(finding["minimal"]["cuts"], [3], run)
        single = [plan["segmentation"] for plan in run.plans("fail")
                  if plan["segmentation"].startswith("cut_at-")]
        self.assertEqual(single, ["cut_at-3"], run)

    def test_many_cuts_are_reduced_to_the_one_that_matters(self):
        area = "segmentation/int32"
        run = run_mutant("prefix_after_three", "int32", [f"{area}/cuts-3-5-7-8/one_frame"])
        finding = run.finding("segmentation/one_frame", unsplit=False)
        self.assertEqual(finding["minimal"]["id"], f"{area}/cut_at-3/one_frame", run)
        self.assertGreater(finding["minimal"]["runs"], 0)
        self.assertTrue(finding["minimal"]["complete"])
        self.assertTrue(finding["command"].endswith(f"--filter {area}/cut_at-3/one_frame"))


class Controls(unittest.TestCase):
    def test_splitting_is_not_blamed_for_what_fails_unsplit(self):
        run = run_mutant("leftovers_lost", "int32", ["segmentation/*/two_frames"])
        failed = run.plans("fail")
        self.assertEqual([plan["id"] for plan in failed], ["segmentation/int32/whole/two_frames"])
        others = [plan for plan in run.plans() if plan["role"] == "variant"]
        self.assertEqual({plan["verdict"] for plan in others}, {"inconclusive"}, run)
        self.assertEqual({plan["attempts"] for plan in others}, {0}, run)

    def test_the_death_of_a_testee_is_the_failure_of_its_case_and_the_run_goes_on(self):
        run = run_mutant("dies_at_reset", "int32",
                         ["liveness/*/after_reset_in_frame-*", "length/*/empty"])
        self.assertIn("died", {plan["failure"]["kind"] for plan in run.plans("fail")}, run)
        self.assertGreater(run.report["dialects"][0]["testee_starts"], 1, run)
        self.assertIn("exited with status 3", run.stdout)
        self.assertIn("mutant_server: cannot go on", run.stdout)
        self.assertEqual(run.plans()[-1]["role"], "sanity_last")
        self.assertEqual(run.plans()[-1]["verdict"], "pass", run)
        self.assertIn("length/empty", run.cases("pass"))


if __name__ == "__main__":
    unittest.main()

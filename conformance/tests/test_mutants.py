"""Each planted defect is found by the case that is there for it; the server without one passes."""

import json
import unittest
from dataclasses import replace
from pathlib import Path

from framespec_process import COMPILED, HERE, SHORT, SHORT_S, Run, a_test_for_each, mutant, pasted
from replay_files import comes_round, those_that_come_round
from planted_defects import DIALECTS, MUTANTS, rules_of_spec

COME_ROUND = those_that_come_round(MUTANTS, lambda planted: (planted.case.split("/")[0], planted.program, planted.level))
NOT_OBSERVABLE = HERE.parent / "cases" / "not_observable.json"


def run_mutant(defect, dialect, filters, *more):
    arguments = ["--launch", mutant(defect, dialect), "--dialect", dialect, *SHORT]
    for each in filters:
        arguments += ["--filter", each]
    return Run(*arguments, *more)


def run_on(mutants, launch):
    arguments = ["--launch", launch, "--dialect", mutants[0].dialect, *SHORT, *mutants[0].options]
    for each in dict.fromkeys(one for of in mutants for one in of.filters):
        arguments += ["--filter", each]
    return Run(*arguments)


class Mutants(unittest.TestCase):
    def is_killed_by_its_case(self, planted):
        run = run_on([planted], planted.launch(COMPILED))
        self.assertEqual(run.code, int(planted.level == "fail"), run)
        self.assertEqual(run.cases("fail", "nonstrict"), {planted.case}, run)
        self.assertEqual(run.cases(planted.level), {planted.case}, run)
        finding = run.finding(planted.case, planted.unsplit)
        self.assertIn(f"--filter {finding['example']}", self.command_of(finding), run)
        rules = {rule for plan in run.plans(planted.level) for rule in plan["rules"]}
        self.assertLessEqual(set(planted.rules), rules, run)
        self.fails_again(run)
        for finding in run.report["dialects"][0]["findings"] if planted in COME_ROUND else []:
            defect, twin = (["--launch", planted.launch(COMPILED, *of)] for of in ((), ("none",)))
            comes_round(self, run, finding.get("minimal", {}).get("id", finding["example"]), planted, defect, twin)

    def fails_again(self, run):
        """Each command that the summary offers shows what it is offered for."""
        self.assertTrue(run.commands(), run)
        for command in run.commands():
            again = pasted(command)
            self.assertEqual(again.returncode, run.code, again)
            self.assertIn(command, again.stdout)

    @staticmethod
    def command_of(finding):
        # Of a finding with a minimal segmentation the command repeats that one.
        minimal = finding.get("minimal")
        if minimal is None:
            return finding["command"]
        return finding["command"].replace(minimal["id"], finding["example"])

    def test_a_missed_should_is_told(self):
        run = run_mutant("resets_on_error", "int32", ["length/*/graceful_after_error"])
        self.assertIn("NONSTRICT", run.stdout)


a_test_for_each(Mutants.is_killed_by_its_case,
                {f"{planted.defect}_by_{planted.case}": planted for planted in MUTANTS}, of=len(MUTANTS))


class Twins(unittest.TestCase):
    """The correct ones pass everything that kills those with a defect."""

    def passes_what_kills_the_others(self, of):
        alike = [each for each in MUTANTS if each.twin() == of]
        self.passes(run_on(alike, alike[0].launch(COMPILED, "none")))

    def passes(self, run):
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def test_that_of_most_passes_every_case(self):
        run = Run("--launch", mutant("none"), "--dialect", "int32")
        self.passes(run)
        self.assertGreater(len(run.plans()), 1000)


PASSES_EVERY_CASE = ("mutant_server.py", "int32", ())
TWINS = dict.fromkeys(planted.twin() for planted in MUTANTS)
a_test_for_each(Twins.passes_what_kills_the_others,
                {"_".join([Path(of[0]).stem, Path(of[1]).stem, *of[2]]): of for of in TWINS if of != PASSES_EVERY_CASE},
                of=len(TWINS) - 1)


class FixedBytesWhenWhole(unittest.TestCase):
    """A receiver that gathers its header, or trailer, and then looks at it keeps every MUST."""

    def test_it_is_told_what_it_should_do_and_fails_nothing(self):
        for field in ("lead", "trailer"):
            planted = next(each for each in MUTANTS if each.case == f"length/wrong_{field}_at_once")
            with self.subTest(defect=planted.defect):
                run = Run("--launch", planted.launch(COMPILED), "--dialect", planted.dialect, *SHORT,
                          "--filter", "*/whole/*", "--filter", "length/*/wrong_*")
                self.assertEqual(run.code, 0, run)
                self.assertEqual(run.cases("fail"), set(), run)
                self.assertEqual(run.cases("nonstrict"), {planted.case}, run)

    def test_the_header_may_go_on_behind_the_length(self):
        for name in ("bgp", "bitcoin", "http2", "mongodb"):
            with self.subTest(dialect=name):
                dialect = str(DIALECTS / f"{name}.json")
                gathers = replace(next(each for each in MUTANTS if each.program == "dialect_mutant_server.py"),
                                  defect="header_gathered", dialect=dialect)
                run = Run("--launch", gathers.launch(COMPILED), "--dialect", dialect, "--filter", "*/whole/*",
                          *SHORT)
                self.assertEqual(run.cases("fail"), set(), run)
                self.assertEqual(run.cases("nonstrict") - {"length/wrong_lead_at_once"}, set(), run)


class Rules(unittest.TestCase):
    def test_each_is_broken_by_a_mutant_or_listed_as_one_that_no_run_can_show(self):
        broken = {rule for planted in MUTANTS for rule in planted.rules}
        not_observable = set(json.loads(NOT_OBSERVABLE.read_text())["any"])
        self.assertEqual(broken & not_observable, set(), "a rule stands in two places")
        self.assertEqual(broken | not_observable, rules_of_spec())


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

    def test_what_adds_up_over_all_cuts_is_not_blamed_on_a_few(self):
        run = run_mutant("buffer_a_piece", "int32", ["memory/*/fragments"])
        finding = run.finding("memory/fragments", unsplit=False)
        self.assertNotIn("minimal", finding, run)

    def test_many_cuts_are_reduced_to_the_one_that_matters(self):
        area = "segmentation/int32"
        run = run_mutant("prefix_after_three", "int32", [f"{area}/cuts-3-5-7-8/one_frame"])
        finding = run.finding("segmentation/one_frame", unsplit=False)
        self.assertEqual(finding["minimal"]["id"], f"{area}/cut_at-3/one_frame", run)
        self.assertGreater(finding["minimal"]["runs"], 0)
        self.assertTrue(finding["minimal"]["complete"])
        self.assertTrue(finding["command"].endswith(f"--filter {area}/cut_at-3/one_frame"))


class Samples(unittest.TestCase):
    """Where a case fails already, its segmentations of several cuts are sampled, and the others counted."""

    ALL = ["segmentation/*/one_frame"]

    def test_what_is_left_out_is_told_and_no_single_cut_is(self):
        run = run_mutant("prefix_in_one_recv", "int32", self.ALL)
        left_out = {plan["segmentation"] for plan in run.plans("not_run")}
        self.assertGreater(len(left_out), 10, run)
        self.assertEqual({segmentation for segmentation in left_out if segmentation.startswith("cut_at-")}, set(), run)
        self.assertIn(f"{len(left_out)} more were left out, as these fail already (--thorough runs all)", run.stdout)
        self.assertEqual(run.finding("segmentation/one_frame", unsplit=False)["minimal"]["cuts"], [1], run)

    def test_thorough_leaves_out_nothing(self):
        run = run_mutant("prefix_in_one_recv", "int32", self.ALL, "--thorough")
        self.assertEqual(run.plans("not_run"), [], run)

    def test_a_right_testee_is_asked_everything(self):
        run = run_mutant("none", "int32", self.ALL)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)


class Time(unittest.TestCase):
    def test_a_loop_without_end_is_given_up_after_the_processor_time_of_the_limit(self):
        run = run_mutant("spins_on_error", "int32", ["length/*/whole/negative-*", "length/*/whole/too_large-*"])
        self.assertEqual(run.code, 1, run)
        # The first has all the patience there is. What is left for the others depends on what else the machine does.
        self.assertGreaterEqual(run.plans("fail")[0]["duration_us"], float(SHORT_S) * 1_000_000, run)
        self.assertEqual({plan["attempts"] for plan in run.plans("fail")}, {1, 2}, run)
        restarts = run.report["dialects"][0]["testee_restarts"]
        self.assertGreaterEqual(restarts["after_work"], len(run.plans("fail")), run)
        self.assertEqual(restarts["after_silence"], 0, run)
        self.assertIn("; afterwards it went on working with no connection left, and was started anew", run.stdout)

    def test_of_a_case_that_hangs_the_first_and_samples_of_its_values_are_enough(self):
        values = ["length/*/whole/negative-*"]
        run = run_mutant("silent_on_error", "int32", values)
        failed, left_out = [plan["id"] for plan in run.plans("fail")], run.plans("not_run")
        self.assertEqual({plan["reason"] for plan in left_out}, {"other checks of the case hang already (--thorough runs all)"}, run)
        everything = run_mutant("silent_on_error", "int32", values, "--thorough")
        self.assertEqual(everything.plans("not_run"), [], everything)
        ids = [plan["id"] for plan in everything.plans("fail")]
        self.assertGreater(len(ids), 5, everything)
        self.assertEqual(failed, [*ids[:3], *sorted({ids[len(ids) // 2], ids[-1]}, key=ids.index)], run)
        self.assertEqual(len(left_out), len(ids) - len(failed), run)

    def test_what_moves_when_one_at_work_was_given_up_is_no_answer_of_it(self):
        run = Run("--launch", mutant("spins_on_error"), "--dialect", "int32", "--filter", "length/*/whole/negative-minus_one",
                  "--filter", "liveness/*/rubbish-*", "--thorough")
        waits = [plan["duration_us"] for plan in run.plans("inconclusive")]
        self.assertGreater(len(waits), 8, run)
        # Taken for one, it had each of them wait twice as long as the one before, and in the end longer than the first of all,
        # which has all the patience there is.
        self.assertLess(sorted(waits)[len(waits) // 2], run.plans("fail")[0]["duration_us"], run)

    def test_every_moment_is_accounted_for(self):
        for defect in ("none", "dies_at_reset"):
            with self.subTest(defect):
                run = run_mutant(defect, "int32", ["liveness/*/after_reset_in_frame-*", "length/*/empty"])
                dialect = run.report["dialects"][0]
                spent = dialect["spent_ms"]
                self.assertAlmostEqual(sum(spent.values()), dialect["duration_ms"], delta=len(spent))
                # What comes before and after a dialect is reading its files and writing this report.
                self.assertLessEqual(dialect["duration_ms"], run.report["duration_ms"] + len(spent))

    def test_each_failure_is_told_as_it_happens_once_for_its_case_and_kind(self):
        run = run_mutant("prefix_in_one_recv", "int32", ["segmentation/*/one_frame"])
        told = [line for line in run.stderr.splitlines() if line.startswith("FAIL  segmentation/int32/")]
        self.assertEqual(len(told), 1, run)
        self.assertIn("came: nothing; the connection was closed by the testee (FIN)", told[0])


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

class Deaths(unittest.TestCase):
    """A testee that dies fails, whatever case it hits."""

    def test_they_are_added_up_with_what_they_have_in_common(self):
        run = run_mutant("dies_at_twentieth", "int32", ["coalescing/*"])
        self.assertEqual(run.code, 1, run)
        deaths = run.report["dialects"][0]["deaths"]
        self.assertGreater(deaths["times"], 1, run)
        self.assertEqual(deaths["in_common"], "each time at its connection number 20", run)
        self.assertEqual({each["how"] for each in deaths["each"]}, {"exited with status 3"}, run)
        self.assertIn(f"DIED       int32 · the testee died {deaths['times']} times: it exited with status 3", run.stdout)
        self.assertEqual(run.cases("fail"), set(), run)

    def test_after_some_for_no_reason_the_run_ends_and_says_so(self):
        run = run_mutant("dies_at_twentieth", "int32", ["segmentation/*/one_frame", "segmentation/*/two_frames", "segmentation/*/one_byte",
                                                            "segmentation/*/empty*"])
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.report["dialects"][0]["deaths"]["times"], 10, run)
        self.assertIn("STOPPED  int32: the testee has died 10 times", run.stdout)
        self.assertGreater(len(run.plans("not_run")), 10, run)

    def test_of_a_case_that_kills_they_are_counted_too(self):
        run = run_mutant("dies_at_reset", "int32", ["liveness/*/after_reset_in_frame-*"])
        deaths = run.report["dialects"][0]["deaths"]
        self.assertGreater(deaths["times"], 1, run)
        self.assertEqual(deaths["in_common"], "always in liveness/after_reset_in_frame", run)


if __name__ == "__main__":
    unittest.main()

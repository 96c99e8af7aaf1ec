"""What a user is told beside the verdicts: that the limit seems to be another, that a testee declines no dialect."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from framespec_process import HERE, PLANTED, TESTEES, Run, descendants, mutant, python_testee

SERVER = HERE / "small_server.py"
SCHEMA = HERE.parent / "schemas" / "report.schema.json"
TOLD = 1 << 20


def small(at_another, dialect="{dialect}"):
    return python_testee(SERVER, "--dialect", dialect, "--at-another", at_another)


SUITE = """{"area": "own", "title": "Of somebody's own", "cases": [
  {"name": "right", "title": "A frame is answered.", "why": "none", "rules": ["SEG-2"],
   "steps": [{"send": [{"frame": "x"}]}, {"expect": "frames"}]},
  {"name": "wrong", "title": "A frame is refused.", "why": "the case is wrong", "rules": ["SEG-2"],
   "steps": [{"send": [{"frame": "x", "answered": false}]}, {"expect": "closed"}]}]}"""


class Lost(unittest.TestCase):
    def test_a_case_that_cannot_be_made_is_said_so_loudly_and_is_no_pass(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as suite:
            suite.write(SUITE)
            suite.flush()
            run = Run("--launch", small("serves"), "--dialect", "int32", "--suites", suite.name)
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.cases("pass"), {"own/right", "sanity/echo"}, run)
        self.assertIn("LOST       int32: own: 1 of 2 cases could not be made for this dialect: it does not hold for this "
                      "dialect: step 2: it expects a close before all whole frames are answered", run.stdout)
        self.assertEqual([each["lost"] for each in run.report["dialects"][0]["not_applicable"]], [True], run)

    def test_a_length_that_cannot_say_every_size_loses_nothing(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as dialect:
            dialect.write('{"name": "adj40", "length": {"width": 2, "order": "big", "adjustment": 40}}')
            dialect.flush()
            run = Run("--launch", python_testee(TESTEES / "python" / "echo_dialect.py", "--dialect", "{dialect}"),
                      "--dialect", dialect.name, "--filter", "*/whole/*")
        self.assertEqual(run.code, 0, run)
        self.assertGreater(len(run.plans("pass")), 150, run)
        self.assertIn("sanity/echo", run.cases("pass"))


class Causes(unittest.TestCase):
    """Of findings with one cause the one nearest to it speaks, and says what to do."""

    def test_without_a_maximum_the_case_of_the_maximum_speaks(self):
        words = str(PLANTED / "words.json")
        run = Run("--launch", python_testee(PLANTED / "dialect_mutant_server.py", "--defect", "maximum_ignored", "--dialect",
                                            words),
                  "--dialect", words, "--filter", "coalescing/*/whole/*", "--filter", "length/*/whole/*too_large",
                  "--filter", "length/*/whole/too_large-by_one*", "--filter", "length/*/whole/largest*", "--time-limit", "2")
        self.assertEqual(run.code, 1, run)
        first = run.report["dialects"][0]["causes"][0]
        self.assertEqual((first["case"], first["rules"]), ("length/too_large", ["LIM-1", "LIM-2", "ERR-3"]), run)
        for other in ("coalescing/before_an_error", "coalescing/behind_an_error", "length/answered_before_too_large"):
            self.assertIn(other, first["alike"], run)
        self.assertTrue(run.stdout.startswith("FAIL       words · length/too_large  "), run)
        self.assertRegex(run.stdout, r"  usually   the limit off by one, .*\. Compare the length with the maximum as soon as ")

    def test_of_several_values_the_worst_is_shown_and_the_others_by_name(self):
        run = Run("--launch", mutant("minus_four_spins"), "--dialect", "int32", "--filter", "length/*/whole/negative-minus_*",
                  "--time-limit", "2")
        self.assertEqual(run.code, 1, run)
        self.assertIn("/negative-minus_four", run.report["dialects"][0]["causes"][0]["example"], run)

    def test_only_what_is_required_counts_as_a_way_to_fail(self):
        run = Run("--launch", mutant("resets_on_error"), "--dialect", "int32", "--filter", "length/*/graceful_after_error")
        self.assertEqual(run.code, 0, run)
        run = Run("--launch", mutant("negative_accepted"), "--dialect", "int32", "--filter", "length/*/whole/negative-minus_one",
                  "--filter", "length/*/graceful_after_error")
        self.assertIn("(1 different way)", run.stdout)


class Gaps(unittest.TestCase):
    def test_what_was_not_judged_is_named(self):
        run = Run("--launch", mutant("leftovers_lost"), "--dialect", "int32", "--filter", "coalescing/*/two_frames",
                  "--filter", "timing/*/just_in_time")
        self.assertRegex(run.stdout, r"not judged  int32: \d+ checks: the same bytes unsplit already fail\n"
                                     r"  in        coalescing/two_frames \(\d+\)\n")
        self.assertIn("not_run    int32: 1 check: how long the testee lets a frame take is not known (--frame-timeout S says it)\n"
                      "  in        timing/just_in_time\n", run.stdout)

    def test_why_it_was_started_again_is_told(self):
        run = Run("--launch", mutant("dies_at_twentieth"), "--dialect", "int32", "--filter", "coalescing/*/two_frames",
                  "--filter", "coalescing/*/article_words", "--filter", "memory/*/announced_within_limit")
        restarts = run.report["dialects"][0]["testee_restarts"]
        self.assertGreater(restarts["after_death"], 0, run)
        self.assertGreater(restarts["for_memory"], 0, run)
        self.assertEqual(sum(restarts.values()) + 1, run.report["dialects"][0]["testee_starts"], run)
        self.assertIn(f"the testee was started {sum(restarts.values()) + 1} times: {restarts['for_memory']} afresh for a check "
                      f"of its memory, {restarts['after_death']} after it had ended by itself", run.stdout)


class Limits(unittest.TestCase):
    """A right testee whose limit is not the one that the run was told."""

    def run_with(self, limit, *filters, time_limit="0.5"):
        arguments = [word for each in filters for word in ("--filter", each)]
        return Run("--launch", python_testee(TESTEES / "python" / "echo_int32be.py", "--max-payload", str(limit)),
                   "--dialect", "int32be", "--max-payload", TOLD, "--time-limit", time_limit, *arguments)

    def hint(self, run, case):
        self.assertEqual(run.code, 1, run)
        found = run.finding(case, unsplit=True)["payload_limit"]
        self.assertEqual(found["max_payload"], TOLD, run)
        self.assertIn(f"  hint      {found['hint']}\n", run.stdout)
        return found

    def test_one_that_takes_more_seems_to(self):
        run = self.run_with(2 * TOLD, "length/*/whole/too_large-*", "length/*/whole/answered_before_too_large")
        for case in ("length/too_large", "length/answered_before_too_large"):
            hint = self.hint(run, case)
            self.assertEqual(hint["seems"], "more", run)
            self.assertIn(f"the testee seems to take more than --max-payload {TOLD}: it waits for a payload of {TOLD + 1} "
                          "bytes; if that is its limit, say so with --max-payload", hint["hint"])

    def test_one_that_takes_less_seems_to(self):
        run = self.run_with(TOLD // 2, "length/*/whole/largest*", "length/*/whole/byte_boundaries-65537")
        hint = self.hint(run, "length/largest")
        self.assertEqual((hint["seems"], hint["largest_answered"]), ("less", 65537), run)
        self.assertIn(f"the testee seems to take less than --max-payload {TOLD}: it refuses that, and answers payloads of "
                      "65537 bytes; if that is its limit, say so with --max-payload", hint["hint"])

    def test_one_without_any_limit_is_told_so(self):
        run = self.run_with((1 << 31) - 1, "length/*/whole/too_large-*")
        hint = self.hint(run, "length/too_large")
        self.assertEqual(hint["seems"], "none", run)
        self.assertIn("seems to have no limit at all", hint["hint"])

    def test_one_byte_too_much_is_a_defect_and_no_other_limit(self):
        run = self.run_with(TOLD + 1, "length/*/whole/too_large-*")
        self.assertEqual(run.code, 1, run)
        self.assertNotIn("payload_limit", run.finding("length/too_large", unsplit=True), run)
        self.assertNotIn("  hint  ", run.stdout)

    def test_one_byte_too_little_is_a_defect_and_no_other_limit(self):
        run = self.run_with(TOLD - 1, "length/*/whole/largest*")
        self.assertEqual(run.code, 1, run)
        self.assertNotIn("payload_limit", run.finding("length/largest", unsplit=True), run)

    def test_what_a_testee_is_told_is_the_dialects_maximum_where_that_is_less(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as dialect:
            dialect.write('{"name": "narrow", "length": {"width": 4, "order": "big", "signed": true}, "payload": {"maximum": 1000}}')
            dialect.flush()
            for told in ("{max_payload}", '"$FRAMESPEC_MAX_PAYLOAD"'):
                for limit in (TOLD, 900):
                    run = Run("--launch", python_testee(TESTEES / "python" / "echo_int32be.py") + " --max-payload " + told,
                              "--dialect", dialect.name, "--max-payload", limit,
                              "--filter", "length/*/whole/too_large-by_one", "--filter", "length/*/whole/largest*")
                    self.assertEqual(run.code, 0, run)
                    self.assertLessEqual({"length/too_large", "length/largest"}, run.cases("pass"), run)

    def test_its_own_limit_needs_no_hint(self):
        run = self.run_with(TOLD, "length/*/whole/too_large-*", "length/*/whole/largest*", time_limit="60")
        self.assertEqual(run.code, 0, run)
        self.assertNotIn("  hint  ", run.stdout)


class Nonsense(unittest.TestCase):
    def tearDown(self):
        self.assertEqual(descendants(), [])

    def offer(self, launch, dialect="int32"):
        run = Run("--launch", launch, "--dialect", dialect, "--filter", "length/*/whole/empty", "--time-limit", "1",
                  "--start-limit", "60")
        self.assertEqual(run.code, 0, run)
        return run

    def check_told(self, run, answer, what):
        self.assertEqual(run.report["nonsense_dialect"]["answer"], answer, run)
        self.assertEqual(run.report["nonsense_dialect"]["reason"], what, run)
        parts = [dialect["duration_ms"] for dialect in run.report["dialects"]]
        rounded_ms = 1
        self.assertLessEqual(sum(parts) + run.report["nonsense_dialect"]["duration_ms"],
                             run.report["duration_ms"] + rounded_ms, run)
        self.assertIn(f'nobody has, the testee does not say "unimplemented": {what}; exit status 89 is how to say so\n',
                      run.stdout)

    def test_an_honest_testee_declines_it_and_nothing_is_told(self):
        for at_another, where in (("declines", "before it listened"), ("declines_late", "at the first frame")):
            with self.subTest(at_another):
                run = self.offer(small(at_another))
                self.assertEqual(run.report["nonsense_dialect"]["answer"], "declined", run)
                self.assertIn(where, run.report["nonsense_dialect"]["reason"])
                self.assertNotIn("nobody has", run.stdout)

    def test_one_that_serves_whatever_it_is_asked_is_told_so(self):
        run = self.offer(small("serves"))
        self.check_told(run, "echoed", "it listened, and echoed a frame")
        self.assertEqual(len(run.report["dialects"]), 1, run)
        self.assertEqual(run.report["dialects"][0]["testee_starts"], 1, run)
        self.check_told(self.offer(small("closes")), "served", "it listened, and took a connection")

    def test_one_that_ends_otherwise_is_told_how_to_say_it(self):
        self.check_told(self.offer(small("ends")), "ended", "it exited with status 1")
        self.check_told(self.offer(small("breaks")), "ended", "it exited with status 1")

    def test_one_that_neither_listens_nor_ends_is_not_judged(self):
        run = Run("--launch", small("listens_not"), "--dialect", "int32", "--filter", "length/*/whole/empty",
                  "--start-limit", "5")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.report["nonsense_dialect"]["answer"], "silent", run)
        self.assertNotIn("nobody has", run.stdout)  # it may only be slow

    def test_the_environment_asks_for_the_dialect_too(self):
        self.check_told(self.offer(small("ends", dialect='"$FRAMESPEC_DIALECT"')), "ended", "it exited with status 1")

    def test_a_command_that_does_not_use_the_dialect_is_offered_none(self):
        run = self.offer(small("ends", dialect="int32"))
        self.assertIsNone(run.report["nonsense_dialect"], run)
        self.assertNotIn("nobody has", run.stdout)

    def test_a_run_that_never_had_a_testee_offers_none(self):
        run = Run("--launch", "exit 7; {port} {dialect}", "--dialect", "int32")
        self.assertEqual(run.code, 3, run)
        self.assertIsNone(run.report["nonsense_dialect"], run)

    def test_reports_of_it_keep_their_schema(self):
        report = Path(self.enterContext(tempfile.TemporaryDirectory())) / "report.json"
        for arguments in (("--launch", small("ends"), "--filter", "length/*/whole/empty"),
                          ("--launch", small("declines"), "--max-payload", TOLD, "--time-limit", "0.5", "--accept", "paced",
                           "--filter", "length/*/whole/too_large-*")):
            Run(*arguments, "--dialect", "int32", "--json", report)
            checked = subprocess.run([sys.executable, str(HERE / "validate_report.py"), str(SCHEMA), str(report)],
                                     capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked)
            self.assertIn('"nonsense_dialect": {', Path(report).read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()

"""Right testees of an unusual manner are not blamed for it; and how each is treated is told."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import FRAMESPEC, SHORT_S, TESTEES, Run, descendants, mutant, python_testee, wait_until

PROGRAM = TESTEES / "odd" / "odd_server.py"


def run_on(manner, *filters, time_limit=SHORT_S):
    arguments = ["--launch", python_testee(PROGRAM, "--manner", manner), "--dialect", "int32",
                 "--time-limit", time_limit]
    for each in filters:
        arguments += ["--filter", each]
    return Run(*arguments)


class Manners(unittest.TestCase):
    @staticmethod
    def running_testees():
        # `framespec` and its guard have the testee's command on their own command lines.
        return [each for each in descendants() if str(PROGRAM) in each and FRAMESPEC not in each]

    def test_a_slow_reader_that_goes_on_is_waited_for(self):
        # Five milliseconds for each of 503 bytes: several times the limit, without ever standing still for it.
        run = run_on("slow", "segmentation/*/byte_by_byte/many_small", time_limit="0.5")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.plans()[-2]["segmentation"], "byte_by_byte", run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def test_one_that_is_slow_only_at_times_is_not_blamed(self):
        run = run_on("late_at_times", "segmentation/*/one_byte", "length/*/whole/empty",
                     "length/*/whole/negative-minus_one", "end_of_stream/*/whole/at_once", time_limit="60")
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def test_a_reader_that_peeks_until_more_come_is_not_blamed_and_nothing_is_called_proven(self):
        run = run_on("peeks", "segmentation/*/cut_at-*/one_frame", "end_of_stream/*/whole/at_offset-2", time_limit="1")
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.plans("fail"), [], run)
        unproven = run.plans("inconclusive")
        self.assertIn("cut_at-1", {plan["segmentation"] for plan in unproven}, run)
        self.assertEqual({plan["proof"]["state"] for plan in unproven}, {"unproven"}, run)
        self.assertIn("leaves bytes in its queue until more come", run.stdout)
        proven = {plan["segmentation"] for plan in run.plans("pass") if plan["proof"]["segments"] > 1}
        self.assertIn("cut_at-4", proven, run)

    def test_cuts_below_its_own_low_water_mark_are_judged_and_told(self):
        run = run_on("low_water", "segmentation/*/one_frame", "end_of_stream/*/whole/at_offset-2")
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)
        held_back = {plan["segmentation"] for plan in run.plans() if plan["proof"].get("segments_held_back")}
        self.assertIn("cut_at-1", held_back, run)
        self.assertNotIn("cut_at-4", held_back, run)
        self.assertIn("held back by the testee's own SO_RCVLOWAT", run.stdout)

    def test_a_low_water_mark_that_is_given_up_hides_no_defect(self):
        run = run_on("low_water_for_a_while", "segmentation/*/cut_at-1/one_frame", time_limit="60")
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.cases("fail"), {"segmentation/one_frame"}, run)

    def test_one_that_works_is_not_taken_for_one_that_peeks(self):
        run = run_on("peeks_then_busy", "segmentation/*/one_byte", time_limit="10")
        self.assertEqual(len(run.plans("inconclusive")), 1, run)
        self.assertEqual({plan["proof"]["state"] for plan in run.plans("pass") if plan["role"] == "variant"}, {"proven"}, run)

    def test_one_that_peeks_while_it_works_is_not_blamed(self):
        run = run_on("peeks_at_work", "segmentation/*/cut_at-1/one_frame", time_limit="1")
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.cases("inconclusive"), {"segmentation/one_frame"}, run)
        self.assertIn("was at work", run.stdout)

    def test_work_in_processes_that_end_is_counted(self):
        run = run_on("forks_for_each_frame", "memory/*/linear_work", time_limit="60")
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def test_what_its_receive_buffer_cannot_hold_is_not_asked_of_it(self):
        run = run_on("small_buffer", "coalescing/*", time_limit="60")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.plans("inconclusive"), [], run)
        too_large = [plan["reason"] for plan in run.plans("not_run")]
        self.assertTrue(too_large, run)
        for reason in too_large:
            self.assertRegex(reason, r"^it joins \d+ bytes, and the testee's receive buffer has room for \d+$")

    def test_what_it_leaves_is_waited_for_at_length_only_once(self):
        connections, at_length_us = 100, 2_500_000  # half of the time limit
        case = {"name": "unfinished", "title": "Connections that end inside a prefix.", "why": "a test", "rules": ["CON-3"],
                "steps": [{"repeat": connections, "steps": [
                    {"open": "#"}, {"send": [{"frame": "cut off", "first": 3}], "on": "#"}, {"finish": "#"},
                    {"expect": "closed", "on": "#"}]}]}
        with tempfile.TemporaryDirectory() as folder:
            suite = Path(folder) / "unfinished.json"
            suite.write_text(json.dumps({"area": "unfinished", "title": "For a test", "cases": [case]}))
            run = Run("--launch", python_testee(PROGRAM, "--manner", "peeks"), "--dialect", "int32",
                      "--suites", suite)
        self.assertEqual(run.code, 0, run)
        plan = run.plans()[1]
        self.assertEqual((plan["case"], plan["verdict"]), ("unfinished/unfinished", "pass"), run)
        self.assertLess(plan["duration_us"], connections * at_length_us, run)

    def test_a_process_for_each_connection_is_no_memory_taken(self):
        for manner in ("forks", "forks_and_threads"):
            with self.subTest(manner):
                run = run_on(manner, "memory/*")
                self.assertEqual(run.code, 0, run)
                self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def test_declining_the_dialect_after_having_spoken_it_is_dying(self):
        run = run_on("declines_late", "length/*/whole/negative-minus_one")
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.cases("fail"), {"length/negative"}, run)
        self.assertEqual(run.plans("unimplemented"), [], run)
        self.assertIn("exited with status 89, too late to decline the dialect", run.stdout)

    def test_one_in_a_session_of_its_own_is_ended_too(self):
        run = run_on("backgrounds", "length/*/whole/empty")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(descendants(), [])

    def test_the_memory_of_one_in_a_session_of_its_own_is_watched(self):
        run = Run("--launch", f"setsid --wait {mutant('reserves_announced')}", "--dialect", "int32",
                  "--filter", "memory/*/announced_within_limit")
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.cases("fail"), {"memory/announced_within_limit"}, run)

    def test_one_in_a_session_of_its_own_does_not_outlive_a_killed_runner(self):
        launch = python_testee(PROGRAM, "--manner", "backgrounds")
        with subprocess.Popen([FRAMESPEC, "run", "--launch", launch, "--dialect", "int32"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as running:
            wait_until(lambda: len(self.running_testees()) >= 2 or running.poll() is not None)
            self.assertIsNone(running.poll())
            running.kill()
        wait_until(lambda: not descendants())
        self.assertEqual(descendants(), [])

    def test_one_that_leaves_the_foreground_is_told_so_and_ended(self):
        run = run_on("daemon", "length/*/whole/empty")
        self.assertEqual(run.code, 3, run)
        self.assertIn("foreground", run.stdout)
        self.assertEqual(descendants(), [])

    def test_one_that_leaves_it_when_it_has_served_is_told_so_and_ended(self):
        run = run_on("daemon_behind_first", "length/*/whole/empty")
        self.assertEqual(run.code, 3, run)
        self.assertIn("foreground", run.stdout)
        self.assertNotIn("died", run.stdout)
        self.assertEqual(descendants(), [])

    def test_one_that_ignores_sigterm_is_told_of(self):
        run = run_on("ignores_sigterm", "length/*/whole/empty")
        self.assertEqual(run.code, 0, run)
        self.assertIn("had to be killed", run.stdout)
        self.assertEqual(descendants(), [])


if __name__ == "__main__":
    unittest.main()

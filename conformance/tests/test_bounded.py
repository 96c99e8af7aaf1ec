"""Whatever a testee does, a run ends: no wait goes on because a byte comes now and then."""

import signal
import subprocess
import unittest

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, PLANTED, Run, descendants, python_testee

SERVER = HERE / "dribbling_server.py"
TWO_FRAMES = "segmentation/int32/whole/two_frames"


class WithoutGuard(unittest.TestCase):
    """A testee that gets rid of the process between framespec and it: no part of it outlives the run, and it is told."""

    def run_on(self, sent):
        run = Run("--launch", "exec " + python_testee(HERE / "small_server.py", "--to-guard", sent), "--dialect", "int32",
                  "--filter", "segmentation/*/whole/*")
        self.assertEqual(descendants(), [], run)
        return run

    def test_one_that_kills_it_has_died(self):
        run = self.run_on("KILL")
        self.assertEqual(run.code, 1, run)
        self.assertIn("lost the process by which framespec watches over it (its parent was killed or stopped), and was ended", run.stdout)

    def test_one_that_stops_it_has_gained_nothing(self):
        run = self.run_on("STOP")
        self.assertEqual(run.code, 0, run)


class Dribbling(unittest.TestCase):
    def run_on(self, answer, pause, plan, *more):
        return Run("--launch", python_testee(SERVER, "--answer", answer, "--pause", str(pause)), "--dialect", "int32",
                   "--filter", plan, *more)

    def failure(self, run):
        self.assertEqual(run.code, 1, run)
        (plan,) = run.plans("fail")
        return plan["failure"]

    def test_an_answer_that_announces_too_much_is_not_waited_for(self):
        failure = self.failure(self.run_on("longer", 0.1, TWO_FRAMES))
        self.assertEqual(failure["kind"], "wrong_answer")
        self.assertIn("the beginning of a frame of 16777216 bytes", failure["came"])

    def test_nor_is_one_whose_bytes_are_others(self):
        failure = self.failure(self.run_on("other", 0.1, TWO_FRAMES))
        self.assertEqual(failure["kind"], "wrong_answer")

    def test_one_that_is_right_as_far_as_it_goes_is_no_failure_and_has_a_bound(self):
        run = self.run_on("right", 0.2, "segmentation/int32/whole/large", "--time-limit", "2")
        self.assertEqual(run.code, 3, run)
        (plan,) = run.plans("error")
        self.assertEqual(plan["case"], "segmentation/large", run)
        self.assertRegex(plan["reason"], r"too slow to be judged: after .* s still a frame of 70001 bytes .*: only the "
                                         r"first \d+ bytes of a frame .*--time-limit S gives it more time")

    def test_a_run_has_the_limit_that_the_user_gives_it(self):
        for launch in (python_testee(SERVER, "--pause", "0.5"), "sleep 1000 {port}"):
            with self.subTest(launch=launch):
                run = Run("--launch", launch, "--dialect", "int32", "--filter", "segmentation/*", "--run-limit", "2")
                self.assertEqual(run.code, 3, run)
                self.assertEqual(run.report["exit"]["reason"],
                                 "interrupted after 2 s (--run-limit): what was not run is not known", run)
                self.assertTrue(run.report["interrupted"], run)
                self.assertEqual(run.report["run_limit_ms"], 2000, run)
                self.assertEqual(descendants(), [])

    def test_who_is_slow_is_told_how_long_it_takes_and_how_to_shorten_it(self):
        command = [FRAMESPEC, "run", "--dialect", "int32", "--launch", python_testee(SERVER, "--pause", "0.02"),
                   "--filter", "segmentation/*"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True) as running:
            told = next((line for line in running.stderr if "at this rate" in line), "")
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=DEADLINE_S)
        self.assertRegex(told, r"^int32: at this rate all \d+ checks take about \d+:\d\d more; shorter: "
                               r"--filter '\*/whole/\*' .*--run-limit S ")
        self.assertEqual(running.returncode, 3)
        self.assertEqual(descendants(), [])

    def test_a_slow_one_that_holds_a_whole_flood_is_found(self):
        # It takes longer than one wait may last, and is never silent.
        run = Run("--launch", python_testee(PLANTED / "select_mutant_server.py", "--defect", "queue_without_bound",
                                            "--pause", "0.01"),
                  "--dialect", "int32", "--filter", "backpressure/*/flood_memory", "--time-limit", "0.5")
        self.assertEqual(run.cases("fail"), {"backpressure/flood_memory"}, run)

    def test_one_that_works_off_a_part_of_a_flood_first_is_not_blamed(self):
        # It reads 32 times, 0.15 s each, before it looks at others: longer than any wait lasts where nothing goes on.
        run = Run("--launch", python_testee(PLANTED / "select_mutant_server.py", "--pause", "0.15", "--turn", str(2 << 20)),
                  "--dialect", "int32", "--filter", "liveness/*/endless_empty_frames", "--time-limit", "0.75")
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.cases("pass"), {"sanity/echo", "liveness/endless_empty_frames"}, run)

    def test_slow_is_not_wrong(self):
        run = self.run_on("right", 0.02, TWO_FRAMES)
        self.assertEqual(run.code, 0, run)


if __name__ == "__main__":
    unittest.main()

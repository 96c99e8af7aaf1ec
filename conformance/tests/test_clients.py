"""Each planted defect of a client is found by the case that is there for it; the client without one passes."""

import unittest
from pathlib import Path

from framespec_process import PLANTED, TESTEES, Run, a_test_for_each, pasted
from launch_command import python_testee
from planted_clients import CLIENTS

START_LIMIT_S = "2"


def run_on(clients, defect=None, *more):
    """Against all that the cases of `clients` are found by."""
    filters = dict.fromkeys(one for of in clients for one in of.filters)
    return Run(*clients[0].testee(defect), "--dialect", clients[0].dialect, "--time-limit", "2", *clients[0].options,
               *(argument for each in filters for argument in ("--filter", each)), *more)


def name_of(planted):
    return "_".join([planted.defect, *[planted.observe] * (planted.observe != "echo"), *["again"] * planted.reconnects])


class Clients(unittest.TestCase):
    def is_found_by_its_case(self, planted):
        run = run_on([planted])
        self.assertEqual(run.code, int(planted.level == "fail"), run)
        self.assertEqual(run.cases("fail", "nonstrict"), {planted.case}, run)
        self.assertEqual(run.cases(planted.level), {planted.case}, run)
        self.assertLessEqual(set(planted.rules), {rule for plan in run.plans(planted.level) for rule in plan["rules"]}, run)
        run.finding(planted.case, planted.unsplit)
        self.assertTrue(run.commands(), run)
        for command in run.commands():
            again = pasted(command)
            self.assertEqual(again.returncode, run.code, again)
            self.assertIn(command, again.stdout)


a_test_for_each(Clients.is_found_by_its_case, {name_of(planted): planted for planted in CLIENTS}, of=len(CLIENTS))


class Unusable(unittest.TestCase):
    """A client that never comes is no finding: nothing is known about it."""

    def run_on(self, defect):
        client = python_testee(PLANTED / "mutant_client.py", "--defect", defect)
        run = Run("--client", client, "--dialect", "int32", "--start-limit", START_LIMIT_S, "--filter", "*/whole/one_frame")
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.cases("fail", "pass"), set(), run)
        return run

    def test_one_that_never_connects_is_waited_for_no_longer_than_the_limit(self):
        run = self.run_on("never_connects")
        self.assertIn(f"did not connect to 127.0.0.1:", run.stdout + run.stderr)
        self.assertIn(f"within {START_LIMIT_S} s", run.stdout + run.stderr)

    def test_one_that_ends_before_it_connects_is_not_waited_for(self):
        run = self.run_on("ends_before")
        self.assertIn("the client exited with status 0 before it connected to 127.0.0.1:", run.stdout + run.stderr)

    def test_one_that_does_not_connect_again_fails(self):
        client = python_testee(PLANTED / "mutant_client.py", "--again", "--defect", "connects_once")
        run = Run("--client", client, "--client-reconnects", "--dialect", "int32", "--start-limit", START_LIMIT_S,
                  "--filter", "*/whole/one_frame")
        self.assertNotEqual(run.code, 0, run)


class Twins(unittest.TestCase):
    """The correct ones pass everything that finds those with a defect."""

    def passes(self, run):
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def passes_what_finds_the_others(self, twin):
        self.passes(run_on([each for each in CLIENTS if each.twin() == twin], "none"))


TWINS = dict.fromkeys(each.twin() for each in CLIENTS)
a_test_for_each(Twins.passes_what_finds_the_others,
                {"_".join(filter(None, [twin[0], *twin[1], twin[2], "again" * twin[3]])): twin for twin in TWINS},
                of=len(TWINS))


class RightClients(unittest.TestCase):
    """Clients of several manners pass every case."""

    def passes_every_case(self, item):
        program, options, more = item
        run = Run("--client", python_testee(program, *options), "--dialect", "int32", *more)
        self.assertEqual(run.code, 0, run)
        self.assertEqual(run.cases("fail", "nonstrict", "error", "inconclusive"), set(), run)
        self.assertGreater(len(run.plans("pass")), 500, run)


RIGHT = {
    "of_threads": (PLANTED / "mutant_client.py", (), ()),
    "of_threads_again": (PLANTED / "mutant_client.py", ("--again",), ("--client-reconnects",)),
    "of_threads_stdout": (PLANTED / "mutant_client.py", ("--stdout",), ("--observe", "stdout")),
    "of_a_generator": (TESTEES / "python" / "echo_dialect.py", ("--connect",), ()),
    "of_asyncio": (TESTEES / "python" / "echo_asyncio.py", ("--connect",), ()),
}
a_test_for_each(RightClients.passes_every_case, RIGHT, of=len(RIGHT))


if __name__ == "__main__":
    unittest.main()

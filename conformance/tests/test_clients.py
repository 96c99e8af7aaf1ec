"""Each planted defect of a client is found by the case that is there for it; the client without one passes."""

import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from framespec_process import PLANTED, SHORT, TESTEES, Run, a_test_for_each, descendants, pasted
from launch_command import python_testee
from planted_clients import CLIENTS
from replay_files import Replay, comes_round, replay_of, the_case, those_that_come_round, write

START_LIMIT_S = "2"
COME_ROUND = those_that_come_round(
    CLIENTS, lambda planted: (planted.case.split("/")[0], planted.observe, planted.level, planted.reconnects))


def run_on(clients, defect=None, *more):
    """Against all that the cases of `clients` are found by."""
    filters = dict.fromkeys(one for of in clients for one in of.filters)
    return Run(*clients[0].testee(defect), "--dialect", clients[0].dialect, *SHORT, *clients[0].options,
               *(argument for each in filters for argument in ("--filter", each)), *more)


def name_of(planted):
    return "_".join([planted.defect, planted.case.rpartition("/")[2], *[planted.observe] * (planted.observe != "echo"), *["again"] * planted.reconnects])


class Clients(unittest.TestCase):
    def is_found_by_its_case(self, planted):
        run = run_on([planted])
        self.assertEqual(run.code, int(planted.level == "fail"), run)
        self.assertEqual(run.cases("fail", "nonstrict"), {planted.case}, run)
        self.assertEqual(run.cases(planted.level), {planted.case}, run)
        self.assertLessEqual(set(planted.rules), {rule for plan in run.plans(planted.level) for rule in plan["rules"]}, run)
        finding = run.finding(planted.case, planted.unsplit)
        self.assertTrue(run.commands(), run)
        for command in run.commands():
            again = pasted(command)
            self.assertEqual(again.returncode, run.code, again)
            self.assertIn(command, again.stdout)
        check = finding.get("minimal", {}).get("id", finding["example"])
        if planted in COME_ROUND:
            comes_round(self, run, check, planted, planted.testee(), planted.testee("none"))


a_test_for_each(Clients.is_found_by_its_case, {name_of(planted): planted for planted in CLIENTS}, of=len(CLIENTS))


class WithoutConnection(unittest.TestCase):
    """A client that does not come is waited for no longer than the limit, and then told of."""

    def run_on(self, defect, *more):
        client = python_testee(PLANTED / "mutant_client.py", "--defect", defect, *["--again"] * bool(more))
        return Run("--client", client, *more, "--dialect", "int32", "--start-limit", START_LIMIT_S,
                   "--filter", "*/whole/one_frame")

    def check_unusable(self, told, run):
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.cases("pass", "fail") - {"sanity/echo"}, set(), run)
        self.assertIn(told, run.stdout, run)

    def test_of_one_that_never_connects_nothing_else_is_asked(self):
        self.check_unusable(f"within {START_LIMIT_S} s", self.run_on("never_connects"))

    def test_one_that_ends_before_it_connects_is_not_waited_for(self):
        self.check_unusable("the client exited with status 0 before it connected to 127.0.0.1:", self.run_on("ends_before"))

    def test_one_that_does_not_connect_again_is_told_so(self):
        self.check_unusable("the client does not connect again when its connection has ended", self.run_on("connects_once", "--client-reconnects"))

    def test_one_that_ends_instead_of_connecting_again_is_told_so(self):
        client = python_testee(PLANTED / "mutant_client.py")
        run = Run("--client", client, "--client-reconnects", "--dialect", "int32", "--filter", "*/whole/one_frame")
        self.check_unusable("--client-reconnects is for one that connects again", run)


class Deaths(unittest.TestCase):
    def test_of_one_that_dies_at_once_the_cause_is_not_sought_in_its_echo(self):
        program = ("import os, socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n"
                   "s.recv(9); os.kill(os.getpid(), 11)")
        run = Run("--client", f"exec {shlex.quote(sys.executable)} -c {shlex.quote(program)} {{port}}", "--dialect", "int32",
                  "--filter", "*/whole/one_frame")
        self.assertEqual(run.code, 1, run)
        self.assertIn("came      the end of the client: it was killed by signal 11", run.stdout)
        self.assertIn("usually   a crash at the first message, or at the end of the connection behind it", run.stdout)
        self.assertNotIn("A server listens", run.stdout)


class ByItself(unittest.TestCase):
    """A client that somebody else starts, and that connects again and again: --listen without --client."""

    def run_on(self, defect):
        # The port is held for framespec, which may listen on it as nobody else does.
        with socket.socket() as held:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("127.0.0.1", 0))
            port = str(held.getsockname()[1])
            connects = python_testee(PLANTED / "mutant_client.py", "--defect", defect, "--again").replace("{port}", port)
            # Refused until somebody listens, and again at the end: that is no failure of it.
            client = subprocess.Popen(["/bin/sh", "-c", f"until {connects}; do sleep 0.1; done"], stderr=subprocess.DEVNULL,
                                      start_new_session=True)
            try:
                return Run("--listen", f"127.0.0.1:{port}", "--dialect", "int32", *SHORT,
                           "--filter", "*/whole/*", "--filter", "*/cut_at-3/*", "--exclude", "length/*")
            finally:
                os.killpg(client.pid, signal.SIGKILL)
                client.wait()

    def test_a_right_one_passes_what_needs_no_look_into_it(self):
        run = self.run_on("none")
        self.assertEqual(run.cases("fail", "nonstrict", "error"), set(), run)
        self.assertLessEqual({"client/reset_in_frame", "coalescing/two_frames", "segmentation/one_frame"}, run.cases("pass"), run)
        self.assertEqual({plan["proof"]["state"] for plan in run.plans("pass") if "cut_at" in plan["id"]}, {"proven"}, run)
        self.assertEqual(run.report["testee"]["kind"], "listen", run)
        self.assertEqual(run.report["dialects"][0]["testee_starts"], 0, run)

    def test_a_defect_is_found(self):
        run = self.run_on("leftovers_lost")
        self.assertEqual(run.code, 1, run)
        self.assertIn("coalescing/two_frames", run.cases("fail"), run)


class Replays(unittest.TestCase):
    def test_what_has_two_connections_is_not_played_to_a_client(self):
        with tempfile.TemporaryDirectory() as folder:
            file = write(Path(folder), replay_of(the_case("concurrency/int32/whole/interleaved")))
            run = Replay(file, "--client", python_testee(PLANTED / "mutant_client.py"))
        self.assertEqual(run.code, 3, run)
        self.assertIn("it has several connections, and a client has one", run.stdout, run)


class Lingering(unittest.TestCase):
    def test_one_that_waits_for_our_end_with_its_own_is_not_waited_for(self):
        client = python_testee(PLANTED / "mutant_client.py", "--stdout", "--linger")
        run = Run("--client", client, "--observe", "stdout", "--dialect", "int32", "--filter", "length/*/whole/negative-minus_one*",
                  "--time-limit", "1000")
        self.assertEqual(run.code, 0, run)
        self.assertGreater(len(run.plans("pass")), 3, run)


class Endless(unittest.TestCase):
    def test_one_that_prints_without_end_is_given_up(self):
        prints = python_testee(PLANTED / "mutant_client.py", "--stdout") + "; yes"
        run = Run("--client", prints, "--observe", "stdout:hex", "--dialect", "int32", "--time-limit", "1",
                  "--run-limit", "5", "--filter", "*/whole/one_frame")
        self.assertNotEqual(run.code, 0, run)
        self.assertEqual(descendants(), [])


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
    """Clients of several manners, that connect again or are started for each check. They share the cases; of those that are
    started for each, some cuts do."""

    SAMPLE = "--filter", "*/whole/*", "--filter", "*/byte_by_byte/*", "--filter", "*/cut_at-3/*"

    def passes(self, program, options, more):
        run = Run("--client", python_testee(program, *options), "--dialect", "int32", *more)
        self.assertEqual(run.code, 0, run)
        self.assertEqual({plan["verdict"] for plan in run.judged()} - {"not_run"}, {"pass"}, run)
        return {case.partition("/")[0] for case in run.cases("pass")}

    def again_passes_its_part(self, part):
        shard, (program, *options) = part
        areas = self.passes(program, [*options, "--again"], ["--client-reconnects", "--shard", f"{shard}/{len(RIGHT)}"])
        self.assertLessEqual({"coalescing", "end_of_stream", "length", "segmentation"}, areas)

    def passes_a_sample(self, part):
        shard, (program, *options) = part
        observe = ["--observe", "stdout"] if "--stdout" in options else []
        areas = self.passes(program, options, [*observe, *self.SAMPLE, "--shard", f"{shard}/{len(RIGHT | PRINTING)}"])
        self.assertGreater(len(areas), 2)


RIGHT = {
    "of_threads": (PLANTED / "mutant_client.py",),
    "of_a_generator": (TESTEES / "python" / "echo_dialect.py", "--connect"),
    "of_asyncio": (TESTEES / "python" / "echo_asyncio.py", "--connect"),
}
PRINTING = {f"{name}_printing": (*RIGHT[name], "--stdout") for name in ("of_threads", "of_a_generator")}
for check, clients in (RightClients.again_passes_its_part, RIGHT), (RightClients.passes_a_sample, RIGHT | PRINTING):
    a_test_for_each(check, {name: (shard, client) for shard, (name, client) in enumerate(clients.items(), 1)}, of=len(clients))


if __name__ == "__main__":
    unittest.main()

"""`framespec invariance` on services that a cut breaks for everybody from then on, and on those that go by time: it is told which
cut it is, and nobody is accused of what no cut has done."""

import unittest
from dataclasses import dataclass

from conversations import FINISH, GREETING, TALK, WithRecordings, answer, running, send
from framespec_process import SHORT, InvarianceRun, a_test_for_each, descendants, pasted
from planted_services import service
from replay_files import Replay, write

BROKEN = "; after this the unsplit conversation is no longer answered as before, until the service is started anew"
ENOUGH = "other checks of the case break the service for everybody already (--thorough runs all)"
BREAKERS_MAX = 3
SHORT_TALK = GREETING, send("SAY it\r\n"), answer("SAID it\r\n"), FINISH
CUTS_OF_IT = 7


@dataclass(frozen=True)
class Breaks:
    kind: str
    turn: int
    is_next: bool  # it is another connection that goes wrong


BREAKS = {
    "breaks_at_cut": Breaks("wrong_answer", 2, False),
    "breaks_behind_cut": Breaks("wrong_answer", 2, True),
    "stuck_behind_cut": Breaks("no_answer", 1, True),
}


class Broken(WithRecordings):
    CUTS = "--filter", "*/cut_at-*/request-2", "--filter", "*/whole/*"

    def is_found(self, row):
        defect, breaks = row
        run = self.run_on(service(defect), *self.CUTS, steps=SHORT_TALK)
        self.assertEqual(run.code, 1, run)
        failed = run.plans("fail")
        # One that is seen only in the next check may be one more.
        self.assertIn(len(failed) - BREAKERS_MAX, (0, breaks.is_next), run)
        self.assertEqual({(plan["case"], plan["failure"]["kind"]) for plan in failed}, {("invariance/request", breaks.kind)}, run)
        for plan in failed:
            self.assertIn(BROKEN, plan["failure"]["came"], run)
            where = f"in turn {breaks.turn} as unsplit "
            self.assertTrue(plan["failure"]["expected"].startswith(
                f"on another connection, opened behind it, {where}" if breaks.is_next else where), run)
        left_out = [plan for plan in run.plans("not_run") if plan["reason"] == ENOUGH]
        self.assertEqual(len(left_out), CUTS_OF_IT - len(failed), run)
        self.assertEqual(run.cases("inconclusive"), set(), run)
        self.assertEqual(descendants(), [])
        self.comes_again(run, defect)

    def comes_again(self, run, defect):
        command, = run.commands()
        again = pasted(command)
        self.assertEqual(again.returncode, 1, again)
        mended = pasted(command.replace(f"--defect {defect}", "--defect none"))
        self.assertEqual(mended.returncode, 0, mended)
        events = write(self.folder, run.events, "events.ndjson")
        found = "--id", command.rpartition(" --filter ")[2]
        still = Replay(events, *found, "--launch", service(defect), *SHORT)
        self.assertEqual(still.code, 1, still)
        self.assertIn("still so: it fails as it did", still.stdout, still)
        gone = Replay(events, *found, "--launch", service())
        self.assertEqual(gone.code, 0, gone)

    def test_the_restarts_are_told(self):
        run = self.run_on(service("breaks_behind_cut"), *self.CUTS, steps=SHORT_TALK)
        restarts = run.report["dialects"][0]["testee_restarts"]
        self.assertGreaterEqual(restarts["after_change"], 2 * BREAKERS_MAX, run)
        self.assertIn(f"{restarts['after_change']} as its unsplit answers had changed", run.stdout, run)
        self.assertIn("after_change", {event.get("why") for event in run.events if event.get("about") == "restart"}, run)

    def test_of_one_that_is_not_launched_it_is_told_how_to_find_out(self):
        with running(service("breaks_behind_cut")) as server:
            run = InvarianceRun(self.recording(*SHORT_TALK), "--server", server, *SHORT, *self.CUTS)
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.cases("fail", "nonstrict"), set(), run)
        self.assertIn("a cut looks like that breaks the service for everybody from then on: with --launch 'CMD'", run.stdout, run)

    def test_one_that_changes_by_itself_is_not_accused(self):
        run = self.run_on(service(manner="changes"), "--filter", "*/request-2", "--filter", "*/end_inside-2-*")
        self.assertEqual(run.code, 3, run)
        self.assertEqual(run.cases("fail", "nonstrict"), set(), run)
        self.assertIn("what it answers to the unsplit conversation has changed: ", run.stdout, run)
        self.assertLess(run.report["dialects"][0]["testee_restarts"]["after_change"], 10, run)


a_test_for_each(Broken.is_found, {defect: (defect, breaks) for defect, breaks in BREAKS.items()}, of=len(BREAKS))


class BehindTheLast(WithRecordings):
    """Of a service that leaves the connection open."""

    def test_an_extra_answer_is_found(self):
        for defect, turn in (("extra_answer", 2), ("repeats_answer", 4)):
            with self.subTest(defect):
                run = self.run_on(service(defect, "stays_open"), "--filter", f"*/cut_at-*/request-{turn}")
                self.assertEqual(run.code, 1, run)
                self.assertEqual({plan["failure"]["kind"] for plan in run.plans("fail")}, {"extra_answer"}, run)


LONG = "x" * 6000
TIME = {  # the manner: what is said, and options that make the cuts slow
    "times_out": (LONG, "cut at ", ()),
    "tells_time": ("y" * 300, "cut at ", ()),
    "pushes_late": ("it", "sent unsplit ", ("--pace", "120")),
}


class Time(WithRecordings):
    @staticmethod
    def talk(said):
        return GREETING, send(f"SAY {said}\r\n"), answer(f"SAID {said}\r\n")

    def is_not_accused(self, row):
        manner, (said, how, options) = row
        one = "--filter", "*/byte_by_byte/request-2", *options
        run = self.run_on(service(manner=manner), *one, steps=self.talk(said))
        self.assertEqual(run.code, 3, run)
        plan, = (plan for plan in run.plans() if "/byte_by_byte/" in plan["id"])
        self.assertEqual(plan["verdict"], "inconclusive", run)
        self.assertIn(f"it is time, and not the cuts, that it goes by: {how}", plan["reason"], run)
        self.assertEqual(run.cases("fail", "nonstrict"), set(), run)
        accused = self.run_on(service("one_read", manner), *one, steps=self.talk(said))
        if manner != "pushes_late":  # which is like one that says more by itself whatever else is wrong
            self.assertEqual(accused.code, 1, accused)

    def test_one_that_never_stops_speaking_is_told(self):
        run = InvarianceRun(self.recording(*TALK), "--launch", service(manner="pushes"), "--time-limit", "0.5")
        self.unusable(run, "what a service says by itself without end cannot be compared")

    def test_one_that_looks_once_for_what_is_late_is_accused(self):
        """At the cut between the two that it looks for it goes by time; at the others it does not."""
        paced = "--pace", "60", "--accept", "paced"
        for at in (5, 6, 7):
            with self.subTest(at):
                run = self.run_on(service("looks_once"), "--filter", f"*/cut_at-{at}/request-2", *paced, steps=SHORT_TALK)
                self.assertEqual(run.code, 1, run)
                self.assertEqual({plan["failure"]["kind"] for plan in run.plans("fail")}, {"ended_early"}, run)

    def test_one_that_is_slow_and_wrong_is_accused(self):
        run = self.run_on(service("one_read", "slow"), "--filter", "*/cut_at-3/request-2")
        self.assertEqual(run.code, 1, run)


a_test_for_each(Time.is_not_accused, {manner: (manner, row) for manner, row in TIME.items()}, of=len(TIME))


if __name__ == "__main__":
    unittest.main()

"""--mask of `framespec invariance`: what it leaves out is not compared, whatever its size, and all else is."""

import re
import subprocess
import unittest

from conversations import GREETING, PING, WithRecordings, answer, send
from framespec_process import HERE, SHORT, a_test_for_each, pasted
from planted_services import service
from replay_files import Replay, write

SCHEMAS = HERE.parent / "schemas"
ID = GREETING, send("ID\r\n"), answer("ID 00000 here\r\n"), *PING
ANY_ID = "--mask", "/ID [0-9]+/"


def of_sizes(defect="none"):
    return service(defect, "size_varies")


class ByPlace(WithRecordings):
    def test_it_adds_to_what_varies(self):
        run = self.run_on(service(), "--filter", "*/whole/*", "--mask", "1:0-4", "--mask", "3:2-2", "--mask", "3:3-3", steps=ID)
        self.passes(run)
        varies = [each["varies"] for each in run.report["dialects"][0]["unsplit_answers"]]
        self.assertEqual(varies[0], [{"from": 0, "to": 5}], run)
        self.assertEqual(varies[2], [{"from": 2, "to": 4}], run)

    def test_what_is_masked_is_not_accused(self):
        one = "--filter", "*/cut_at-6/request-2"
        self.assertEqual(self.run_on(service("decodes_pieces"), *one).code, 1)
        # Half a letter has become three bytes: what is behind it has moved, and the answer is longer.
        self.assertEqual(self.run_on(service("decodes_pieces"), *one, "--mask", "2:0-13").code, 1)
        lost = "--filter", "*/cut_at-3/request-2"
        masked = self.run_on(service("repeats_answer"), *lost, "--mask", "3:0-5", "--mask", "4:0-4")
        self.assertEqual(masked.plans("fail")[0]["failure"]["kind"], "extra_answer", masked)

    def test_one_that_does_not_fit_is_told(self):
        for mask, turn, size in (("1:0-40", 1, 7), ("9:0-1", 9, 0)):
            run = self.run_on(service(), "--mask", mask, steps=ID)
            self.unusable(run, f"STOPPED  unframed: --mask {mask}: the answer of that turn has {size} bytes\n")


REFUSED = {  # and what is said of it
    "no_turn": ("1-40", "is neither TURN:FROM-TO"),
    "turn_0": ("0:1-2", "is neither TURN:FROM-TO"),
    "backwards": ("1:5-4", "is neither TURN:FROM-TO"),
    "letters": ("1:a-b", "is neither TURN:FROM-TO"),
    "more_behind": ("1:1-2x", "is neither TURN:FROM-TO"),
    "bare_expression": ("[0-9]+", "is neither TURN:FROM-TO"),
    "not_ended": ("2:/[0-9]+", "an expression stands between two slashes"),
    "empty": ("//", "an expression stands between two slashes"),
    "no_expression": ("2:/ab[cd/", "the expression does not compile: missing ]: [cd (from character 3 of it on)"),
    "refers_back": (r"/(a)\1/", r"the expression does not compile: invalid escape sequence: \1 (from character 4 of it on)"),
}


class Refused(WithRecordings):
    def is_refused(self, row):
        mask, told = row
        run = self.run_on("true {port}", f"--mask={mask}", steps=ID)
        self.assertEqual((run.code, run.stdout, run.events), (2, "", []), run)
        self.assertIn(told, run.stderr, run)
        self.assertIn("--mask", run.stderr, run)


a_test_for_each(Refused.is_refused, REFUSED, of=len(REFUSED))


class ByExpression(WithRecordings):
    def test_answers_of_varying_size_are_compared(self):
        run = self.run_on(of_sizes(), "--pipelined", *ANY_ID, steps=ID)
        self.passes(run)
        states = {plan["proof"]["state"] for plan in run.plans() if "/whole" not in plan["id"]}
        self.assertEqual(states, {"proven"}, run)

    def test_it_is_told_everywhere(self):
        run = self.run_on(of_sizes(), *ANY_ID, "--filter", "*/whole/*", steps=ID)
        self.passes(run)
        self.assertRegex(run.stdout, r"these parts of the answer of turn 2 are masked, and are not compared: 0-\d+ of \d+\n")
        self.assertIn("not compared is --mask /ID [0-9]+/\n", run.stdout, run)
        self.assertEqual(run.report["testee"]["conversation"]["masks"], ["/ID [0-9]+/"], run)
        self.assertEqual(run.events[0]["testee"]["conversation"]["masks"], ["/ID [0-9]+/"], run)
        masked = [each.get("masked") for each in run.report["dialects"][0]["unsplit_answers"]]
        self.assertEqual([bool(each) for each in masked], [False, True, False, False], run)

    def test_where_it_is_the_end_of_an_answer_that_ends_when_the_service_is_quiet(self):
        run = self.run_on(of_sizes(), "--mask", r"2:/[0-9]+ here\r\n/", "--filter", "*/cut_at-*/request-*", steps=ID)
        self.passes(run)

    def test_one_that_answers_in_many_pieces(self):
        run = self.run_on(service(manner="dribbles"), *ANY_ID, "--filter", "*/cut_at-*/request-2", steps=ID)
        self.passes(run)

    def test_one_of_another_turn_does_not_help(self):
        self.unusable(self.run_on(of_sizes(), "--mask", "3:/ID [0-9]+/", steps=ID), "the answer of turn 2 has ")
        self.unusable(self.run_on(of_sizes(), "--mask", "9:/a/", steps=ID), "--mask 9:/a/: there is no such turn")

    def test_what_it_does_not_match_is_compared(self):
        for defect, kind in (("one_read", "wrong_answer"), ("cuts_answer_short", "no_answer")):
            with self.subTest(defect):
                run = self.run_on(of_sizes(defect), *ANY_ID, "--filter", "*/cut_at-1/request-2", steps=ID)
                self.assertEqual(run.code, 1, run)
                self.assertEqual({plan["failure"]["kind"] for plan in run.plans("fail")}, {kind}, run)

    def test_both_answers_are_shown_with_stars_for_what_is_masked(self):
        run = self.run_on(of_sizes("one_read"), *ANY_ID, "--filter", "*/cut_at-1/request-2", steps=ID)
        self.assertRegex(run.stdout, r"  expected  in turn 2 as unsplit \d+ bytes, from byte 0 on \*\* \*\* .*\|\*+.*\|\n"
                                     r"  came      \d+ bytes, from byte 0 on 45 52 52 20 .*\|ERR what is I\.\..*\|\n")

    def test_its_findings_come_again(self):
        run = self.run_on(of_sizes("one_read"), *ANY_ID, "--filter", "*/cut_at-*/request-2", steps=ID)
        command, = run.commands()
        self.assertIn(" --mask '/ID [0-9]+/' ", command, run)
        again = pasted(command)
        self.assertEqual(again.returncode, 1, again)
        mended = pasted(command.replace("--defect one_read", "--defect none"))
        self.assertEqual(mended.returncode, 0, mended)
        events = write(self.folder, run.events, "events.ndjson")
        found = "--id", "invariance/unframed/cut_at-1/request-2"
        still = Replay(events, *found, "--launch", of_sizes("one_read"), *SHORT)
        self.assertEqual(still.code, 1, still)
        gone = Replay(events, *found, "--launch", of_sizes())
        self.assertEqual(gone.code, 0, gone)

    def test_events_report_and_replay_are_as_their_schemas_say(self):
        report = self.folder / "report.json"
        run = self.run_on(of_sizes("one_read"), *ANY_ID, "--filter", "*/cut_at-1/*", "--json", report, steps=ID)
        events = write(self.folder, run.events, "events.ndjson")
        replay = self.folder / "found.ndjson"
        replay.write_text(Replay(events, "--id", "invariance/unframed/cut_at-1/request-2", "--as-file").stdout)
        self.assertIn("ID [0-9]+", replay.read_text())
        for schema, file in (("event", events), ("report", report), ("replay", replay)):
            # Debian's own Python, because python3-jsonschema belongs to it.
            checked = subprocess.run(["/usr/bin/python3", HERE / "validate_report.py", SCHEMAS / f"{schema}.schema.json", file],
                                     capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


class Proposed(WithRecordings):
    def test_where_sizes_vary_both_answers_are_shown_and_the_mask_that_is_named_fits(self):
        run = self.run_on(of_sizes(), steps=ID)
        self.unusable(run, "the answer of turn 2 has ")
        self.assertIn("so that nothing can be compared", run.stdout, run)
        self.assertRegex(run.stdout, r"they first differ where the one is \d+ bytes, from byte \d on .* here.*\| "
                                     r"and the other is \d+ bytes, from byte \d on .*3\d .*\|")
        named = re.search(r"with --mask '(2:/ID \[0-9\]\+/)' they are equal", run.stdout)
        self.assertTrue(named, run)
        self.passes(self.run_on(of_sizes(), "--mask", named.group(1), "--filter", "*/whole/*", steps=ID))


if __name__ == "__main__":
    unittest.main()

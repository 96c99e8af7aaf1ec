"""`framespec invariance` on services of lines: what depends on the cuts is found, and nobody else is accused."""

import subprocess
import unittest

from conversations import FINISH, GREETING, PING, TALK, WithRecordings, answer, running, send
from framespec_process import HERE, SHORT, InvarianceRun, a_test_for_each, descendants, pasted
from planted_services import SERVICES, service
from replay_files import Replay, write

SCHEMAS = HERE.parent / "schemas"


class Defects(WithRecordings):
    def is_found(self, row):
        defect, planted = row
        run = self.run_on(service(defect), "--filter", f"*/{planted.filter}", *planted.options)
        self.assertEqual(run.code, int(planted.level == "fail"), run)
        findings = run.report["dialects"][0]["findings"]
        self.assertEqual(len(findings), 1, run)
        minimal = findings[0].get("minimal", {})
        self.assertEqual(minimal.get("id", findings[0]["example"]), planted.minimal, run)
        self.assertEqual(len(minimal.get("cuts", [])), planted.proven, run)
        if minimal and defect != "hangs_at_cut":  # which does not take what is behind the cut
            self.assertEqual(minimal["proof"]["state"], "proven", run)
        failed = run.plans(planted.level)
        self.assertEqual({plan["failure"]["kind"] for plan in failed}, planted.kinds, run)
        self.assertLessEqual(set(planted.rules), set(findings[0]["rules"]), run)
        self.comes_again(run, defect, planted)
        self.is_played_again(run, defect, planted)
        self.passes(self.run_on(service(), "--filter", f"*/{planted.filter}", *planted.options))
        self.assertEqual(descendants(), [])

    def comes_again(self, run, defect, planted):
        """By the command of the summary, and no longer where the service has been mended."""
        command, = run.commands()
        self.assertTrue(command.endswith(f"--filter {planted.minimal}"), run)
        again = pasted(command)
        self.assertEqual(again.returncode, run.code, again)
        self.assertIn("FAIL" if run.code else "NONSTRICT", again.stdout)
        self.assertEqual(again.stdout.count("again  "), 1, again)
        mended = pasted(command.replace(f"--defect {defect}", "--defect none"))
        self.assertEqual(mended.returncode, 0, mended)
        self.assertNotIn("again  ", mended.stdout)

    def is_played_again(self, run, defect, planted):
        events = write(self.folder, run.events, "events.ndjson")
        still = Replay(events, "--id", planted.minimal, "--launch", service(defect), *SHORT)
        self.assertEqual(still.code, 1, still)
        self.assertIn("\n  verdict   still so: it fails as it did", still.stdout, still)
        gone = Replay(events, "--id", planted.minimal, "--launch", service())
        self.assertEqual(gone.code, 0, gone)
        file = self.folder / "found.ndjson"
        file.write_text(Replay(events, "--id", planted.minimal, "--as-file").stdout)
        gone = Replay(file, "--launch", service())
        self.assertEqual(gone.code, 0, gone)

    def test_where_a_replay_has_no_answer_to_compare_it_says_so(self):
        check = "invariance/unframed/whole/end_inside-1-2"
        run = self.run_on(service("ends_for_all", "silent_until_end"), "--filter", check, steps=(send("SAY it\r\n"), FINISH))
        self.assertEqual(run.code, 1, run)
        events = write(self.folder, run.events, "events.ndjson")
        played = Replay(events, "--id", check, "--launch", service("ends_for_all", "silent_until_end"))
        self.assertEqual(played.code, 3, played)
        self.assertIn("the finding's own command (framespec invariance) plays the whole conversation", played.stdout, played)

    def test_both_answers_are_shown_as_bytes(self):
        run = self.run_on(service("strips_pieces"), "--filter", "*/cut_at-3/request-2")
        self.assertIn("            53 41 59 | 20 68 c3 a9 20 79 6f 75 0d 0a\n", run.stdout, run)
        self.assertIn("  expected  in turn 2 as unsplit 14 bytes, from byte 0 on 53 41 49 44 ", run.stdout, run)
        self.assertIn("|SAID h.. you..|\n  came      20 bytes, from byte 0 on 45 52 52 20 ", run.stdout, run)
        self.assertIn("|ERR what is SAYh|\n", run.stdout, run)

    def test_events_and_report_of_it_are_as_their_schemas_say(self):
        steps = GREETING, send("ID\r\n"), answer("ID 00000 here\r\n"), *PING
        run = self.run_on(service("one_read"), "--pipelined", "--mask", "1:0-1", "--before-each", "true",
                          "--filter", "*/cut_at-*", "--filter", "*/whole/*", "--json", self.folder / "report.json", steps=steps)
        self.assertEqual(run.code, 1, run)
        self.assertIn("answers", {event.get("about") for event in run.events}, run)
        write(self.folder, run.events, "events.ndjson")
        for schema, file in (("event", "events.ndjson"), ("report", "report.json")):
            # Debian's own Python, because python3-jsonschema belongs to it.
            checked = subprocess.run(["/usr/bin/python3", HERE / "validate_report.py", SCHEMAS / f"{schema}.schema.json",
                                      self.folder / file], capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


a_test_for_each(Defects.is_found, {each.defect: (each.defect, each) for each in SERVICES}, of=len(SERVICES))


class Right(WithRecordings):
    def test_one_passes_all(self):
        run = self.run_on(service(), "--pipelined")
        self.passes(run)
        self.assertEqual(run.cases("pass"), {"sanity/conversation", *(f"invariance/{case}" for case in (
            "request", "joined", "all_joined", "end_behind", "end_inside", "reset_inside"))}, run)
        states = {plan["proof"]["state"] for plan in run.plans() if "/whole" not in plan["id"]}
        self.assertEqual(states, {"proven"}, run)
        ids = {plan["id"] for plan in run.plans()}
        for turn, size in ((2, 13), (3, 6), (4, 6)):
            cuts = {f"invariance/unframed/cut_at-{at}/request-{turn}" for at in range(1, size)}
            self.assertLessEqual(cuts, ids, run)
        self.assertEqual(descendants(), [])

    def test_nothing_is_joined_without_being_told_that_it_may(self):
        for defect in ("drops_rest", "waits_for_more", "joins_lines"):
            with self.subTest(defect):
                run = self.run_on(service(defect), "--filter", "*/whole/*", "--filter", "*/forced_coalescing/*")
                self.passes(run)
                self.assertEqual(run.cases("pass") & {"invariance/joined", "invariance/all_joined"}, set(), run)

    def test_one_that_is_slow(self):
        self.passes(self.run_on(service(manner="slow"), "--filter", "*/request-3", "--filter", "*/end_*-3*"))

    def test_one_that_answers_in_many_pieces(self):
        self.passes(self.run_on(service(manner="dribbles"), "--filter", "*/cut_at-*"))

    def test_one_that_never_closes(self):
        run = self.run_on(service(manner="stays_open"), "--filter", "*/request-*", "--filter", "*/end_behind-*")
        self.passes(run)
        self.assertIs(run.report["dialects"][0]["closes_behind_them"], False, run)

    def test_one_with_a_large_answer(self):
        size = 3 << 20
        run = self.run_on(service(), "--filter", "*/cut_at-*", steps=(GREETING, send(f"BIG {size}\r\n"), answer(""), *PING))
        self.passes(run)
        self.assertEqual(run.report["dialects"][0]["unsplit_answers"][1]["size"], size + 2, run)

    def test_one_that_speaks_only_when_the_stream_has_ended(self):
        run = self.run_on(service(manner="silent_until_end"), steps=(send("SAY it\r\n"), FINISH))
        self.passes(run)
        sizes = [each["size"] for each in run.report["dialects"][0]["unsplit_answers"]]
        self.assertEqual(sizes, [0, len("SAID it\r\n")], run)
        run = self.run_on(service("one_read", "silent_until_end"), "--filter", "*/cut_at-*", steps=(send("SAY it\r\n"), FINISH))
        self.assertEqual(run.code, 1, run)

    def test_one_that_runs_by_itself(self):
        chosen = *SHORT, "--filter", "*/cut_at-*/request-3"
        for defect, code in (("none", 0), ("one_read", 1)):
            with self.subTest(defect), running(service(defect)) as server:
                run = InvarianceRun(self.recording(*TALK), "--server", server, *chosen)
                self.assertEqual(run.code, code, run)
                self.assertEqual({plan["proof"]["state"] for plan in run.plans() if "/cut_at" in plan["id"]}, {"proven"}, run)


class Varying(WithRecordings):
    ID = GREETING, send("ID\r\n"), answer("ID 00000 here\r\n"), *PING
    COUNT = GREETING, send("COUNT\r\n"), answer("COUNT 1\r\n")

    def learnt(self, run):
        return [each["varies"] for each in run.report["dialects"][0]["unsplit_answers"]]

    def test_what_varies_unsplit_is_not_compared_and_shown(self):
        run = self.run_on(service(), steps=self.ID)
        self.passes(run)
        varies = self.learnt(run)
        self.assertEqual([len(each) > 0 for each in varies], [False, True, False, False], run)
        self.assertTrue(all(3 <= each["from"] < each["to"] <= 8 for each in varies[1]), run)
        self.assertRegex(run.stdout, r"these bytes of the answer of turn 2 differ from time to time, and are not compared: \d.* of 15\n")

    def test_a_byte_that_is_another_one_in_one_of_ten_answers_is_never_accused(self):
        for each in range(6):
            with self.subTest(each):
                run = self.run_on(service(manner="seldom_other"), "--filter", "*/request-*", steps=(GREETING, *PING, *PING))
                self.assertEqual(run.cases("fail", "nonstrict"), set(), run)
                self.assertIn(run.code, (0, 3), run)

    def test_one_that_answers_otherwise_at_each_cut_and_never_the_same_is_accused(self):
        run = self.run_on(service("other_each_time"), "--filter", "*/cut_at-*/request-2", steps=(GREETING, *PING))
        self.assertEqual(run.code, 1, run)
        failed = run.plans("fail")
        self.assertEqual({plan["failure"]["kind"] for plan in failed}, {"wrong_answer"}, run)
        self.assertEqual(len(failed), 5, run)
        self.assertEqual(sorted(plan["attempts"] for plan in failed), [2, 2, 2, 2, 5], run)

    def counting(self, *more, name="counter"):
        return self.run_on(service("none", "plain", "--counter", self.folder / name), *more, steps=self.COUNT)

    def test_what_requests_change_is_reset_before_each(self):
        counter = self.folder / "counter"
        run = self.counting("--before-each", f"rm -f {counter}")
        self.passes(run)
        self.assertEqual(self.learnt(run), [[], [], []], run)

    def test_without_it_nobody_is_accused(self):
        (self.folder / "counter").write_text("94")
        run = self.counting("--filter", "*/cut_at-*", "--filter", "*/chunk-*")
        self.assertEqual(run.cases("fail", "nonstrict"), set(), run)
        self.assertEqual(run.code, 3, run)
        self.assertIn("what it answers to the unsplit conversation has changed: ", run.stdout, run)
        self.assertIn("--before-each 'CMD' resets", run.stdout, run)

    def test_a_command_that_fails_is_told_with_what_it_wrote(self):
        run = self.counting("--before-each", "echo no such table; exit 4")
        self.unusable(run, "--before-each: the command exited with status 4: no such table\n")

    def test_it_is_told_where_the_service_is(self):
        told = self.folder / "told"
        run = self.counting("--before-each", f"rm -f {self.folder}/counter; echo {{host}} {{port}} >> {told}", "--filter", "*/whole/*")
        self.passes(run)
        lines = set(told.read_text().splitlines())
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines.pop(), r"^127\.0\.0\.1 [1-9]\d*$")


if __name__ == "__main__":
    unittest.main()

"""`framespec invariance` on echo servers of each dialect: of defects that are about cutting and joining it finds those that the
echo suite finds, and none in the right twin; it is told nothing of the echo."""

import unittest

from conversations import WithRecordings
from framespec_process import PLANTED, SHORT, InvarianceRun, Run, a_test_for_each, python_testee
from mutant_connection import DEFECTS as CONNECTION_DEFECTS
from mutant_server import SERVER_DEFECTS
from replay_files import DIALECTS, dialect_file, listed

NAMES = sorted(file.stem for file in DIALECTS.glob("*.json") if file.stem != "dialect.schema")
WITH_HEADER = {"json"}
CUT, JOINED = ("segmentation/*/cut_at-*/one_frame", "*/cut_at-*/request-1"), ("coalescing/*/whole/two_frames", "*/whole/joined-1")
# In every dialect: the filter of the echo suite and that of invariance which see it.
EVERYWHERE = {"prefix_in_one_recv": CUT, "payload_in_one_recv": CUT, "leftovers_lost": JOINED}

# Of the int32 servers.
BOTH_SEE = {
    "prefix_in_one_recv": CUT,
    "prefix_after_three": CUT,
    "leftovers_lost": JOINED,
    "one_frame_a_read": JOINED,
    "end_seen_first": ("end_of_stream/*/whole*/one_frame", "*/end_behind-2"),
    "shared_buffer": ("concurrency/*/nothing_left_behind-3", "*/end_inside-1-*"),
    "dies_at_reset": ("liveness/*/after_reset_in_frame-1", "*/reset_inside-2-1"),
    "answers_last_first": ("coalescing/*/whole/hundred_frames", "*/whole/joined-1"),
}
UNSPLIT_TOO = "it is wrong in the control as well, which is all that is known of the service"
NO_SUCH_BYTES = "the recording of right requests has no such bytes"
NOT_MEASURED = "memory, descriptors and processor time are not looked at"
TOO_SHORT = "the conversation has not so many or so large frames; in one that has, the control is wrong as well"
CONTROL_TOO = "the end of every conversation is like that, also of the control"
UNSEEN = {
    UNSPLIT_TOO: {"byte_order_guessed", "nul_stripped", "two_length_bytes", "zero_is_end", "digest_of_beginning", "header_characters",
                  "serial"},
    NO_SUCH_BYTES: {"negative_skipped", "answers_lost_at_error", "negative_accepted", "negative_accepted_later", "minus_four_spins",
                    "limit_of_first_frame", "silent_on_error", "spins_on_error", "resets_on_error",
                    "header_limit_excluded", "header_limit_ignored", "header_bytes_behind", "header_last_wins",
                    "header_utf8_repaired", "header_mark_skipped", "header_surrogates_repaired", "header_name_guessed",
                    "header_size_guessed", "header_keys_known", "header_any_depth", "header_depth_excluded", "size_of_any_form",
                    "size_in_64_bits", "name_of_any_form", "digest_with_blanks", "digest_ignored"},
    NOT_MEASURED: {"reserves_announced", "reserves_untouched", "reserves_in_second_frame", "reserves_when_begun", "reserves_before_limit",
                   "reserves_behind_limit", "leaks_descriptors", "keeps_ended", "buffer_a_piece", "copies_all"},
    TOO_SHORT: {"budget", "maximum_excluded", "small_buffer", "short_write", "sends_on", "stops_after_ten"},
    CONTROL_TOO: {"end_is_empty", "stays_open_at_end"},
    "what is answered to an unfinished request is not compared": {"padded_at_end"},
    "no request is announced without being sent": {"shared_budget"},
    "it dies of how many connections there were, and is told to have died": {"dies_at_twentieth"},
}


def can_be_cut(name):
    """Whether the prefix of a short frame has more than one byte."""
    dialect = dialect_file(name)
    return "lead" in dialect or (dialect["length"]["encoding"] != "varint" and dialect["length"]["width"] > 1)


class Agree(WithRecordings):
    @staticmethod
    def launch(name, defect):
        if name in ("int32", "json"):
            return python_testee(PLANTED / "mutant_server.py", "--dialect", name, "--defect", defect)
        return python_testee(PLANTED / "dialect_mutant_server.py", "--dialect", str(DIALECTS / f"{name}.json"), "--defect", defect)

    def of_frames(self, name):
        """A recording of two frames, each echoed; how the header of an answer looks is the server's."""
        case, = listed("--dialect", name, "--filter", "coalescing/*/whole/two_frames")
        stream = bytes.fromhex(case["steps"][0]["bytes"])
        first, _ = case["steps"][0]["frame_ends"]
        steps = []
        for frame in (stream[:first], stream[first:]):
            answer = "" if name in WITH_HEADER else frame.hex()
            steps += [{"on": "main", "do": "send", "bytes": frame.hex()}, {"on": "main", "expect": "answer", "bytes": answer}]
        return self.recording(*steps, head={"format": "framespec-replay/2"})

    def both(self, name, defect, filters):
        echo, invariance = filters
        chosen = "--dialect", name, "--launch", self.launch(name, defect), *SHORT
        yield Run(*chosen, "--filter", echo)
        yield InvarianceRun(self.of_frames(name), *chosen, "--pipelined", "--filter", invariance)

    def find_the_same(self, name, table):
        for defect, filters in table.items():
            with self.subTest(defect, dialect=name):
                is_there = defect != "prefix_in_one_recv" or can_be_cut(name)
                for run in self.both(name, defect, filters):
                    self.assertIs(run.cases("fail", "nonstrict") != set(), is_there, run)
        every_filter = [one for filters in table.values() for one in filters]
        for right in (Run, InvarianceRun):
            recording = [self.of_frames(name), "--pipelined"] if right is InvarianceRun else []
            run = right(*recording, "--dialect", name, "--launch", self.launch(name, "none"), *SHORT,
                        *(word for one in every_filter for word in ("--filter", one)))
            self.assertEqual(run.code, 0, run)
            self.assertEqual({plan["verdict"] for plan in run.judged()}, {"pass"}, run)

    def is_cut_and_joined(self, name):
        # The server with a JSON header reads all that is there, so no payload is looked for by itself.
        there = EVERYWHERE if name not in ("int32", "json") else {
            defect: filters for defect, filters in EVERYWHERE.items() if defect in CONNECTION_DEFECTS}
        self.find_the_same(name, there)

    def test_those_that_only_int32_servers_have(self):
        self.find_the_same("int32", {defect: BOTH_SEE[defect] for defect in BOTH_SEE if defect not in EVERYWHERE})

    def test_what_cannot_be_seen_is_not_accused(self):
        for defect in ("nul_stripped", "two_length_bytes", "silent_on_error", "keeps_ended", "stops_after_ten", "padded_at_end"):
            with self.subTest(defect):
                run = InvarianceRun(self.of_frames("int32"), "--dialect", "int32", "--launch", self.launch("int32", defect),
                                    "--pipelined", "--filter", "*/whole/*")
                self.assertEqual(run.code, 0, run)

    def test_each_defect_is_seen_or_there_is_a_reason(self):
        unseen = set().union(*UNSEEN.values())
        self.assertEqual(sum(map(len, UNSEEN.values())), len(unseen), "one has two reasons")
        self.assertEqual(unseen & set(BOTH_SEE), set())
        self.assertEqual(unseen | set(BOTH_SEE) | {"none"}, set(CONNECTION_DEFECTS | SERVER_DEFECTS))


a_test_for_each(Agree.is_cut_and_joined, {name: name for name in NAMES}, of=len(NAMES))


if __name__ == "__main__":
    unittest.main()

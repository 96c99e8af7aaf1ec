"""Which case kills which planted defect, and which rules of SPEC.md are held by that.

A rule with a case is only claimed to be checked; a rule in this table is shown to be, because its
mutant dies. Those that no run can show are in cases/not_observable.json, with why.
"""

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from launch_command import python_testee  # noqa: E402

PROTOCOL = HERE.parents[2] / "protocol"
DIALECTS = PROTOCOL / "dialects"
GUARDED = HERE / "guarded.json"
WORDS = HERE / "words.json"
VARINT = DIALECTS / "varint.json"
MQTT = DIALECTS / "mqtt.json"
KAFKA = DIALECTS / "kafka.json"


@dataclass(frozen=True)
class Mutant:
    defect: str
    dialect: str     # of --dialect
    filters: tuple
    case: str        # the one that must fail, and no other of the filtered ones
    rules: tuple     # that the case names, and that the defect breaks
    unsplit: bool = True
    program: str = "mutant_server.py"
    level: str = "fail"  # the verdict: "nonstrict" for a SHOULD
    options: tuple = ()  # of framespec run, and of the server
    among_all: tuple = ()  # of framespec run, where it is run against all cases

    def launch(self, compiled, defect=None):
        """`compiled`: the folder of the servers that are built."""
        arguments = ["--defect", defect or self.defect, *self.options]
        if self.program in ("mutant_server.py", "dialect_mutant_server.py"):
            arguments += ["--dialect", shlex.quote(self.dialect)]
        if self.program.endswith(".py"):
            return python_testee(HERE / self.program, *arguments)
        return " ".join([shlex.quote(str(Path(compiled) / self.program)), "{port}", *arguments])

    def command(self, compiled, defect=None):
        """The arguments of framespec that run it against all cases of its dialect."""
        return ["run", "--launch", self.launch(compiled, defect), "--dialect", self.dialect, *self.options, *self.among_all]

    def manner(self):
        return Path(self.dialect).stem

    def twin(self):
        """What right servers are told apart by."""
        return self.program, self.dialect, self.options


def of_int32(defect, filters, case, rules, **more):
    return Mutant(defect, "int32", (filters,), case, tuple(rules.split()), **more)


def of_json(defect, filters, case, rules, **more):
    return Mutant(defect, "json", (filters,), case, tuple(rules.split()), **more)


def of_file(dialect, defect, name, case, rules, **more):
    return Mutant(defect, str(dialect), (f"length/*/whole/{name}",), case, tuple(rules.split()),
                  program="dialect_mutant_server.py", **more)


def single_threaded(defect, filters, case, rules):
    return of_int32(defect, filters, case, rules, program="select_mutant_server.py")


def filling(program, defect):
    return of_int32(defect, "memory/*/announced_by_many", "memory/announced_by_many", "LIM-3", program=program)


def reserving(program):
    return of_int32("reserves", "memory/*/reserved_by_many", "memory/reserved_by_many", "LIM-9", program=program,
                    level="nonstrict")


def timed(defect, case, filters):
    return of_int32(defect, filters, case, "TIM-1", program="timed_server.py", level="nonstrict",
                    options=("--frame-timeout", "1"), among_all=("--thorough",))


MUTANTS = [
    of_int32("prefix_in_one_recv", "segmentation/*/one_frame", "segmentation/one_frame",
             "PFX-2 SEG-1", unsplit=False),
    of_int32("prefix_after_three", "segmentation/*/one_frame", "segmentation/one_frame",
             "PFX-2 SEG-1", unsplit=False),
    of_int32("leftovers_lost", "coalescing/*/two_frames", "coalescing/two_frames", "SEG-3"),
    of_int32("one_frame_a_read", "coalescing/*/two_frames", "coalescing/two_frames", "SEG-2"),
    of_int32("zero_is_end", "length/*/empty", "length/empty", "LIM-4"),
    of_int32("negative_accepted", "length/*/negative-*", "length/negative", "PFX-4 ERR-3"),
    of_int32("negative_accepted_later", "length/*/whole/negative-minus_one*", "length/negative",
             "PFX-4 ERR-3"),
    of_int32("minus_four_spins", "length/*/whole/negative-*", "length/negative", "PFX-4 ERR-3"),
    of_int32("limit_of_first_frame", "length/*/whole/too_large-by_one_*", "length/too_large",
             "LIM-1 LIM-2"),
    of_int32("negative_skipped", "length/*/whole/nothing_after_negative",
             "length/nothing_after_negative", "ERR-1"),
    of_int32("answers_lost_at_error", "length/*/whole/answered_before_negative",
             "length/answered_before_negative", "ERR-4"),
    of_int32("answers_last_first", "coalescing/*/whole/hundred_frames", "coalescing/hundred_frames",
             "CON-5"),
    of_int32("byte_order_guessed", "length/*/whole/byte_boundaries-65536", "length/byte_boundaries",
             "PFX-3"),
    of_int32("two_length_bytes", "length/*/whole/byte_boundaries-65537", "length/byte_boundaries",
             "PFX-5"),
    of_int32("budget", "length/*/whole/ten_thousand", "length/ten_thousand", "LIM-8"),
    of_int32("nul_stripped", "segmentation/*/whole/payload_bytes*", "segmentation/payload_bytes",
             "SEG-4"),
    of_int32("maximum_excluded", "length/*/largest-*", "length/largest", "LIM-1"),
    of_int32("reserves_before_limit", "memory/*/announced_above_limit-2_to_the_31",
             "memory/announced_above_limit", "LIM-2 LIM-3"),
    of_int32("reserves_behind_limit", "memory/*/bytes_behind_too_large-2_to_the_31",
             "memory/bytes_behind_too_large", "LIM-2 LIM-3"),
    of_int32("reserves_announced", "memory/*/announced_within_limit",
             "memory/announced_within_limit", "LIM-3"),
    of_int32("reserves_announced", "memory/*/announced_by_many_small", "memory/announced_by_many_small",
             "LIM-3", options=("--max-payload", "1048576")),
    of_int32("reserves_untouched", "memory/*/reserved_by_many", "memory/reserved_by_many", "LIM-9", level="nonstrict"),
    of_int32("shared_budget", "concurrency/*/room_for_others", "concurrency/room_for_others", "CON-2"),
    of_int32("reserves_in_second_frame", "memory/*/announced_by_many", "memory/announced_by_many", "LIM-3"),
    of_int32("reserves_when_begun", "memory/*/announced_by_many", "memory/announced_by_many", "LIM-3"),
    reserving("reserving_server"),
    filling("reserving_server", "reserves_and_fills"),
    of_int32("buffer_a_piece", "memory/*/fragments", "memory/fragments", "LIM-3", unsplit=False),
    of_int32("copies_all", "memory/*/linear_work", "memory/linear_work", "LIM-7"),
    of_int32("keeps_ended", "memory/*/released", "memory/released", "CON-4"),
    of_int32("leaks_descriptors", "concurrency/*/descriptors", "concurrency/descriptors", "CON-4"),
    of_int32("padded_at_end", "end_of_stream/*/whole/at_offset-?", "end_of_stream/at_offset",
             "EOS-3"),
    of_int32("end_is_empty", "end_of_stream/*/at_once", "end_of_stream/at_once", "EOS-1"),
    of_int32("end_seen_first", "end_of_stream/*/whole*/one_frame", "end_of_stream/one_frame",
             "EOS-4", unsplit=False),
    of_int32("stays_open_at_end", "end_of_stream/*/at_once", "end_of_stream/at_once", "EOS-4"),
    of_int32("short_write", "end_of_stream/*/whole/half_close_large-megabytes",
             "end_of_stream/half_close_large", "SND-1"),
    of_int32("small_buffer", "segmentation/*/whole/large", "segmentation/large", "CON-7"),
    of_int32("silent_on_error", "length/*/negative-minus_one", "length/negative", "ERR-3"),
    of_int32("spins_on_error", "length/*/negative-minus_one", "length/negative", "ERR-3"),
    of_int32("resets_on_error", "length/*/graceful_after_error", "length/graceful_after_error",
             "ERR-5", level="nonstrict"),
    of_int32("serial", "concurrency/*/idle_beside_working", "concurrency/idle_beside_working",
             "CON-2"),
    of_int32("sends_on", "liveness/*/after_reset_in_write", "liveness/after_reset_in_write",
             "CON-1 SND-2"),
    of_int32("dies_at_reset", "liveness/*/after_reset_in_frame-1", "liveness/after_reset_in_frame",
             "CON-1"),
    of_int32("shared_buffer", "concurrency/*/nothing_left_behind-3",
             "concurrency/nothing_left_behind", "CON-3"),
    of_int32("stops_after_ten", "coalescing/*/hundred_frames", "coalescing/hundred_frames",
             "SEG-2"),
    of_json("header_characters", "json_header/*/whole/filenames-two_byte_letters",
            "json_header/filenames", "HDR-1"),
    of_json("header_bytes_behind", "json_header/*/whole/bad_syntax-byte_behind",
            "json_header/bad_syntax", "HDR-2"),
    of_json("header_last_wins", "json_header/*/whole/duplicate_key-total_size",
            "json_header/duplicate_key", "HDR-5"),
    of_json("digest_ignored", "json_header/*/wrong_digest*", "json_header/wrong_digest", "HDR-9",
            level="nonstrict"),
    of_json("header_utf8_repaired", "json_header/*/whole/bad_encoding-stray_byte",
            "json_header/bad_encoding", "HDR-3"),
    of_json("header_mark_skipped", "json_header/*/whole/bad_encoding-byte_order_mark",
            "json_header/bad_encoding", "HDR-3"),
    of_json("header_surrogates_repaired", "json_header/*/whole/bad_encoding-high_surrogate_*",
            "json_header/bad_encoding", "HDR-3"),
    of_json("header_name_guessed", "json_header/*/whole/missing_key-filename",
            "json_header/missing_key", "HDR-4"),
    of_json("header_size_guessed", "json_header/*/whole/missing_key-total_size_of_nothing",
            "json_header/missing_key", "HDR-4"),
    of_json("header_keys_known", "json_header/*/whole/unknown_keys-simple",
            "json_header/unknown_keys", "HDR-4"),
    of_json("size_of_any_form", "json_header/*/whole/bad_total_size-minus_zero",
            "json_header/bad_total_size", "HDR-6"),
    of_json("size_in_64_bits", "json_header/*/whole/huge_total_size-wraps_to_5",
            "json_header/huge_total_size", "HDR-7"),
    of_json("name_of_any_form", "json_header/*/whole/bad_filename-parent",
            "json_header/bad_filename", "HDR-8"),
    of_json("digest_with_blanks", "json_header/*/whole/bad_md5-blank_inside",
            "json_header/bad_md5", "HDR-8"),
    of_json("header_any_depth", "json_header/*/whole/too_deep-arrays", "json_header/too_deep",
            "HDR-10"),
    of_json("header_depth_excluded", "json_header/*/whole/depth_allowed-objects",
            "json_header/depth_allowed", "HDR-10"),
    of_json("header_limit_excluded", "json_header/*/whole/largest_header-at_the_end",
            "json_header/largest_header", "HDR-11"),
    of_json("header_limit_ignored", "json_header/*/whole/too_large-by_one",
            "json_header/too_large", "HDR-11"),
    of_json("digest_of_beginning", "json_header/*/whole/answers_are_right",
            "json_header/answers_are_right", "HDR-12"),
    of_file(GUARDED, "free_lead_refused", "free_lead", "length/free_lead", "PFX-1"),
    of_file(GUARDED, "free_lead_of_its_own", "free_lead", "length/free_lead", "PFX-1"),
    of_file(GUARDED, "lead_ignored", "wrong_lead-last", "length/wrong_lead", "PFX-1"),
    of_file(GUARDED, "lead_when_frame_is_whole", "wrong_lead_whole_prefix-first",
            "length/wrong_lead_whole_prefix", "PFX-1"),
    of_file(GUARDED, "lead_when_prefix_is_whole", "wrong_lead_at_once-first",
            "length/wrong_lead_at_once", "PFX-9", level="nonstrict"),
    of_file(GUARDED, "lead_by_its_first_byte", "wrong_lead_at_once-last",
            "length/wrong_lead_at_once", "PFX-9", level="nonstrict"),
    of_file(GUARDED, "trailer_when_whole", "wrong_trailer_at_once-first",
            "length/wrong_trailer_at_once", "TRL-2", level="nonstrict"),
    of_file(GUARDED, "trailer_ignored", "wrong_trailer-last", "length/wrong_trailer", "TRL-1"),
    of_file(GUARDED, "underflow_by_little", "underflow-all_but_one", "length/underflow", "PFX-8"),
    of_file(WORDS, "wraps_at_32_bits", "highest_field_value-above_signed",
            "length/highest_field_value", "PFX-7"),
    of_file(WORDS, "maximum_ignored", "too_large-*", "length/too_large", "LIM-1 LIM-2"),
    of_file(VARINT, "varint_shortest_only", "varint_padded-two", "length/varint_padded", "PFX-6"),
    of_file(MQTT, "varint_of_any_form", "varint_padded_illegal-two",
            "length/varint_padded_illegal", "PFX-10"),
    of_file(MQTT, "varint_counted_as_shortest", "nothing_after_padded_varint-two",
            "length/nothing_after_padded_varint", "PFX-10"),
    of_file(VARINT, "varint_ends_at_width", "varint_endless-zeros", "length/varint_endless",
            "PFX-6"),
    of_file(VARINT, "varint_shifted_out", "varint_above_64_bits", "length/varint_above_64_bits",
            "PFX-6"),
    of_file(KAFKA, "zero_accepted", "empty_illegal", "length/empty_illegal", "LIM-6"),
    of_file(KAFKA, "minimum_excluded", "smallest", "length/smallest", "LIM-5"),
    of_file(KAFKA, "minimum_ignored", "too_small-by_one", "length/too_small", "LIM-5"),
    single_threaded("blocks_in_write", "backpressure/*/flood_beside_working",
                    "backpressure/flood_beside_working", "CON-2 CON-6"),
    single_threaded("queue_without_bound", "backpressure/*/flood_memory",
                    "backpressure/flood_memory", "CON-6"),
    single_threaded("rubbish_when_flooded", "end_of_stream/*/answers_under_way-large",
                    "end_of_stream/answers_under_way", "EOS-4 SND-1"),
    single_threaded("queue_lost_at_end", "end_of_stream/*/answers_under_way-large",
                    "end_of_stream/answers_under_way", "EOS-4 SND-1"),
    single_threaded("empty_frames_first", "liveness/*/endless_empty_frames",
                    "liveness/endless_empty_frames", "CON-2"),
    timed("no_timer", "timing/unfinished_frame", "timing/int32/whole/unfinished_frame"),
    timed("timer_too_short", "timing/just_in_time", "timing/int32/whole/just_in_time"),
    timed("timer_of_each_read", "timing/dribbled_frame", "timing/int32/whole/dribbled_frame"),
    timed("timer_of_the_connection", "timing/frame_after_frame", "timing/int32/whole/frame_after_frame"),
]


# Their toolchains come with `ci/setup --testees`.
IN_OTHER_LANGUAGES = [
    reserving("reserving_server_in_go"),
    filling("reserving_server_in_java", "reserves"),
]


def rules_of_spec():
    spec = PROTOCOL / "SPEC.md"
    return set(re.findall(r"^\| ([A-Z]{3}-\d+) \|", spec.read_text(), re.MULTILINE))


"""Which case finds which planted defect of a client, and which rules of SPEC.md are held by that.

Most are those of a server too, and found by the same case: planted_defects.py has what it is, and a row here shows that it
is found in a client as well. The others are those that only a client can have.
"""

import shlex
from dataclasses import dataclass

from planted_defects import HERE, MUTANTS, Mutant, python_testee


@dataclass(frozen=True)
class PlantedClient(Mutant):
    program: str = "mutant_client.py"
    observe: str = "echo"    # of --observe
    reconnects: bool = False

    def testee(self, defect=None):
        """The options of framespec run that say what is tested."""
        arguments = ["--defect", defect or self.defect, "--dialect", shlex.quote(self.dialect), *self.options]
        arguments += ["--stdout"] * (self.observe == "stdout") + ["--again"] * self.reconnects
        return ["--client", python_testee(HERE / self.program, *arguments), "--observe", self.observe,
                *["--client-reconnects"] * self.reconnects]

    def command(self, _, defect=None):
        """The arguments of framespec that run it against what finds its kind, and a sample of all cases."""
        filters = dict.fromkeys([one for each in CLIENTS if each.twin() == self.twin() for one in each.filters])
        return ["run", *self.testee(defect), "--dialect", self.dialect, *self.options, "--time-limit", "1",
                *(word for each in [*filters, *SAMPLE[self.reconnects]] for word in ("--filter", each))]

    def manner(self):
        return f"{self.dialect} {self.observe}{', again' * self.reconnects}"

    def twin(self):
        return self.dialect, self.options, self.observe, self.reconnects


# By whether it connects again: to start it for each check takes far longer than the check.
SAMPLE = {True: ("*/whole/*", "*/cut_at-3/*", "*/byte_by_byte/*"),
          False: ("client/*/whole/*reset*", "coalescing/*/whole/*", "segmentation/*/cut_at-3/*")}


def like_server(defect, **more):
    """With the case and the rules of the server that has it."""
    server = next(each for each in MUTANTS if each.defect == defect)
    return PlantedClient(**(vars(server) | {"program": PlantedClient.program} | more))


def found_at_once(defect, **more):
    """Before everything else, as the client does not come through one frame and the end of its connection."""
    return of_client(defect, "sanity/*", "sanity/echo", "", **more)


def of_client(defect, filters, case, rules, **more):
    return PlantedClient(defect, "int32", (filters,), case, tuple(rules.split()), **more)


CLIENTS = [
    like_server("prefix_in_one_recv", reconnects=True),
    like_server("prefix_after_three"),
    like_server("leftovers_lost"),
    like_server("one_frame_a_read", reconnects=True),
    like_server("zero_is_end", reconnects=True),
    like_server("negative_accepted", reconnects=True),
    like_server("limit_of_first_frame", reconnects=True),
    like_server("answers_lost_at_error", reconnects=True),
    like_server("answers_last_first", reconnects=True),
    like_server("byte_order_guessed", reconnects=True),
    like_server("maximum_excluded", reconnects=True),
    of_client("reserves_announced", "client/*/announced_and_not_sent-begun", "client/announced_and_not_sent", "LIM-3"),
    of_client("reserves_when_begun", "client/*/announced_and_not_sent-well_begun", "client/announced_and_not_sent", "LIM-3"),
    of_client("reserves_untouched", "client/*/reserved-*", "client/reserved", "LIM-9", level="nonstrict"),
    of_client("buffer_a_piece", "client/*/fragments", "client/fragments", "LIM-3", unsplit=False),
    like_server("padded_at_end", reconnects=True),
    like_server("end_is_empty", reconnects=True),
    like_server("end_seen_first", reconnects=True),
    like_server("short_write", reconnects=True),
    like_server("silent_on_error"),
    like_server("spins_on_error"),
    like_server("resets_on_error", reconnects=True),
    like_server("stops_after_ten"),
    like_server("header_characters", reconnects=True),
    like_server("digest_ignored", reconnects=True),
    like_server("prefix_after_three", observe="stdout"),
    like_server("leftovers_lost", observe="stdout"),
    like_server("leftovers_lost", reconnects=True),
    of_client("dies_at_reset", "client/*/reset_in_frame-1", "client/reset_in_frame", "CON-4", reconnects=True),
    of_client("waits_at_reset", "client/*/whole/reset_in_frame-5", "client/reset_in_frame", "CON-4"),
    of_client("dies_of_sigpipe", "client/*/reset_behind_a_frame", "client/reset_behind_a_frame", "CON-4"),
    of_client("sends_on", "client/*/reset_in_write", "client/reset_in_write", "CON-4 SND-2"),
    found_at_once("stays_open_at_end"),
    found_at_once("runs_on"),
    found_at_once("connects_twice"),
    found_at_once("prints_twice", observe="stdout"),
    found_at_once("prints_late", observe="stdout"),
    found_at_once("last_print_lost", observe="stdout"),
]

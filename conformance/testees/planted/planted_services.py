"""Which case of `framespec invariance` finds which planted defect of a service, played a talk with it (talk.ndjson)."""

from dataclasses import dataclass

from planted_defects import HERE, python_testee

SERVICE = HERE / "planted_service.py"
TALK = HERE / "talk.ndjson"


@dataclass(frozen=True)
class PlantedService:
    defect: str
    filter: str
    kinds: frozenset
    minimal: str  # the id of the finding: of its smallest segmentation, or of what fails unsplit
    proven: int = 1  # cuts of it
    level: str = "fail"
    options: tuple = ()

    @property
    def case(self):
        return "invariance/" + self.filter.partition("-")[0]

    @property
    def rules(self):
        return ("SEG-1",) if self.filter.startswith(("request", "joined")) else ("CON-4",) if "inside" in self.filter else ("EOS-1",)

    def command(self, _, defect=None):
        """The arguments of framespec that play it the whole talk, cut and joined in every way."""
        return ["invariance", str(TALK), "--launch", service(defect or self.defect), *self.options]

    def manner(self):
        return "lines" + ", pipelined" * bool(self.options)

    def twin(self):
        return self.options


def cut(defect, kind, at, turn=2, **more):
    return PlantedService(defect, f"request-{turn}", frozenset(kind.split()), f"invariance/unframed/cut_at-{at}/request-{turn}", **more)


def joined(defect, kind):
    return PlantedService(defect, "joined-2", frozenset([kind]), "invariance/unframed/whole/joined-2", proven=0, options=("--pipelined",))


def ended(defect, kind, case):
    return PlantedService(defect, case, frozenset([kind]), f"invariance/unframed/whole/{case}", proven=0)


def service(defect="none", manner="plain", *more):
    return python_testee(SERVICE, "--defect", defect, "--manner", manner, *map(str, more))


SERVICES = [
    cut("one_read", "wrong_answer", 1),
    cut("strips_pieces", "wrong_answer", 3),
    cut("decodes_pieces", "wrong_answer", 6),
    cut("hangs_at_cut", "no_answer", 5, turn=3),
    cut("dies_at_cut", "died", 5, turn=3),
    cut("extra_answer", "extra_answer", 1),
    cut("repeats_answer", "wrong_answer", 1),
    cut("closes_at_cut", "ended_early", 1),
    cut("cuts_answer_short", "ended_early", 1, turn=4),
    cut("stays_open_at_cut", "still_open", 1, turn=4),
    joined("drops_rest", "no_answer"),
    joined("waits_for_more", "no_answer"),
    joined("joins_lines", "wrong_answer"),
    PlantedService("end_seen_first", "end_behind-4", frozenset(["ended_early"]), "invariance/unframed/whole+end/end_behind-4", proven=0,
                   level="nonstrict"),
    ended("ends_for_all", "ended_early", "end_inside-3-5"),
    ended("dies_at_end", "died", "end_inside-3-5"),
    ended("dies_at_reset", "died", "reset_inside-3-5"),
    ended("refuses_after_reset", "ended_early", "reset_inside-3-5"),
]

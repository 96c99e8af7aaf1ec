"""An independent deframer finds in the bytes of every case what the case expects, and in every vector what that says.

usage: deframe_cases_test.py PROTOCOL_FOLDER FRAMESPEC

Reads what docs/vectors.md describes: `framespec list --json` of every shipped dialect, and the files of protocol/vectors.
Of every case the control is deframed, for the other plans of a case send the same bytes; in one dialect all plans are.
"""

import concurrent.futures
import copy
import hashlib
import json
import subprocess
import sys
from pathlib import Path

from independent_deframer import Deframer, Dialect, from_hex, load

ALL_PLANS_OF = "int32"
SMALLER_MAX_PAYLOAD = 60_000
BYTES_IN_HEX_MAX = 64 * 1024


class Disagreement(Exception):
    pass


def must(condition, text):
    if not condition:
        raise Disagreement(text)


def check_frame(expected, frame):
    payload = frame["payload"]
    if "payload" in expected:
        must(payload == bytes.fromhex(expected["payload"]), "another payload is expected")
    else:
        must(len(payload) == expected["payload_size"], "a payload of another size is expected")
        must(hashlib.md5(payload).hexdigest() == expected["payload_md5"], "another payload is expected, by its md5")
    must(frame["lead"].hex() == expected.get("lead", ""), "other lead bytes are expected")
    must((frame["header"][0] if frame["header"] else "") == expected.get("filename", ""), "another filename is expected")


class Connection:
    """One connection of a case: what was sent on it, deframed, and what was not yet expected of that."""

    def __init__(self, dialect):
        self.deframer = Deframer(dialect)
        self.is_finished = self.is_aborted = self.has_ended = False

    def step(self, step):
        what = step.get("do") or "expect " + step["expect"]
        getattr(self, what.replace(" ", "_"), lambda step: None)(step)

    def send(self, step):
        wire = bytes.fromhex(step["bytes"])
        cuts = [0] + step.get("cuts", []) + [len(wire)]
        must(all(a < b for a, b in zip(cuts, cuts[1:])), "the cuts do not ascend within the stream")
        for begin, end in zip(cuts, cuts[1:]):
            self.deframer.feed(wire[begin:end])

    def finish(self, step):
        self.is_finished = True
        self.deframer.end()

    def abort(self, step):
        self.is_aborted = True

    def expect_frames(self, step):
        for expected in step["frames"]:
            must(self.deframer.frames, f"a frame is expected where the rules see none; {self.deframer.error}")
            check_frame(expected, self.deframer.frames.pop(0))

    def expect_closed(self, step):
        must(not self.deframer.frames, "a close is expected before all whole frames are answered")
        if "within_ms" in step:
            inside = self.deframer.error is None and self.deframer.begin < len(self.deframer.wire)
            must(inside, "time is expected to be up where no frame is under way")
        else:
            must(self.deframer.error or self.is_finished, "a close is expected where the rules see no error and no end")
        self.has_ended = True

    def check_end(self, name, is_unjudged):
        if self.is_aborted:
            return
        must(not self.deframer.frames, f"on {name} a whole frame is sent whose answer is never expected")
        must(self.has_ended or not (self.deframer.error or self.is_finished), f"on {name} no close is expected")
        must(not (is_unjudged and self.has_ended), f"{name} is unjudged and expects a close")

    def is_open(self):
        deframer = self.deframer
        return not (deframer.error or self.is_finished or self.is_aborted) and deframer.begin == len(deframer.wire)


def check_flood(dialect, step):
    deframer = Deframer(dialect)
    deframer.feed(bytes.fromhex(step["bytes"]))
    must(len(deframer.frames) == 1 and deframer.begin == len(deframer.wire), "a flood is not of one frame")
    check_frame(step["answer"], deframer.frames[0])


def check_case(dialects, case):
    """Raises Disagreement; gives False for a case whose bytes are too many to be in the list."""
    steps = case["steps"]
    if any("bytes_size" in step for step in steps):
        must(all(step.get("bytes_size", 2**20) > BYTES_IN_HEX_MAX for step in steps), "its bytes are few and not in hex")
        return False
    dialect = dialects(case["dialect"], case["max_payload"])
    connections = {"main": Connection(dialect)}
    for step in steps:
        if step.get("do") == "open":
            must(step["on"] not in connections, "a connection is opened twice")
            connections[step["on"]] = Connection(dialect)
        elif step.get("do") == "flood":
            check_flood(dialect, step)
        else:
            connections[step["on"]].step(step)
    for name, connection in connections.items():
        connection.check_end(name, name in case["unjudged"])
    must(connections["main"].is_open() == case["main_stays_open"], "main_stays_open is not what the rules say")
    return True


def notices(dialects, case):
    """Whether a case that agrees no longer does with any one bit of its first stream the other way round."""
    at = next(index for index, step in enumerate(case["steps"]) if step.get("do") == "send")
    wire = bytes.fromhex(case["steps"][at]["bytes"])
    for index in range(len(wire)):
        changed = copy.deepcopy(case)
        changed["steps"][at]["bytes"] = (wire[:index] + bytes([wire[index] ^ 1]) + wire[index + 1:]).hex()
        try:
            check_case(dialects, changed)
        except Disagreement:
            continue
        return f"with byte {index} of {wire.hex()} changed nothing is noticed"
    return None


def pieces(parts):
    wire = b""
    for part in parts:
        if "hex" in part:
            once = from_hex(part["hex"])
        elif "text" in part:
            once = part["text"].encode()
        else:
            counted = part["counted"]
            body = counted.encode() if isinstance(counted, str) else pieces(counted)
            once = len(body).to_bytes(4, "little") + body
        wire += once * part.get("times", 1)
    return wire


def check_vector(folder, vector):
    dialect = vector["dialect"]
    dialect = load(folder / "dialects", dialect) if isinstance(dialect, str) else Dialect(dialect)
    deframer = Deframer(dialect, vector.get("digest") == "verify")
    deframer.feed(pieces(vector["bytes"]))
    deframer.end()
    error = {"kind": deframer.error.kind, "offset": deframer.error.offset} if deframer.error else None
    must(error == vector.get("error"), f"{error} instead of {vector.get('error')}")
    must(len(deframer.frames) == len(vector["frames"]), f"{len(deframer.frames)} frames instead of {len(vector['frames'])}")
    for frame, expected in zip(deframer.frames, vector["frames"]):
        must(frame["offset"] == expected["offset"], f"a frame at {frame['offset']} instead of {expected['offset']}")
        must(frame["payload"] == pieces(expected["payload"]), "another payload is expected")
        must(frame["lead"] == from_hex(expected.get("lead", "")), "other lead bytes are expected")
        header = tuple(expected["header"][key] for key in ("filename", "md5", "total_size")) if "header" in expected else None
        must(frame["header"] == header, f"{frame['header']} instead of {header}")


def attempt(found, name, check, *arguments):
    """What `check` gives; True where it disagrees, which goes to `found`."""
    try:
        return check(*arguments)
    except Disagreement as difference:
        found.append(f"{name}: {difference}")
        return True


def check_dialect(folder, framespec, name):
    """(plans checked, plans with too many bytes, sentences about what disagrees) of one dialect."""
    command = [framespec, "list", "--json", "--frame-timeout", "1", "--dialect", name]
    # Smaller streams, of which more are in hex; in one dialect as they are by default.
    command += [] if name == ALL_PLANS_OF else ["--filter", "*/whole/*", "--max-payload", str(SMALLER_MAX_PAYLOAD)]
    loaded, found, checked, large = {}, [], 0, 0

    def dialects(name, maximum):
        if (name, maximum) not in loaded:
            loaded[name, maximum] = load(folder / "dialects", name, maximum)
        return loaded[name, maximum]

    with subprocess.Popen(command, stdout=subprocess.PIPE) as listed:
        for case in map(json.loads, listed.stdout):
            is_checked = attempt(found, case["id"], check_case, dialects, case)
            checked += is_checked
            large += not is_checked
            if case["id"] == f"segmentation/{name}/whole/one_frame":
                sentence = notices(dialects, case)
                found += [f"{case['id']}: {sentence}"] if sentence else []
    if listed.returncode != 0:
        found.append(f"framespec list --dialect {name}: exit code {listed.returncode}")
    return checked, large, found


def main(protocol, framespec):
    folder, found, vectors = Path(protocol), [], 0
    for file in sorted((folder / "vectors").glob("*.json")):
        for vector in json.loads(file.read_text(encoding="utf-8")).get("vectors", []):
            attempt(found, f"{file.stem}: {vector['name']}", check_vector, folder, vector)
            vectors += 1
    names = sorted(file.stem for file in (folder / "dialects").glob("*.json") if not file.name.endswith(".schema.json"))
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        results = list(pool.map(check_dialect, [folder] * len(names), [framespec] * len(names), names))
    found += [sentence for result in results for sentence in result[2]]
    for sentence in found[:40]:
        print(sentence)
    checked, large = [result[0] for result in results], sum(result[1] for result in results)
    print(f"{sum(checked)} plans in {len(names)} dialects and {vectors} vectors; {large} plans have too many bytes; "
          f"{len(found)} disagreements")
    return 1 if found or min(checked) < 50 or len(names) < 30 or vectors < 100 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

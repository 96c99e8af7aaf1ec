"""`framespec dissector`: tshark shows with it what a deframer finds in the same bytes, however they are cut, and no Lua error."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from dissected import Stream, chunks, cut, dialect_file, dissect
from framespec_process import DEADLINE_S, FRAMESPEC, HERE

ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent / "suite" / "tests"), str(ROOT / "fuzz")]
from independent_deframer import Deframer, Dialect, from_hex  # noqa: E402
from make_corpus import stream_bytes  # noqa: E402

DIALECTS = ROOT / "protocol" / "dialects"
NAMES = sorted(path.stem for path in DIALECTS.glob("*.json") if path.stem != "dialect.schema")


def deframed(stream, parts):
    """What a second reading of SPEC.md makes of the bytes; md5 is not compared, as the dissector does not."""
    deframer = Deframer(Dialect(parts), verify=False)
    deframer.feed(stream)
    deframer.end()
    error = deframer.error and (deframer.error.kind, deframer.error.offset)
    return [(frame["offset"], frame["payload"]) for frame in deframer.frames], error


class Dissected(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.parts = {}

    def parts_of(self, dialect):
        if dialect not in self.parts:
            path = DIALECTS / f"{dialect}.json" if dialect in NAMES else Path(dialect)
            self.parts[dialect] = json.loads(path.read_text())
        return self.parts[dialect]

    def sample(self, name):
        return from_hex(json.loads((ROOT / "protocol" / "samples" / f"{name}.json").read_text())["hex"])

    def check(self, streams, *options):
        self.assertEqual(dissect(self.folder, streams, *options), [])
        expected, wrong = {}, []
        for stream in streams:
            key = (stream.dialect, stream.bytes)
            if key not in expected:
                expected[key] = deframed(stream.bytes, self.parts_of(stream.dialect))
            frames, error = expected[key]
            # Who waits for the rest of a trailer (TRL-2) has not looked at it where there is no rest.
            if error and error[0] == "bad_trailer" and stream.error and stream.error[0] == "truncated":
                error = ("truncated", len(stream.bytes))
            if stream.found() != (frames, error):
                wrong.append(f"{stream.dialect}: {[piece.hex() for piece in stream.pieces]}: {stream.found()} instead of {expected[key]}")
        self.assertFalse(wrong, f"{len(wrong)} of {len(streams)}, of which the first: " + "\n".join(wrong[:3])[:3000])


class Streams(Dissected):
    def test_samples_of_every_dialect_cut_everywhere(self):
        streams = []
        for name in NAMES:
            data = self.sample(name)
            streams += [Stream(name, [data]), Stream(name, chunks(data, 1)), Stream(name, chunks(data, 3)), Stream(name, chunks(data, 16))]
            streams += [Stream(name, cut(data, at)) for at in range(1, min(len(data), 32))]
            # Again and again, each time cut at the next byte: every cut for the price of one stream.
            streams.append(Stream(name, cut(data * len(data), *(round_ * len(data) + round_ for round_ in range(1, len(data))))))
            # A beginning of it, to the end of the stream.
            streams += [Stream(name, [data[:at]]) for at in range(1, min(len(data), 64), 3)]
        self.assertGreater(len(streams), 40 * len(NAMES))
        self.check(streams)

    def test_vectors(self):
        streams, number, errors = [], 0, set()
        for file in sorted((ROOT / "protocol" / "vectors").glob("*.json")):
            if file.stem == "vector.schema":
                continue
            for vector in json.loads(file.read_text())["vectors"]:
                dialect = vector["dialect"]
                if not isinstance(dialect, str):
                    number += 1
                    dialect = dialect_file(self.folder, number, dialect)
                data = stream_bytes(vector["bytes"])
                streams.append(Stream(dialect, [data]))
                streams.append(Stream(dialect, chunks(data, 1 if len(data) <= 160 else 1000)))
                streams += [Stream(dialect, cut(data, at)) for at in range(1, min(len(data), 10))]
                if vector["terminal"] != "clean":
                    errors.add(vector["error"]["kind"])
        self.assertGreater(len(errors), 15)
        self.check(streams)
        self.assertEqual({stream.error[0] for stream in streams if stream.error}, errors - {"digest_mismatch"})

    def test_seeds_of_the_fuzzers_are_no_lua_error(self):
        streams = []
        for seed in sorted((ROOT / "fuzz" / "corpus" / "deframer").iterdir()):
            head, _, data = seed.read_bytes().partition(b"\n")
            word = head.split(b" ")[0].decode(errors="replace")
            dialect = word if word in NAMES else "int32"
            if data:
                streams += [Stream(dialect, [data]), Stream(dialect, chunks(data, 1 if len(data) < 40 else 20))]
        for seed in sorted((ROOT / "fuzz" / "corpus" / "json_header").iterdir()):
            data = seed.read_bytes()
            streams.append(Stream("json", [len(data).to_bytes(4, "little") + data + b"hello"]))
        self.assertGreater(len(streams), 1500)
        self.check(streams)


class Shown(Dissected):
    def test_rules_and_what_is_behind_an_error(self):
        data = b"\x01\0\0\0a" + b"\xff\xff\xff\xff" + b"\x01\0\0\0b"
        streams = [Stream("int32", [data]), Stream("int32", chunks(data, 1)), Stream("int32", cut(data, 9)), Stream("int32", cut(data, 11))]
        self.check(streams)
        for stream in streams:
            self.assertEqual((stream.error, stream.rules), (("negative_length", 5), {"PFX-4"}))
            self.assertEqual(stream.rest, b"\x01\0\0\0b", stream.pieces)

    def test_packets_that_are_looked_at_again(self):
        streams = []
        for data in (b"\x01\0\0\0a\x02\0\0\0bc\xff\xff\xff\xff\x01\0\0\0b", b"\x01\0\0\0a\x02\0\0\0b"):
            streams += [Stream("int32", chunks(data, size)) for size in range(1, 8)]
        for name in ("json", "mqtt", "amqp091", "varint"):
            streams += [Stream(name, chunks(self.sample(name), size)) for size in (1, 2, 3, 5, 7, 11)]
        self.check(streams, "-2")

    def test_frames_of_many_segments(self):
        large = bytes(range(256)) * 4000
        data = len(large).to_bytes(4, "little") + large + b"\x02\0\0\0ab"
        streams = [Stream("int32", [data]), Stream("int32", chunks(data, 1460)), Stream("int32", cut(data, 1, 3, 5))]
        self.check(streams)

    def test_without_reassembly_it_says_what_is_missing(self):
        streams = [Stream("int32", cut(b"\x04\0\0\0abcd\x01\0\0\0x", 6))]
        self.assertEqual(dissect(self.folder, streams, "-o", "tcp.desegment_tcp_streams:FALSE"), [])
        self.assertEqual((streams[0].frames, streams[0].error), ([(8, b"x")], None))

    def test_a_length_beyond_what_is_put_together(self):
        streams = [Stream("int64", cut(b"\0\0\0\0\0\0\0\x40abc", 9, 10)), Stream("int64", [b"\xff" * 7 + b"\x7f" + b"abc"])]
        self.check(streams)
        self.assertEqual([stream.error for stream in streams], [("truncated", 11)] * 2)

    def test_a_file_of_findings_is_shown_by_it(self):
        captures = self.folder / "captures"
        subprocess.run([FRAMESPEC, "run", "--launch", f"{sys.executable} {HERE.parent}/testees/planted/mutant_server.py {{port}} --defect "
                        "prefix_in_one_recv", "--dialect", "int32", "--filter", "segmentation/*/one_byte", "--pcap", captures],
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE_S, check=False)
        (capture,) = captures.iterdir()
        script = self.folder / "int32.lua"
        script.write_text(self.made("int32").stdout)
        done = subprocess.run(["tshark", "-n", "-r", capture, "-X", f"lua_script:{script}", "-Y", "framespec_int32", "-T", "fields", "-e",
                               "framespec_int32.length"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(done.stdout, ("1\n", ""), done)  # nothing where the testee ended before it took the second segment

    def made(self, dialect):
        return subprocess.run([FRAMESPEC, "dissector", dialect], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)

    def test_a_dialect_that_is_none(self):
        for dialect in ("no-such", str(self.folder), ""):
            done = self.made(dialect)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)

    def test_nothing_in_a_dialect_is_code(self):
        file = self.folder / "mine.json"
        file.write_text(json.dumps({"name": "a.b-c_1", "description": "]] --[[ os.exit(7) \"\\", "length": {"width": 1}}))
        script = self.made(str(file)).stdout
        self.assertIn("\n-- ]] --[[ os.exit(7) ", script)
        streams = [Stream(str(file), [b"\x01a"])]
        self.check(streams)


if __name__ == "__main__":
    unittest.main()

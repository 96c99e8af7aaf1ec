#!/usr/bin/env python3
"""Makes the seeds of the fuzz targets from vectors, dialects, samples and suites.

usage: make_corpus.py [--check] [--framespec PROGRAM]

The function NAME_seeds makes those of the target NAME of targets.txt; a target without one begins with nothing. The
bytes of the suites' cases are what PROGRAM, the newest build's framespec, lists of conformance/cases. Writes
fuzz/corpus/TARGET/seed-* and removes seeds that nothing makes any more; other files there, which `ci/fuzz --merge`
adds, stay. --check changes nothing: exit code 1 if the tree differs from what would be written, with a line for each
difference.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import zlib

from tshark_output_seeds import tshark_output_seeds  # noqa: F401  found by its name

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "fuzz" / "corpus"
SEED_BYTES_MAX = 2048
# Of each kind of prefix and header one: the cases of the others have other bytes, but no other ideas.
SUITE_DIALECTS = ("int32", "varint", "json")
# The payload "hello" where a suite's header leaves it to the dialect: as size and md5.
PAYLOAD_SIZE = "5"
PAYLOAD_MD5 = "5d41402abc4b2a76b9719d911017c592"


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48].strip("-")


def from_hex(text):
    """Bytes as framespec/hex.h reads them; what else it refuses, tests of the files refuse."""
    return bytes.fromhex(re.sub("0[xX]|[:,]", " ", text))


def piece_bytes(piece):
    times = piece.get("times", 1)
    if "hex" in piece:
        return from_hex(piece["hex"]) * times
    if "text" in piece:
        return piece["text"].encode() * times
    counted = piece["counted"]
    body = counted.encode() if isinstance(counted, str) else stream_bytes(counted)
    return (len(body).to_bytes(4, "little") + body) * times


def stream_bytes(pieces):
    return b"".join(piece_bytes(piece) for piece in pieces)


def dialect_word(dialect):
    """The word of input/dialect_word.h for a dialect by name, or for the object of a dialect file."""
    if isinstance(dialect, str):
        return dialect
    length, payload, header = (dialect.get(key, {}) for key in ("length", "payload", "header"))
    if length.get("encoding") == "varint":
        parts = [f"v{length.get('width', 10)}"] + ["shortest"] * length.get("shortest", False)
    else:
        order = {"big": "be", "little": "le"}[length.get("order", "big")]
        parts = [f"{'i' if length.get('signed') else 'u'}{length['width']}{order}"]
    if "lead" in dialect:
        lead = dialect["lead"]
        parts.append("lead" + "/".join(from_hex(lead[key]).hex() for key in ("bytes", "mask") if key in lead))
    parts += [f"{short}{length[key]}" for key, short in (("adjustment", "adj"), ("unit", "unit"), ("reserved", "reserved"))
              if key in length]
    if isinstance(header, dict) and header.get("kind") == "json":
        parts.append("json")
        parts += [f"{short}{header[key]}" for key, short in (("maximum", "hmax"), ("depth", "depth")) if key in header]
    parts += [f"{short}{payload[key]}" for key, short in (("minimum", "min"), ("maximum", "max")) if key in payload]
    if "zero" in payload:
        parts.append({"legal": "zero", "illegal": "nozero"}[payload["zero"]])
    if "trailer" in dialect:
        parts.append("tail" + from_hex(dialect["trailer"]).hex())
    return ",".join(parts)


def data_files(folder):
    """The JSON files of a folder but their schema."""
    return sorted(path for path in (ROOT / folder).glob("*.json") if not path.name.endswith(".schema.json"))


def vectors():
    for file in data_files("protocol/vectors"):
        for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]:
            yield f"{file.stem}-{vector['name']}", vector


def stream_seed(word, segmentation, wire, verify=False):
    return f"{word} {segmentation}{' verify' if verify else ''}\n".encode() + wire


def segmentation_for(name, begin, size):
    """A cut somewhere else in each seed, chosen by its name: inside the prefix of the frame that begins at `begin`, in
    the middle, or everywhere."""
    choices = [f"cut_at-{begin + 3}", "byte_by_byte", "straddled", f"cut_at-{max(1, size // 2)}", "coalesced-2",
               f"random-{len(name)}"]
    return choices[zlib.crc32(name.encode()) % len(choices)]


def sent_streams(case):
    """What each connection of a listed case is sent: its bytes, and where its last frame begins."""
    streams = {}
    for step in case["steps"]:
        if step.get("do") != "send":
            continue
        wire, begin = streams.get(step["on"], (b"", 0))
        if wire is None or "bytes" not in step:
            streams[step["on"]] = None, 0  # longer than a seed may be
            continue
        # The end behind the last frame is no beginning of one, unless more bytes follow.
        ends = [end for end in step["frame_ends"] if end < len(step["bytes"]) // 2]
        streams[step["on"]] = wire + from_hex(step["bytes"]), len(wire) + (ends[-1] if ends else 0)
    return {name: stream for name, stream in streams.items() if stream[0]}


def suite_stream_seeds(framespec):
    # The headers are seeds of json_header already.
    command = [framespec, "list", "--json", "--suites", ROOT / "conformance/cases", "--dialect",
               ",".join(SUITE_DIALECTS), "--filter", "*/whole/*", "--exclude", "json_header/*", "--frame-timeout", "1"]
    listed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    done = set()
    for case in map(json.loads, listed.splitlines()):
        for on, (wire, begin) in sent_streams(case).items():
            name = f"{case['id'].replace('/whole/', '/')}{'' if on == 'main' else ' ' + on}"
            # The connections of a case that repeats itself are sent the same.
            if (case["dialect"], wire) not in done:
                done.add((case["dialect"], wire))
                yield name, stream_seed(case["dialect"], segmentation_for(name, begin, len(wire)), wire)


def deframer_seeds(framespec):
    for name, vector in vectors():
        wire = stream_bytes(vector["bytes"])
        frames = vector["frames"]
        segmentation = segmentation_for(name, frames[-1]["offset"] if frames else 0, len(wire))
        yield name, stream_seed(dialect_word(vector["dialect"]), segmentation, wire, vector.get("digest") == "verify")
    for file in data_files("protocol/samples"):
        sample = json.loads(file.read_text(encoding="utf-8"))
        # Some are longer than a seed may be; their start is as good.
        wire = from_hex(sample["hex"])[:512]
        yield f"sample-{file.stem}", stream_seed(sample["dialect"], "straddled", wire)
    yield from suite_stream_seeds(framespec)


def prefix_seeds(_framespec):
    for name, vector in vectors():
        if name.startswith(("prefix-", "limits-", "trailer-")):
            yield name, stream_seed(dialect_word(vector["dialect"]), "whole", stream_bytes(vector["bytes"])[:32])
    for file in data_files("protocol/samples"):
        sample = json.loads(file.read_text(encoding="utf-8"))
        yield f"sample-{file.stem}", stream_seed(sample["dialect"], "whole", from_hex(sample["hex"])[:16])


def suite_headers(value, name=""):
    """Every text of a header in a suite: the string at a key `header`, and those among a case's `values`."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "values":
                yield from ((f"{name} {axis}", text) for axis, text in member.items() if isinstance(text, str))
            if isinstance(member, str) and key == "header":
                yield name, member
            else:
                yield from suite_headers(member, name if key == "values" else f"{name} {key}")
    elif isinstance(value, list):
        for member in value:
            yield from suite_headers(member, member.get("name", name) if isinstance(member, dict) else name)


def filled_in(header):
    """The placeholders of docs/writing-a-case.md, as for the payload "hello"; padding is left out."""
    header = header.replace("<size>", PAYLOAD_SIZE).replace("<md5>", PAYLOAD_MD5).replace("<MD5>", PAYLOAD_MD5.upper())
    header = re.sub(r"<pad [^>]*>", "   ", header)
    parts = re.split(r"<hex ([^>]*)>", header)
    return b"".join(from_hex(part) if index % 2 else part.encode() for index, part in enumerate(parts))


def json_header_seeds(_framespec):
    suite = json.loads((ROOT / "conformance/cases/json_header.json").read_text(encoding="utf-8"))
    for name, header in suite_headers(suite["cases"]):
        if '"' in header or "{" in header:
            yield name, filled_in(header)
    for name, vector in vectors():
        for piece in vector["bytes"]:
            if name.startswith("json_header") and isinstance(piece.get("counted"), str):
                yield name, piece["counted"].encode()


def dialect_file_seeds(_framespec):
    for file in data_files("protocol/dialects"):
        yield file.stem, file.read_bytes()
    cases = json.loads((ROOT / "protocol/tests/dialect_file_cases.json").read_text(encoding="utf-8"))
    for case in cases:
        if "file" in case:
            yield case["case"], json.dumps(case["file"]).encode()
        elif "text" in case:
            yield case["case"], case["text"].encode()


def segmentation_name_seeds(_framespec):
    for name in ("whole", "cut_at-3", "cuts-3-9", "cuts-1-2-3-19", "chunk-5", "byte_by_byte", "random-42", "random-0",
                 "random-18446744073709551615", "coalesced-1", "coalesced-2", "straddled", "cut_at-20", "cut_at-0",
                 "cuts-9-3", "chunk-0", "random--1", "cut_at-03", "nonsense"):
        yield name, f"20 {name}".encode()
    for size in (0, 1, 2, 4097, 65536):
        for name in ("whole", "random-7", "chunk-1000", "straddled"):
            yield f"{name} of {size}", f"{size} {name}".encode()


def replay_head(case, **members):
    return {"format": "framespec-replay/1", "id": case["id"], "title": case["title"], "rules": case["rules"],
            "dialect": json.loads((ROOT / f"protocol/dialects/{case['dialect']}.json").read_text(encoding="utf-8")),
            "main_stays_open": case["main_stays_open"], **members}


def replay_text(lines):
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines).encode()


def replay_file_seeds(framespec):
    # Of each sort of step some; the dialect alone would fill a seed with what dialect_file has already.
    command = [framespec, "list", "--json", "--suites", ROOT / "conformance/cases", "--dialect", "int32,json",
               "--frame-timeout", "1", "--filter", "*/whole/*", "--filter", "*/cut_at-2/*", "--filter",
               "*/forced_coalescing/*", "--filter", "*+end/*"]
    listed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    kinds = set()
    for case in map(json.loads, listed.splitlines()):
        head = replay_head(case, origin={"tool": "framespec", "testee": "./server {port}", "seed": 2**64 - 1})
        came = [{"on": "main", "came": "00", "size": 70000, "end": "open"},
                {"failure": "no_answer", "expected": "frame 1", "came": "nothing", "at_sentinel": False}]
        text = replay_text([head, *case["steps"], *came])
        kind = tuple(sorted({tuple(step) + (step.get("do", step.get("expect")),) for step in case["steps"]}))
        if kind not in kinds and len(text) <= SEED_BYTES_MAX:
            kinds.add(kind)
            yield case["id"], text
    first = {"format": "framespec-replay/1"}
    second = {"format": "framespec-replay/2"}
    request = {"on": "main", "await": {"bytes": 4}}
    answer = {"on": "main", "do": "send", "text": "00", "copies": [{"from": 2, "to": 0, "size": 2}]}
    uint16be = json.loads((ROOT / "protocol/dialects/uint16be.json").read_text(encoding="utf-8"))
    for name, lines in (
            ("nothing more", [first]),
            ("not opened", [first, {"on": "b", "do": "abort"}]),
            ("flood without end", [first, {"on": "main", "do": "flood", "bytes": "00", "total": 9, "goes_on": True,
                                           "answer": {"payload": ""}}]),
            ("step behind what came", [first, {"on": "main", "came": "", "size": 0, "end": "fin"},
                                       {"on": "main", "do": "finish"}]),
            ("cut outside", [first, {"on": "main", "do": "send", "bytes": "0000", "frame_ends": [],
                                     "coalesced": False, "with_end": False, "cuts": [2]}]),
            ("unknown key", [{**first, "ident": "x"}]),
            ("another format", [{"format": "framespec-replay/3"}]),
            ("exchange", [second, request, answer, {"on": "main", "await": {"until_text": "\r\n"}}, answer,
                          {"on": "main", "do": "finish"}, {"on": "main", "expect": "exit", "like": "control"}]),
            ("exchange of frames", [{**second, "dialect": "uint16be"}, {"on": "main", "await": {"frame": "uint16be"}},
                                    {"on": "main", "do": "send", "bytes": "000161 0000"},
                                    {"on": "main", "await": {"frame": uint16be}},
                                    {"on": "main", "expect": "exit", "unlike": "control", "status": 1, "output": "61"}]),
            ("copies of no request", [second, answer]),
            ("frames that are not whole", [{**second, "dialect": uint16be},
                                           {"on": "main", "do": "send", "bytes": "0001"}]),
            ("step of another format", [first, request]),
            ("fuzz input", [{**first, "origin": {"fuzz_input": "int32 whole verify"}}])):
        yield name, replay_text(lines)


def named(seeds):
    """File name to content: each content once, each name once."""
    files, contents = {}, set()
    for name, content in seeds:
        if content in contents or len(content) > SEED_BYTES_MAX:
            continue
        contents.add(content)
        base = file = f"seed-{slug(name)}"
        number = 2
        while file in files:
            file = f"{base}-{number}"
            number += 1
        files[file] = content
    return files


def target_names():
    for line in (ROOT / "fuzz/targets.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield pathlib.PurePath(line.split()[0]).stem


def no_seeds(_framespec):
    return ()


def differences(folder, files):
    there = {path.name: path for path in folder.glob("seed-*")} if folder.is_dir() else {}
    for name in sorted(files.keys() | there.keys()):
        if name not in there:
            yield f"{folder.name}/{name} is not there"
        elif name not in files:
            yield f"{folder.name}/{name} is not made by anything"
        elif there[name].read_bytes() != files[name]:
            yield f"{folder.name}/{name} is out of date"


def write(folder, files):
    for path in folder.glob("seed-*"):
        if path.name not in files:
            path.unlink()
    if files:
        folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def newest_framespec():
    return max(ROOT.glob("build/*/bin/framespec"), key=lambda path: path.stat().st_mtime, default=None)


def main():
    parser = argparse.ArgumentParser(description="Makes the seeds of the fuzz targets.")
    parser.add_argument("--check", action="store_true", help="change nothing, say what differs")
    parser.add_argument("--framespec", metavar="PROGRAM", default=newest_framespec(),
                        help="lists the suites' cases (default: the newest build's)")
    options = parser.parse_args()
    if options.framespec is None:
        print("there is no framespec in build/: run ci/build release framespec first", file=sys.stderr)
        return 3
    check, found = options.check, []
    for target in target_names():
        files = named(globals().get(f"{target}_seeds", no_seeds)(options.framespec))
        if check:
            found += differences(CORPUS / target, files)
        else:
            write(CORPUS / target, files)
            print(f"{target}: {len(files)} seeds, {sum(map(len, files.values()))} bytes")
    if found:
        print("\n".join(found))
        print("run fuzz/make_corpus.py and commit what it writes")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

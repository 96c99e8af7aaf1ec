#!/usr/bin/env python3
"""Lists what breaks the layers of docs/architecture.md: each room includes and links only those that it sees.

usage: layers.py ROOT        exit 0: none; 1: each violation on a line, FILE:LINE: what
"""

import pathlib
import re
import sys

TOP = ("protocol", "reference_server", "reference_client", "conformance", "fuzz", "bench", "manual")

# What each room sees beside itself.
SEES = {
    "protocol": set(),
    "reference_server": {"protocol"},
    "reference_client": {"protocol"},
    # What tshark prints is read there, without I/O.
    "fuzz": {"protocol", "conformance/recording"},
    # What is measured, and what measures it, know nothing of each other.
    "bench/programs": {"protocol"},
    "bench/specimens": set(),
    "bench/statistics": set(),
    # What is measured too: it frames as the library does, and counts latencies.
    "bench/loopback": {"protocol", "bench/statistics"},
    # Programs are started there as servers are for the load.
    "bench/runner": {"protocol", "bench/loopback"},
    "bench/measuring": set(),
    # git is a process like the others.
    "bench/revisions": {"bench/measuring"},
    "bench/comparing": {"bench/statistics", "bench/measuring"},
    # Trials are comparisons.
    "bench/power": {"bench/statistics", "bench/measuring", "bench/comparing"},
    "bench/bisecting": {"bench/measuring", "bench/revisions"},
    "bench/history": {"bench/statistics", "bench/measuring", "bench/revisions"},
    "bench/outputs": {"bench/statistics", "bench/measuring", "bench/history"},
    "bench/plots": {"bench/statistics"},
    "bench/report": {"bench/statistics", "bench/measuring", "bench/comparing", "bench/bisecting",
                     "bench/history", "bench/plots", "bench/power"},
    "bench/cli": {"bench/statistics", "bench/measuring", "bench/revisions", "bench/comparing", "bench/bisecting",
                  "bench/history", "bench/outputs", "bench/power", "bench/report"},
    "conformance/os": set(),
    "conformance/delivery": {"protocol", "conformance/os"},
    "conformance/suite": {"protocol"},
    # What a testee writes is made printable where it is kept.
    "conformance/launch": {"protocol", "conformance/os"},
    # Addresses and sockets are those of launch.
    "conformance/recording": {"protocol", "conformance/os", "conformance/launch"},
    # What was written is counted as delivery counts it, and ports are chosen as for testees.
    "conformance/phenomena": {"protocol", "conformance/os", "conformance/delivery", "conformance/launch"},
    # What waits for a testee lets other plans go on meanwhile.
    "conformance/runner": {"protocol", "conformance/delivery", "conformance/suite", "conformance/launch", "conformance/os"},
    # A case that is made of a replay is read back, so that it is surely that.
    "conformance/report": {"protocol", "conformance/phenomena", "conformance/runner", "conformance/launch", "conformance/suite", "conformance/os"},
    # What stands in a report is of the runner, and a rule's text of the suite.
    "conformance/outputs": {"protocol", "conformance/os", "conformance/phenomena", "conformance/report", "conformance/runner", "conformance/launch", "conformance/suite"},
    "conformance/cli": {"protocol", "conformance/os", "conformance/delivery", "conformance/suite", "conformance/launch",
                        "conformance/recording", "conformance/phenomena", "conformance/runner", "conformance/report",
                        "conformance/outputs"},
    # The command lines are described where they are parsed; what their values are, also by the cases.
    "manual": {"protocol", "reference_server", "reference_client", "conformance/cli", "conformance/suite", "bench/cli"},
}
SOURCE_SUFFIXES = {".h", ".cc"}

# A program that a test starts is no part of what is built.
STARTED_PROGRAM = re.compile(r"\$<TARGET_FILE:[^>]*>")
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
ADDED_TARGET = re.compile(r"\badd_(?:library|executable)\(\s*([\w:-]+)")
ADDED_COMMAND = re.compile(r"^\s*(?:function|macro)\(\s*(\w+)", re.MULTILINE | re.IGNORECASE)
CALL = re.compile(r"\b(\w+)\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
# What makes one target depend on others, or names them for a command that does; so does every command of our own.
LINKING = {"target_link_libraries", "link_libraries", "set", "list"}

# The protocol library is sans-IO: it sees neither sockets nor threads, clocks or standard streams.
IO_HEADER = re.compile(
    r"^(sys/(socket|epoll|select|un|time)\.h|netinet/.*|arpa/.*|netdb\.h|poll\.h|unistd\.h|time\.h|ctime"
    r"|thread|mutex|future|condition_variable|stop_token|stdio\.h|cstdio|iostream|print|asio.*|spdlog/.*|fmt/.*)$")
# Reading a dialect file by its path is the one exception (load_dialect).
FILE_HEADER = re.compile(r"^(fstream|filesystem)$")
FILE_READER = "protocol/src/shipped_dialects.cc"
JSON_HEADER = re.compile(r"^(nlohmann/|simdjson|rapidjson/)")
# <chrono> has durations, which are values, and clocks, which are not.
CLOCK = re.compile(r"\b\w+_clock\b|\bclock_\w+\(|::now\(")
# What users of the library include must not include the JSON library.
PUBLIC_HEADERS = "protocol/include/"


def sources(root, room):
    for path in sorted((root / room).rglob("*")):
        if path.suffix in SOURCE_SUFFIXES and path.is_file():
            yield path


def room_of(relative):
    """The room of a path below the root: the longest name in SEES that it lies in, or its first folder."""
    folders = ["/".join(relative.parts[:depth]) for depth in range(len(relative.parts), 0, -1)]
    return next((folder for folder in folders if folder in SEES), folders[-1])


def may_use(room, relative):
    """Whether a file of `room` may include the one at `relative`, or link a target of its folder."""
    return room_of(relative) in SEES.get(room, {"protocol"}) | {room}


def resolve(root, includer, name):
    """The file that a quoted include names: beside the includer, or below a directory that the build offers."""
    above = [folder for folder in includer.parents if folder == root or root in folder.parents]
    offered = ("protocol/include", "protocol/src", "protocol/model", "protocol")
    for base in (*above, *(root / folder for folder in offered)):
        candidate = (base / name).resolve()
        if candidate.is_file() and root in candidate.parents:
            return candidate
    return None


def include_violations(root):
    files = [path for top in TOP for path in sources(root, top)]
    for path in files:
        room = room_of(path.relative_to(root))
        relative = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{relative}:{number}"
            if room == "protocol" and is_sans_io(relative) and CLOCK.search(line):
                yield f"{where}: protocol is sans-IO and must not read a clock"
            match = INCLUDE.match(line)
            if not match:
                continue
            quoted, system = match.groups()
            if quoted:
                target = resolve(root, path, quoted)
                if target is None and any(file.as_posix().endswith(f"/{quoted}") for file in files):
                    yield f'{where}: "{quoted}" is not one that this room may use'
                elif target is None:
                    # A generated header has no place in the tree; a system one belongs in <>.
                    yield f'{where}: "{quoted}" is not a file of this project'
                elif not may_use(room, target.relative_to(root)):
                    yield f"{where}: {room} must not include {room_of(target.relative_to(root))}"
            elif room == "protocol":
                yield from protocol_violations(relative, where, system)


def is_sans_io(relative):
    return not relative.startswith(("protocol/tests/", "protocol/model/"))


def protocol_violations(relative, where, header):
    if not is_sans_io(relative):
        return
    if IO_HEADER.match(header):
        yield f"{where}: protocol is sans-IO and must not include <{header}>"
    if FILE_HEADER.match(header) and relative != FILE_READER:
        yield f"{where}: only {FILE_READER} may include <{header}>"
    if JSON_HEADER.match(header) and relative.startswith(PUBLIC_HEADERS):
        yield f"{where}: the JSON library stays hidden from those who include {PUBLIC_HEADERS}"


def link_violations(root):
    texts = [(path.relative_to(root), path.read_text(encoding="utf-8"))
             for top in TOP for path in sorted((root / top).rglob("CMakeLists.txt"))]
    commands = set(LINKING)
    # Not beyond: what is being built comes and goes while this looks.
    included = [path for top in ("cmake", *TOP) for path in (root / top).rglob("*.cmake")]
    for path in (*included, *(root / path for path, _ in texts)):
        commands |= set(ADDED_COMMAND.findall(path.read_text(encoding="utf-8")))
    owner = {}
    for path, text in texts:
        for name in ADDED_TARGET.findall(text):
            owner.setdefault(name, path)
    for path, text in texts:
        room = room_of(path)
        for match in CALL.finditer(text):
            if match.group(1) not in commands:
                continue
            for word in re.split(r"[\s<>$;\"]+|(?<!:):(?!:)", STARTED_PROGRAM.sub("", match.group(2))):
                if word in owner and not may_use(room, owner[word]):
                    number = text.count("\n", 0, match.start()) + 1
                    yield f"{path}:{number}: {room} must not link {room_of(owner[word])}'s {word}"


def violations(root):
    root = pathlib.Path(root).resolve()
    return [*include_violations(root), *link_violations(root)]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = violations(sys.argv[1])
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

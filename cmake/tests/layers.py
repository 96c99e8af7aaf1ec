#!/usr/bin/env python3
"""Lists what breaks the layers of docs/architecture.md: includes and links point at protocol/ only.

usage: layers.py ROOT        exit 0: none; 1: each violation on a line, FILE:LINE: what
"""

import pathlib
import re
import sys

ROOMS = ("protocol", "reference_server", "reference_client", "conformance", "fuzz", "bench")
SOURCE_SUFFIXES = {".h", ".cc"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
ADDED_TARGET = re.compile(r"\badd_(?:library|executable)\(\s*([\w:-]+)")
LINKED = re.compile(r"\btarget_link_libraries\(([^()]*(?:\([^()]*\)[^()]*)*)\)")

# The protocol library is sans-IO: it sees neither sockets nor threads, clocks or standard streams.
IO_HEADER = re.compile(
    r"^(sys/(socket|epoll|select|un|time)\.h|netinet/.*|arpa/.*|netdb\.h|poll\.h|unistd\.h|time\.h|ctime|chrono"
    r"|thread|mutex|future|condition_variable|stop_token|stdio\.h|cstdio|iostream|print|asio.*|spdlog/.*|fmt/.*)$")
# Reading a dialect file by its path is the one exception (load_dialect).
FILE_HEADER = re.compile(r"^(fstream|filesystem)$")
FILE_READER = "protocol/src/shipped_dialects.cc"
JSON_HEADER = re.compile(r"^(nlohmann/|simdjson|rapidjson/)")


def sources(root, room):
    for path in sorted((root / room).rglob("*")):
        if path.suffix in SOURCE_SUFFIXES and path.is_file():
            yield path


def room_of(root, path):
    return path.relative_to(root).parts[0]


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
    for room in ROOMS:
        for path in sources(root, room):
            relative = path.relative_to(root).as_posix()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                where = f"{relative}:{number}"
                quoted, system = match.groups()
                if quoted:
                    target = resolve(root, path, quoted)
                    if target is None:
                        # A generated header has no place in the tree; a system one belongs in <>.
                        yield f'{where}: "{quoted}" is not a file of this project'
                    elif room_of(root, target) not in (room, "protocol"):
                        yield f"{where}: {room} must not include {room_of(root, target)}"
                elif room == "protocol":
                    yield from protocol_violations(relative, where, system)


def protocol_violations(relative, where, header):
    if relative.startswith(("protocol/tests/", "protocol/model/")):
        return
    if IO_HEADER.match(header):
        yield f"{where}: protocol is sans-IO and must not include <{header}>"
    if FILE_HEADER.match(header) and relative != FILE_READER:
        yield f"{where}: only {FILE_READER} may include <{header}>"
    if JSON_HEADER.match(header) and not relative.endswith(".cc"):
        yield f"{where}: the JSON library stays hidden in .cc files"


def link_violations(root):
    texts = {}
    for room in ROOMS:
        texts[room] = [(p, p.read_text(encoding="utf-8")) for p in sorted((root / room).rglob("CMakeLists.txt"))]
    owner = {}
    for room, files in texts.items():
        for _, text in files:
            for name in ADDED_TARGET.findall(text):
                owner.setdefault(name, room)
    for room, files in texts.items():
        for path, text in files:
            for match in LINKED.finditer(text):
                for word in re.split(r"[\s<>$]+|(?<!:):(?!:)", match.group(1)):
                    if owner.get(word, room) not in (room, "protocol"):
                        number = text.count("\n", 0, match.start()) + 1
                        yield f"{path.relative_to(root)}:{number}: {room} must not link {owner[word]}'s {word}"


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

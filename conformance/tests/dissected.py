"""What tshark makes of streams of frames with the dissectors of `framespec dissector`: many in one capture, as tshark takes
half a second to start."""

import json
import subprocess
from dataclasses import dataclass, field

from framespec_process import DEADLINE_S, FRAMESPEC
from packets import ACK, FIN, SYN, Talk, write_capture

SERVICE_HOST = "10.0.0.2"
FIRST_PORT = 20000
PACKET_BYTES_MAX = 30000
AT_ONCE = 10  # each dissector sees the end of every stream, and each packet has a column for each field


@dataclass
class Stream:
    dialect: str  # a name, or a dialect file
    pieces: list
    frames: list = field(default_factory=list)  # (offset, payload)
    error: tuple = None  # kind, offset
    rules: set = field(default_factory=set)
    rest: bytes = b""

    @property
    def bytes(self):
        return b"".join(self.pieces)

    def found(self):
        return self.frames, self.error


def cut(data, *cuts):
    edges = [0, *cuts, len(data)]
    return [data[begin:end] for begin, end in zip(edges, edges[1:], strict=False) if end > begin]


def chunks(data, size):
    return cut(data, *range(size, len(data), size))


def packets_of(stream, number, port):
    client = (f"10.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}", 50000)
    talk = Talk(client, (SERVICE_HOST, port)).packet(client, SYN)
    for piece in stream.pieces:
        for part in chunks(piece, PACKET_BYTES_MAX):
            talk.say(part)
    return talk.packet(client, FIN | ACK).packets


def protocol_of(script):
    """The name that the dissector gives its protocol."""
    return next(line for line in script.splitlines() if line.startswith("  proto = ")).split('"')[1]


def dissect(folder, streams, *options):
    """Fills in the streams' frames, error, rules and rest; gives back what tshark wrote to standard error."""
    dialects = sorted({stream.dialect for stream in streams})
    complaints = []
    for begin in range(0, len(dialects), AT_ONCE):
        some = dialects[begin:begin + AT_ONCE]
        complaints += dissect_some(folder, some, [stream for stream in streams if stream.dialect in some], *options)
    return complaints


def dissect_some(folder, dialects, streams, *options):
    arguments, protocols = [], {}
    for index, dialect in enumerate(dialects):
        made = subprocess.run([FRAMESPEC, "dissector", dialect], capture_output=True, text=True, timeout=DEADLINE_S, check=True)
        script = folder / f"{index}.lua"
        script.write_text(made.stdout)
        protocols[dialect] = protocol_of(made.stdout)
        arguments += ["-X", f"lua_script:{script}", "-d", f"tcp.port=={FIRST_PORT + index},{protocols[dialect]}"]
    capture = folder / "streams.pcap"
    write_capture(capture, [packet for number, stream in enumerate(streams)
                            for packet in packets_of(stream, number, FIRST_PORT + dialects.index(stream.dialect))])
    names = ("offset", "payload_size", "payload", "error", "error_offset", "rule", "rest")
    columns = [f"{protocols[dialect]}.{name}" for dialect in dialects for name in names]
    done = subprocess.run(["tshark", "-n", "-r", capture, *arguments, *options, "-T", "fields", "-E", "aggregator=|", "-e", "tcp.stream", "-e",
                           "_ws.expert.message", *(part for column in columns for part in ("-e", column))],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    if done.returncode != 0 or not done.stdout:
        raise AssertionError(f"tshark failed with status {done.returncode}: {done.stderr[-2000:]}")
    for line in done.stdout.splitlines():
        number, messages, *values = line.split("\t")
        if "Lua" in messages:
            raise AssertionError(f"a Lua error: {messages}")
        stream = streams[int(number)]
        begin = dialects.index(stream.dialect) * len(names)
        take(stream, dict(zip(names, values[begin:begin + len(names)], strict=True)))
    return [line for line in done.stderr.splitlines() if not line.startswith("Running as user ")]


def take(stream, columns):
    """One packet's: frames that have ended in it, and an error perhaps."""
    texts = {name: value.split("|") if value else [] for name, value in columns.items()}
    payloads = [bytes.fromhex(text) for text in texts["payload"]]
    # Of a frame with an error there is an offset, and a payload only if it was whole.
    for offset, size in zip(texts["offset"], texts["payload_size"], strict=False):
        payload = payloads.pop(0) if int(size) else b""
        stream.frames.append((int(offset), payload))
    if texts["error"]:
        if stream.error or len(texts["error"]) > 1:
            raise AssertionError(f"more than one error: {stream.error}, {texts['error']}")
        stream.error = (texts["error"][0], int(texts["error_offset"][0]))
        if stream.error[0] == "bad_trailer":
            stream.frames.pop()
    stream.rules.update(texts["rule"])
    stream.rest += b"".join(bytes.fromhex(text) for text in texts["rest"])


def dialect_file(folder, number, parts):
    """The dialect of a vector, under a name that no other has."""
    path = folder / f"dialect-{number}.json"
    path.write_text(json.dumps(parts | {"name": f"vector-{number}"}))
    return str(path)

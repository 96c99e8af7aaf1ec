"""--pcap: a capture of each finding, the same from `run`, `invariance` and `report`."""

import datetime
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from conversations import HEAD, TALK, running
from framespec_process import DEADLINE_S, FRAMESPEC, PLANTED, events_in, mutant
from launch_command import python_testee
from pcapng import ACK, FIN, RST, SYN, read, sides
from replay_files import write

ONE_BYTE = ("--dialect", "int32", "--filter", "segmentation/*/one_byte")


def framespec(*arguments):
    return subprocess.run([FRAMESPEC, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


def tshark(*arguments):
    return subprocess.run(["tshark", "-n", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


class InAFolder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.captures = self.folder / "captures"
        self.events = self.folder / "events.ndjson"

    def written(self, *arguments, code=1, command="run"):
        """The packets in the capture of each finding, by its name; `framespec report` writes the same."""
        done = framespec(command, *arguments, "--events", self.events, "--pcap", self.captures)
        self.assertEqual(done.returncode, code, done)
        files = sorted(self.captures.iterdir())
        told = [line.removeprefix("framespec: capture: ") for line in done.stderr.splitlines() if line.startswith("framespec: capture: ")]
        self.assertEqual(sorted(told), [str(file) for file in files])
        again = self.folder / "again"
        reported = framespec("report", self.events, "--pcap", again, "--json", self.folder / "report.json")
        self.assertEqual(reported.returncode, code, reported)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual(len(files), sum(len(dialect["findings"]) for dialect in report["dialects"]))
        self.assertEqual([(file.name, file.read_bytes()) for file in sorted(again.iterdir())],
                         [(file.name, file.read_bytes()) for file in files])
        return {file.name: read(file)[2] for file in files}

    def one(self, *arguments, **more):
        written = self.written(*arguments, **more)
        ((name, packets),) = written.items()
        return name, packets


class Findings(InAFolder):
    def test_segments_as_the_testee_met_them(self):
        name, packets = self.one("--launch", mutant("prefix_in_one_recv"), *ONE_BYTE)
        self.assertEqual(name, "segmentation.int32.cut_at-1.one_byte.pcapng")
        about, writer, _ = read(self.captures / name)
        self.assertTrue(about.startswith("segmentation/int32/cut_at-1/one_byte\nmust hold: A frame with "), about)
        self.assertIn("\nexpected: a frame of 1 byte \"x\" in answer\ncame: nothing; ", about)
        self.assertRegex(writer, r"^framespec \d")
        self.assertEqual([packet.flags for packet in packets[:3]], [SYN, SYN | ACK, ACK])
        data = [(packet.data, packet.comment) for packet in packets if packet.data]
        self.assertEqual(data[0], (b"\x01", "step 1 of 2: segment 1 of 2, bytes [0, 1) of 5"))
        # The testee may have ended before it took the second.
        self.assertIn(data[1:], ([], [(b"\0\0\0x", "step 1 of 2: segment 2 of 2, bytes [1, 5) of 5")]))
        self.assertEqual(packets[4].comment, "step 1 of 2: taken by the testee (proven)")
        self.assertIn("the testee ", packets[-1].comment)
        self.assertTrue(any(packet.flags & (FIN | RST) for packet in packets))
        self.assertEqual({packet.addresses for packet in packets}, {(b"\x7f\0\0\x01",) * 2})
        sides(packets)

    def test_times_are_those_of_the_events(self):
        _, packets = self.one("--launch", mutant("prefix_in_one_recv"), *ONE_BYTE)
        events = events_in(self.events)
        began = datetime.datetime.fromisoformat(events[0]["started"].replace("Z", "+00:00")).timestamp()
        attempt = next(event for event in events if event["event"] == "attempt" and "/cut_at-1/" in event["id"])
        self.assertEqual(packets[0].time_us, round(began * 1e6) + attempt["at_ms"] * 1000 - attempt["duration_us"])
        times = [packet.time_us for packet in packets]
        self.assertEqual(times, sorted(set(times)))

    def test_answers_stand_where_they_were_expected_and_what_was_not_expected_is_told(self):
        # It answers the first of two frames that come together, and forgets the other.
        written = self.written("--launch", mutant("one_frame_a_read"), "--dialect", "int32", "--filter", "coalescing/*/two*",
                               "--time-limit", "1.5")
        self.assertTrue(written)
        for name, packets in written.items():
            sent, came = sides(packets)
            comments = [packet.comment for packet in packets]
            answered = next(packet for packet in packets if packet.data and packet.ports[0] == packets[0].ports[1])
            self.assertIn("not as expected", answered.comment, name)
            self.assertTrue(sent.startswith(came), (name, sent, came))
            self.assertLess(len(came), len(sent))
            self.assertFalse([comment for comment in comments if "still there" in comment], comments)

    def test_the_frame_that_looks_whether_the_testee_is_there(self):
        # What an ended connection left behind is taken for the beginning of the next one's first frame.
        _, packets = self.one("--launch", mutant("shared_buffer"), "--dialect", "int32", "--filter", "end_of_stream/*/whole/at_offset-1",
                              "--time-limit", "1.5")
        fresh = [packet for packet in packets if 50001 in packet.ports]
        self.assertEqual([packet.comment for packet in fresh[:4]],
                         [*["connection sentinel begins"] * 3, "is the testee still there? send 12 bytes"])
        self.assertEqual((fresh[0].flags, fresh[3].data), (SYN, b"\x08\0\0\0sentinel"))

    def test_tshark_has_nothing_to_say(self):
        written = self.written("--launch", mutant("negative_accepted"), "--dialect", "int32", "--filter", "length/*/negative*",
                               "--filter", "segmentation/*/one_byte", "--time-limit", "1.5")
        self.assertTrue(written)
        for name, packets in written.items():
            shown = tshark("-r", self.captures / name, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-T", "fields",
                           "-e", "frame.comment", "-e", "tcp.len", "-Y", "tcp && ip && !_ws.malformed && tcp.checksum.status == 1 && "
                           "ip.checksum.status == 1 && !(tcp.analysis.flags)")
            complaints = [line for line in shown.stderr.splitlines() if not line.startswith("Running as user ")]
            self.assertEqual((shown.returncode, complaints), (0, []))
            self.assertEqual(shown.stdout.splitlines(), [f"{packet.comment}\t{len(packet.data)}" for packet in packets], name)

    def test_of_a_client_the_testee_connects(self):
        client = python_testee(PLANTED / "mutant_client.py", "--defect", "prefix_in_one_recv")
        written = self.written("--client", client, *ONE_BYTE)
        self.assertTrue(written)
        for name, packets in written.items():
            sent, came = sides(packets)
            self.assertEqual(sent, b"", name)  # by the client, which gave up
            self.assertTrue(came.startswith(b"\x01"), (name, came))

    def test_bytes_that_the_events_do_not_hold_are_made_again(self):
        written = self.written("--launch", mutant("prefix_in_one_recv"), "--dialect", "int32", "--filter", "length/*/cut_at-1/largest-maximum",
                               "--max-payload", "200000")
        for packets in written.values():
            sent = max(sides(packets), key=len)
            self.assertEqual((len(sent), sent[:4]), (200004, (200000).to_bytes(4, "little")))

    def test_a_link_that_has_the_name_of_a_capture_is_replaced(self):
        name = "segmentation.int32.cut_at-1.one_byte.pcapng"
        for target in (self.folder / "precious", self.folder / "nowhere"):
            self.captures.mkdir(exist_ok=True)
            (self.folder / "precious").write_text("precious")
            (self.captures / name).unlink(missing_ok=True)
            (self.captures / name).symlink_to(target)
            done = framespec("run", "--launch", mutant("prefix_in_one_recv"), *ONE_BYTE, "--pcap", self.captures)
            self.assertEqual(done.returncode, 1, done)
            self.assertFalse((self.captures / name).is_symlink(), done)
            self.assertEqual((self.folder / "precious").read_text(), "precious")
            self.assertFalse((self.folder / "nowhere").exists())

    def test_without_events_and_without_findings(self):
        done = framespec("run", "--launch", mutant("prefix_in_one_recv"), *ONE_BYTE, "--pcap", self.captures)
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual([file.name for file in self.captures.iterdir()], ["segmentation.int32.cut_at-1.one_byte.pcapng"])
        done = framespec("run", "--launch", mutant("none"), *ONE_BYTE, "--pcap", self.folder / "none")
        self.assertEqual((done.returncode, list((self.folder / "none").iterdir())), (0, []), done)
        self.assertIn("there is no finding, and so no capture", done.stderr)

    def test_of_a_server_that_runs_already_it_has_the_address(self):
        with running(python_testee(PLANTED / "planted_service.py", "--defect", "one_read", "--manner", "plain")) as address:
            port = int(address.rpartition(":")[2])
            talk = write(self.folder, [HEAD, *TALK], "talk.ndjson")
            name, packets = self.one(talk, "--server", address, "--filter", "*/request-2", command="invariance")
        self.assertEqual(name, "invariance.unframed.cut_at-1.request-2.pcapng")
        self.assertEqual({packet.ports for packet in packets}, {(50000, port), (port, 50000)})
        sent, came = sides(packets)
        self.assertEqual((sent, came[:7]), ("SAY hé you\r\n".encode(), b"HELLO\r\n"))
        answers = [packet.comment for packet in packets if packet.data and packet.ports[0] == port]
        self.assertEqual(answers[0], "step 1 of 10: an answer, as expected")

    def test_ipv6(self):
        self.written("--launch", mutant("prefix_in_one_recv"), *ONE_BYTE)
        first, *others = self.events.read_text().splitlines(keepends=True)
        started = json.loads(first)
        started["testee"] = {"kind": "server", "value": "[::1]:7000"}
        self.events.write_text(json.dumps(started) + "\n" + "".join(others))
        self.assertEqual(framespec("report", self.events, "--pcap", self.folder / "ipv6").returncode, 1)
        (file,) = (self.folder / "ipv6").iterdir()
        (_, _, packets) = read(file)
        self.assertEqual({(packet.version, packet.addresses) for packet in packets}, {(6, (bytes(15) + b"\1",) * 2)})
        self.assertEqual(packets[0].ports, (50000, 7000))
        sides(packets)
        checked = tshark("-r", file, "-o", "tcp.check_checksum:TRUE", "-Y", "ipv6 && tcp.checksum.status == 1")
        self.assertEqual(checked.stdout.count("\n"), len(packets), checked)

    def test_parts_of_a_run_together(self):
        parts = []
        for number in (1, 2):
            parts.append(self.folder / f"{number}.ndjson")
            done = framespec("run", "--launch", mutant("zero_is_end"), "--dialect", "int32", "--filter", "length/*/whole/*", "--filter",
                             "segmentation/*/whole/*", "--time-limit", "1.5", "--shard", f"{number}/2", "--events", parts[-1])
            self.assertIn(done.returncode, (0, 1), done)
        done = framespec("report", *parts, "--pcap", self.captures, "--json", self.folder / "report.json")
        self.assertEqual(done.returncode, 1, done)
        (dialect,) = json.loads((self.folder / "report.json").read_text())["dialects"]
        names = {finding["example"].replace("/", ".") + ".pcapng" for finding in dialect["findings"]}
        self.assertEqual({file.name for file in self.captures.iterdir()}, names)
        self.assertTrue(names)

    def test_of_steps_that_cannot_be_made_again_it_is_said(self):
        self.written("--launch", mutant("prefix_in_one_recv"), *ONE_BYTE)
        lines = self.events.read_text().splitlines()
        for index, line in enumerate(lines):
            event = json.loads(line)
            event.pop("steps", None), event.pop("came", None), event.pop("main_stays_open", None), event.pop("replayable", None)
            if event["event"] == "started":
                event["suites"]["hash"] = "0" * 32
            lines[index] = json.dumps(event)
        self.events.write_text("\n".join(lines) + "\n")
        done = framespec("report", self.events, "--pcap", self.folder / "none")
        self.assertEqual((done.returncode, list((self.folder / "none").iterdir())), (1, []), done)
        self.assertIn("--pcap: no capture of segmentation/int32/cut_at-1/one_byte: it was made by framespec ", done.stderr)


class Places(InAFolder):
    def refused(self, *arguments):
        started = self.folder / "started"
        done = framespec("run", "--launch", f"touch {started}; {{port}}", "--dialect", "int32", *arguments)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), done)
        self.assertFalse(started.exists())
        return done.stderr

    def test_where_nothing_can_be_written_is_known_before_the_run(self):
        file = self.folder / "file"
        file.write_text("")
        for place in (file, file / "below", self.folder / "no" / "such", "/proc/self"):
            self.assertIn("--pcap: captures cannot be written to ", self.refused("--pcap", place))
        self.assertIn("--pcap", self.refused("--pcap", ""))

    def test_it_is_no_file_too(self):
        self.assertIn("--events: ", self.refused("--events", self.captures, "--pcap", self.captures))
        self.assertIn("--pcap and --junit name the same file", self.refused("--junit", self.captures, "--pcap", self.captures))

    def test_names_are_safe_and_differ(self):
        suite = self.folder / "own.json"
        cases = [{"name": name, "title": "t", "why": "w", "rules": ["SEG-2"], "steps": [{"send": [{"frame": payload}]}, {"expect": "frames"}]}
                 for name, payload in (("a", ""), ("b", ""))]
        suite.write_text(json.dumps({"area": "own", "title": "t", "cases": cases}))
        dialect = self.folder / "my dialect.json"
        dialect.write_text(json.dumps({"name": "int32", "length": {"width": 4, "order": "little", "signed": True}}))
        written = self.written("--launch", mutant("zero_is_end") + " # {dialect}", "--dialect", f"int32,{dialect}", "--suites", suite)
        self.assertEqual(sorted(written), ["own.int32.whole.a-2.pcapng", "own.int32.whole.a.pcapng", "own.int32.whole.b-2.pcapng",
                                           "own.int32.whole.b.pcapng"])


if __name__ == "__main__":
    unittest.main()

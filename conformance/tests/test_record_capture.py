"""`framespec record --capture`: what it makes of packet captures, and says of those that are no good."""

import os
import shlex
import signal
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, descendants
from packets import CLIENT, RST, SERVICE, Talk, udp_packet, write_capture
from recorded import head_of, turns_of

OTHER = ("10.0.0.1", 50001)


def usual():
    """Five packets say something: the fourth (greeting), two of a request cut in pieces, an answer, and a last request."""
    return Talk().open().answer(b"hello\n").say(b"a\x00").say(b"b").answer(b"ok").say(b"quit").close()


SAID = [("answer", b"hello\n"), ("send", b"a\x00b"), ("answer", b"ok"), ("send", b"quit"), ("finish", b"")]


class Captures(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.talk = self.folder / "talk.ndjson"

    def capture(self, packets, **more):
        return write_capture(self.folder / "talk.pcap", packets, **more)

    def record(self, capture, *arguments, env=None):
        return subprocess.run([FRAMESPEC, "record", "--capture", capture, "-o", self.talk, *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False, env=env)

    def expect(self, turns, packets, *arguments, says=""):
        done = self.record(self.capture(packets), *arguments)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done)
        self.assertEqual(turns_of(self.talk.read_text()), turns)
        self.assertIn(says, done.stderr)
        if not says:
            self.assertEqual(done.stderr, "")

    def refuse(self, sentence, capture, *arguments, code=2, choices=0, **more):
        done = self.record(capture, *arguments, **more)
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (code, "", 1 + choices), done)
        self.assertIn(sentence, done.stderr)
        self.assertFalse(self.talk.exists())
        return done


class Conversations(Captures):
    def test_turns_in_order(self):
        self.expect(SAID, usual().packets)
        self.assertEqual(head_of(self.talk.read_text())["title"], f"10.0.0.1:50000 to 10.0.0.2:5432, from {self.folder}/talk.pcap")

    def test_packets_that_came_twice_or_in_another_order(self):
        packets = usual().packets
        self.expect(SAID, [*packets[:5], packets[4], packets[5], packets[4], *packets[6:]])
        self.expect(SAID, [*packets[:4], packets[5], packets[4], *packets[6:]])

    def test_ipv6_and_who_ends_first(self):
        client, service = ("::1", 50000), ("fe80::2", 5432)
        self.expect([("send", b"a"), ("answer", b"b")], Talk(client, service).open().say(b"a").answer(b"b").close(service).packets)

    def test_who_sends_the_syn_is_the_client(self):
        self.expect([("send", b"a"), ("answer", b"b")], Talk(SERVICE, CLIENT).open().say(b"a").answer(b"b").packets)

    def test_without_a_beginning_the_lower_port_is_the_service(self):
        self.expect(SAID, usual().packets[3:], says="10.0.0.1:50000 is taken for the client")

    def test_a_reset_is_no_end_of_the_stream(self):
        self.expect([("send", b"a")], Talk().open().say(b"a").packet(CLIENT, RST).packets)

    def test_one_of_several_is_chosen(self):
        other = Talk(OTHER).open().say(b"other").packets
        silent = Talk(("10.0.0.1", 50002)).open().close().packets
        packets = [*usual().packets, udp_packet(CLIENT, SERVICE, b"x"), *other, *silent]
        for flow in ("tcp.port == 50001", "tcp.stream == 1", 'tcp contains "other"'):
            self.expect([("send", b"other")], packets, "--flow", flow)
        self.expect(SAID, [*usual().packets, *silent])

    def test_a_name_that_looks_like_an_option(self):
        capture = self.folder / "-z"
        write_capture(capture, usual().packets)
        done = subprocess.run([FRAMESPEC, "record", "--capture=-z", "-o", "-"], cwd=self.folder, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        self.assertEqual(turns_of(done.stdout), SAID)


class Refused(Captures):
    def test_several_conversations_are_listed(self):
        both = self.capture([*usual().packets, *Talk(OTHER).open().say(b"other").packets])
        first = "  --flow 'tcp.stream == 0'  10.0.0.1:50000 to 10.0.0.2:5432, 7 bytes and 8 back\n"
        for arguments, sentence in (((), "has 2 TCP conversations; say which one"),
                                    (("--flow", "tcp.port == 5432"), "matches 2 TCP conversations; say which one"),
                                    (("--flow", "udp"), "matches none of its TCP conversations")):
            done = self.refuse(sentence, both, *arguments, choices=2)
            self.assertIn(first, done.stderr)
        many = [packet for port in range(1000, 1030) for packet in Talk(("10.0.0.1", port)).open().say(b"x").packets]
        self.assertIn("  and 10 more\n", self.refuse("has 30 TCP conversations", self.capture(many), choices=21).stderr)

    def test_a_filter_that_is_none(self):
        self.refuse("--flow: tshark says: ", self.capture(usual().packets), "--flow", "no such filter")

    def test_bytes_that_are_missing(self):
        packets = usual().packets
        self.refuse("lacks 2 bytes of what the client said, behind the first 0:", self.capture([*packets[:4], *packets[5:]]))
        self.refuse("lacks 1 byte of what the client said, behind the first 2:", self.capture([*packets[:5], *packets[6:]]))
        self.refuse("lacks 4 bytes of what the client said, behind the first 3:", self.capture([*packets[:7], *packets[8:]]))
        self.refuse("not all bytes of the packets", self.capture(packets, kept_size=41))

    def test_files_that_are_cut_short_or_no_captures(self):
        capture = self.capture(usual().packets)
        whole = capture.read_bytes()
        for content, sentence in ((whole[:-5], "cut short"), (b"no capture at all, but a text", "isn't a capture file"),
                                  (b"", "holds no packet"), (whole[:24], "holds no packet")):
            capture.write_bytes(content)
            self.refuse(sentence, capture)
        self.refuse("none of its 1 packets is of TCP", self.capture([udp_packet(CLIENT, SERVICE, b"x")]))
        self.refuse("not a byte is said", self.capture(Talk().open().close().packets))
        self.refuse("No such file", self.folder / "none")
        self.refuse("is no ordinary file", self.folder)
        os.mkfifo(self.folder / "fifo")
        self.refuse("is no ordinary file", self.folder / "fifo")

    def test_a_conversation_that_is_too_long(self):
        talk = Talk().open()
        for _ in range(1100):
            talk.say(bytes(62000))
        self.refuse("more than 64 MiB", self.capture(talk.packets))


class Tshark(Captures):
    """What comes of it: a stand-in for it, first in the path."""

    def expect_of(self, sentence, script, code):
        stand_in = self.folder / "tshark"
        stand_in.write_text(f"#!/bin/sh\n{script}\n")
        stand_in.chmod(stat.S_IRWXU)
        return self.refuse(sentence, self.capture(usual().packets), code=code, env=self.path_first())

    def path_first(self):
        return os.environ | {"PATH": f"{self.folder}:{os.environ['PATH']}"}

    def test_is_not_there(self):
        self.refuse("Debian has it in the package tshark", self.capture(usual().packets), code=3, env=os.environ | {"PATH": str(self.folder)})

    def test_fails(self):
        self.expect_of("tshark failed with status 1: out of luck", "echo 'Running as user' >&2; echo 'tshark: out of luck' >&2; exit 1", 3)
        self.expect_of("tshark failed with status 137: it says nothing", "kill -9 $$", 3)
        self.expect_of('tshark wrote "nonsense", which is not understood here', "echo nonsense", 3)
        self.expect_of("a line of more than 4 MiB", "exec cat /dev/zero", 3)

    def test_is_ended_by_an_interruption(self):
        marker = self.folder / "started"
        os.mkfifo(marker)
        stand_in = self.folder / "tshark"
        stand_in.write_text(f"#!/bin/sh\necho > {shlex.quote(str(marker))}\nexec sleep 3600\n")
        stand_in.chmod(stat.S_IRWXU)
        with subprocess.Popen([FRAMESPEC, "record", "--capture", self.capture(usual().packets), "-o", self.talk], env=self.path_first(),
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            marker.read_text()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=DEADLINE_S)
        self.assertEqual((process.returncode, said), (3, "framespec: interrupted while tshark read the capture\n"))
        self.assertEqual(descendants(), [])


if __name__ == "__main__":
    unittest.main()

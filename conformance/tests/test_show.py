"""`framespec show`: each phenomenon is seen on this machine, drawn, captured; and where it is not seen, that is said.

What is compared is of one run: orders, counts, and medians of the same moment; never a time that is written here."""

import os
import re
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC, HERE, wait_until
from pseudo_terminal import shown_on

NAMES = ["sticky", "nagle", "cork", "quickack", "backlog", "time-wait"]
SYN, ACK = 0x02, 0x10
NOT_ALLOWED = 125  # of on_another()


def show(*arguments):
    return subprocess.run([FRAMESPEC, "show", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


def steps(text, title):
    """What was done in the scene of that title: the words of each line without its time."""
    (scene,) = re.findall(rf"^  {re.escape(title)}\n +ms .*\n((?: +[\d.⋮]+  .*\n)+)", text, re.MULTILINE)
    return [" ".join(line.split()[1:]) for line in scene.splitlines()]


def ways(text):
    """{name and outcome: median} of the table of times."""
    rows = re.findall(r"^    (\S.*?) +([\d.]+)  (?:[\d.]+ to [\d.]+ *  )?(\S.*?)  +[█▏]", text, re.MULTILINE)
    return {f"{name}: {outcome.strip()}": float(median) for name, median, outcome in rows}


class Shown(unittest.TestCase):
    def shown(self, name):
        done = show(name)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, r"(?m)^  shown     \S")
        self.assertRegex(done.stdout, r"(?m)^  do        \S")
        return done.stdout

    def test_sticky(self):
        text = self.shown("sticky")
        reads = [step for step in steps(text, "four writes, and a reader that asks for 5, 5, 10 and 5 bytes") if "read(" in step]
        self.assertEqual(reads, ['read(5): "hello"', 'read(5): "world"', 'read(10): "musibii1"', "read(5): end of stream"])
        self.assertIn('    a length before each  "hello", "world", "musibii", "1"\n', text)

    def test_nagle(self):
        text = self.shown("nagle")
        self.assertIn(r'write "\x0d\x0a" ──┤', steps(text, "write, write, read"))
        self.assertNotIn("──┤", "".join(steps(text, "one write, read")))
        stalled, *cured = ways(text).items()
        self.assertEqual([stalled[0], *dict(cured)], ["write, write, read: 2 packets", "one write, read: 1 packet",
                                                      "TCP_NODELAY: 2 packets", "TCP_QUICKACK: 2 packets"])
        for name, median in cured:
            self.assertGreater(stalled[1], 3 * median, name)

    def test_cork(self):
        text = self.shown("cork")
        self.assertEqual([step for step in steps(text, "corked, left so") if not step.startswith("nothing")],
                         ["TCP_CORK on", 'write "hello" ──┤', 'write "world" ──┤', 'write "musibii" ──┤', 'write "1" ──┤',
                          'read(18): "helloworldmusibii1"'])
        left, pulled, none = ways(text).items()
        self.assertRegex(pulled[0], "^corked, uncorked: [1-4] packets?$")
        self.assertEqual(none[0], "TCP_NODELAY: 4 packets")
        # Who is kept from the processor for 200 ms between two writes keeps less back, and may send more.
        (held,) = re.findall(r"kept all 18 bytes back in (\d) of 5 runs", " ".join(text.split()))
        self.assertRegex(left[0], "^corked, left so: 1 packet$" if held == "5" else "^corked, left so: [1-4] packets?$")
        self.assertGreater(left[1], 3 * max(pulled[1], none[1]))

    def test_quickack(self):
        text = self.shown("quickack")
        self.assertIn(r'write "\x0d\x0a" ──┤', steps(text, "TCP_QUICKACK set once, and two requests"))
        times = ways(text)
        self.assertEqual(len(times), 4, text)
        quick = max(times["first request: never set"], times["second request: set before each read"])
        self.assertGreater(min(times["second request: never set"], times["second request: set once"]), quick, text)

    def test_backlog(self):
        text = self.shown("backlog")
        done = [step for step in steps(text, "listen(5), and nobody accepts") if not step.startswith("nothing")]
        self.assertEqual(done[:6], [f"connect {number}: done ────▶" for number in range(1, 7)])
        self.assertEqual(done[6:9], ["connect 7: no answer ───×", "6 wait for accept", "accept: a place is free"])
        self.assertRegex(done[9], "^connect 7: done, asked [2-9] times ────▶$")
        self.assertIn("listen(16), client 7: 7 let in at once", ways(text))

    def test_time_wait(self):
        text = self.shown("time-wait")
        outcomes = dict(re.findall(r"^    (the .*?|SO_.*?)  +(\S.*)$", text.partition("what came of it")[2], re.MULTILINE))
        self.assertEqual(outcomes["the server closes first"], "Address already in use")
        self.assertEqual(outcomes["SO_REUSEADDR in both"], "bound at once")
        self.assertEqual(outcomes["the client closes first"], "bound at once")
        self.assertRegex(" ".join(steps(text, "the server closes first")), r"TIME_WAIT, for \d+ s")


class NotShown(unittest.TestCase):
    """On a machine that behaves otherwise: a network namespace whose kernel is told to."""

    def on_another(self, command, name):
        """The exit code and output of `framespec show` there; None where this machine makes none."""
        own = [] if os.geteuid() == 0 else ["--map-root-user"]
        done = subprocess.run(["unshare", *own, "--net", "--", "/bin/sh", "-c",
                               f'{{ ip link set lo up && {command}; }} || exit {NOT_ALLOWED}; exec "$@"', "sh", FRAMESPEC, "show",
                               name], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        if done.returncode in (1, NOT_ALLOWED):
            self.assertNotEqual(done.stderr, "")  # of unshare or ip: what they were not allowed
            return None
        return done.returncode, done.stdout

    def test_acknowledgements_are_never_late(self):
        seen = self.on_another("ip route replace table local local 127.0.0.1 dev lo src 127.0.0.1 quickack 1", "nagle")
        if seen is not None:
            self.assertEqual(seen[0], 3, seen[1])
            self.assertRegex(seen[1], r"(?m)^  not shown The client's kernel kept the second write back in 0 of 7 runs")

    def test_a_backlog_is_smaller_than_asked_for(self):
        seen = self.on_another("echo 3 > /proc/sys/net/core/somaxconn", "backlog")
        if seen is not None:
            self.assertEqual(seen[0], 3, seen[1])
            self.assertRegex(seen[1], r"(?m)^  not shown listen\(5\), for which the kernel's limit is 3: 4 of 5 clients were let in")


class Captured(unittest.TestCase):
    def setUp(self):
        self.file = Path(self.enterContext(tempfile.TemporaryDirectory())) / "shown.pcapng"

    def packets(self, name):
        """(comment, source port, data, its flags) of each packet in the capture; None where packets may not be seen."""
        done = show(name, "--pcap", self.file)
        if done.returncode == 3 and "packets cannot be seen" in done.stderr:
            self.assertFalse(self.file.exists())
            return None
        self.assertEqual((done.returncode, done.stderr), (0, f"framespec: capture: {self.file}\n"), done.stdout)
        fields = ("frame.comment", "tcp.srcport", "tcp.payload", "tcp.flags", "tcp.ack_raw", "tcp.seq_raw")
        read = subprocess.run(["tshark", "-n", "-r", self.file, "-T", "fields", "-E", "separator=|",
                               *(word for field in fields for word in ("-e", field))], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=DEADLINE_S, check=True)
        rows = [line.split("|") for line in read.stdout.splitlines()]
        return [(comment, int(port), bytes.fromhex(data), int(flags, 16), int(acknowledged), int(sequence))
                for comment, port, data, flags, acknowledged, sequence in rows]

    def test_the_second_write_leaves_behind_the_acknowledgement_of_the_first(self):
        packets = self.packets("nagle")
        if packets is None:
            return
        comments = {packet[0] for packet in packets}
        self.assertEqual(comments, {f"{way}, run {run}" for run in range(1, 8)
                                    for way in ("write, write, read", "one write, read", "TCP_NODELAY", "TCP_QUICKACK")})
        stalled = [packet for packet in packets if packet[0] == "write, write, read, run 1"]
        self.assertEqual([bool(packet[3] & SYN) for packet in stalled[:3]], [True, True, False])
        first, second = (next(at for at, packet in enumerate(stalled) if packet[2] == data) for data in (b"\1\0\0\0", b"\r\n"))
        (acknowledged,) = [packet for packet in stalled[first + 1:second] if packet[1] != stalled[first][1]]
        self.assertEqual((acknowledged[2:5]), (b"", ACK, (stalled[first][5] + 4) % 2**32))
        one = [packet[2] for packet in packets if packet[0] == "one write, read, run 1"]
        self.assertIn(b"\1\0\0\0\r\n", one)

    def test_the_seventh_asks_again(self):
        packets = self.packets("backlog")
        if packets is None:
            return
        asked = {}
        for comment, _, _, flags, *_ in packets:
            asked[comment] = asked.get(comment, 0) + (flags & (SYN | ACK) == SYN)
        self.assertEqual([asked[f"listen(5), client {number}"] for number in range(1, 7)], [1] * 6)
        self.assertGreater(asked["listen(5), client 7"], 1)

    def test_an_interrupted_one_leaves_no_file(self):
        with subprocess.Popen([FRAMESPEC, "show", "cork", "--pcap", self.file], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            # The file is made behind the handler of signals, and a cork takes a second.
            wait_until(lambda: process.poll() is not None or any(
                os.path.basename(entry).isdigit() and str(self.file.parent) in os.readlink(entry)
                for entry in map(str, Path(f"/proc/{process.pid}/fd").iterdir()) if os.path.islink(entry)))
            process.send_signal(signal.SIGINT)
            errors = process.communicate(timeout=DEADLINE_S)[1]
        self.assertEqual(process.returncode, 3, errors)
        self.assertRegex(errors, "interrupted|packets cannot be seen")
        self.assertEqual(list(self.file.parent.iterdir()), [])


class Asked(unittest.TestCase):
    def test_without_a_name_all_are_listed(self):
        done = show()
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()], NAMES)

    def test_what_is_no_use_is_refused(self):
        for arguments in (("glue",), ("--pcap", "x.pcapng"), ("sticky", "nagle"), ("sticky", "--pcap", "/nowhere/x.pcapng")):
            with self.subTest(arguments):
                self.assertEqual(show(*arguments).returncode, 2)

    def test_a_terminal_gets_colours_and_lines_that_fit(self):
        for columns in (60, 80):
            code, text = shown_on("stdout", ("show", "sticky"), columns, {})
            self.assertEqual(code, 0, text)
            plain = re.sub(r"\x1b\[\d+m", "", text)
            self.assertNotEqual(text, plain)
            self.assertLessEqual(max(map(len, plain.splitlines())), columns)
        self.assertNotIn("\x1b", shown_on("stdout", ("show", "sticky"), 60, {"NO_COLOR": "1"})[1])
        self.assertNotIn("\x1b", show("sticky").stdout)


if __name__ == "__main__":
    unittest.main()

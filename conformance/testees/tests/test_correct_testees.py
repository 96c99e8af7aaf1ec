"""The correct testees keep SPEC.md: without them a failing run would not tell whose fault it is."""

import hashlib
import shutil
import socket
import sys
import unittest

from frames import frame, json_frame, json_header, prefix, receive_payload
from started_program import TESTEES, StartedProgram, connect, receive_until_end

PYTHON = TESTEES / "python"
MAX_PAYLOAD = 100_000
SIGNED = ("int32", "int64", "json", "int32be", "int64be")


def testees():
    """(name, dialect, command up to the port) of everything that claims to be correct."""
    limit = ["--max-payload", MAX_PAYLOAD]
    yield "echo_int32be", "int32be", [sys.executable, PYTHON / "echo_int32be.py", *limit]
    for dialect in (*SIGNED, "uint16be"):
        yield "echo_asyncio", dialect, [sys.executable, PYTHON / "echo_asyncio.py",
                                        "--dialect", dialect, *limit]
    for dialect in ("int32", "json", "uint16be", "erlang-packet-1"):
        yield "echo_dialect", dialect, [sys.executable, PYTHON / "echo_dialect.py", "--dialect", dialect, *limit]
    for dialect in ("int32be", "uint16be", "erlang-packet-1"):
        yield "erlang", dialect, [shutil.which("escript") or "escript",
                                  TESTEES / "erlang" / "echo_packet.escript",
                                  "--dialect", dialect, *limit]


def largest_payload(dialect):
    return {"uint16be": 0xFFFF, "erlang-packet-1": 0xFF}.get(dialect, MAX_PAYLOAD)


def deepened(depth):
    """A header with `depth` nested objects and arrays, itself included."""
    return json_header(b"")[:-1] + b', "x": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


GOOD_HEADERS = {
    "white space around the object": b" \r\n\t" + json_header(b"") + b"\n",
    "keys it does not know": json_header(b"", other=[1.5, -2, None, {"total_size": "x"}]),
    "md5 in upper case": json_header(b"", md5=hashlib.md5(b"").hexdigest().upper()),
    "sixteen levels": deepened(16),
}
BAD_HEADERS = {
    "empty": b"",
    "no object": b"[]",
    "bytes behind the object": json_header(b"") + b"{}",
    "byte order mark": b"\xef\xbb\xbf" + json_header(b""),
    "invalid UTF-8": json_header(b"").replace(b"a.bin", b"\xff"),
    "lone surrogate": json_header(b"").replace(b"a.bin", b"\\ud800"),
    "lone surrogate in a key it does not know": json_header(b"")[:-1] + b', "x": "\\udc00"}',
    "no JSON number": json_header(b"")[:-1] + b', "x": NaN}',
    "duplicate key": json_header(b"")[:-1] + b', "md5": ""}',
    "duplicate key, one escaped": json_header(b"")[:-1] + b', "\\u006dd5": ""}',
    "duplicate key deep inside": json_header(b"")[:-1] + b', "x": [{"a": 1, "a": 1}]}',
    "seventeen levels": deepened(17),
    "thousands of levels": deepened(20_000),
    "missing key": b'{"filename": "a", "total_size": 0}',
    "negative size": json_header(b"", total_size=-1),
    "minus zero": json_header(b"").replace(b": 0}", b": -0}"),
    "fraction": json_header(b"", total_size=0.0),
    "exponent": json_header(b"").replace(b": 0}", b": 0e0}"),
    "size as text": json_header(b"", total_size="0"),
    "38 digits": json_header(b"", total_size=int("1" * 38)),
    "5000 digits": json_header(b"").replace(b": 0}", b": " + b"1" * 5000 + b"}"),
    "one more than the limit": json_header(b"", total_size=MAX_PAYLOAD + 1),
    "separator in the file name": json_header(b"", filename="a/b"),
    "backslash in the file name": json_header(b"", filename="a\\b"),
    "dot-dot": json_header(b"", filename=".."),
    "NUL": json_header(b"", filename="a\0"),
    "256 bytes of file name": json_header(b"", filename="é" * 128),
    "md5 one digit short": json_header(b"", md5="0" * 31),
    "md5 that is a number": json_header(b"", md5=0),
    "md5 of something else": json_header(b"", md5="0" * 32),
}


class CorrectTestees(unittest.TestCase):
    def with_each(self, check):
        """Calls check(dialect, port) for every testee, each in a subtest of its own."""
        for name, dialect, command in testees():
            with self.subTest(f"{name} {dialect}"), StartedProgram(*command, 0) as server:
                check(dialect, server.port())

    def assert_alive(self, dialect, port):
        with connect(port) as connection:
            connection.sendall(frame(dialect, b"sentinel"))
            self.assertEqual(receive_payload(connection, dialect), b"sentinel")

    def test_frames_byte_by_byte_and_all_at_once(self):
        def check(dialect, port):
            payloads = [b"hello", b"", bytes(range(255)), b"\r\n\0"]
            stream = b"".join(frame(dialect, payload) for payload in payloads)
            for piece_size in (1, 2, 3, 7, len(stream)):
                with connect(port) as connection:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for start in range(0, len(stream), piece_size):
                        connection.send(stream[start:start + piece_size])
                    for payload in payloads:
                        self.assertEqual(receive_payload(connection, dialect), payload)
                    connection.shutdown(socket.SHUT_WR)
                    self.assertEqual(receive_until_end(connection), b"")

        self.with_each(check)

    def test_the_largest_payload_is_echoed(self):
        def check(dialect, port):
            payload = b"x" * largest_payload(dialect)
            with connect(port) as connection:
                connection.sendall(frame(dialect, payload) + frame(dialect, b"next"))
                self.assertEqual(receive_payload(connection, dialect), payload)
                self.assertEqual(receive_payload(connection, dialect), b"next")

        self.with_each(check)

    def test_a_length_out_of_range_ends_the_connection_after_the_answers_before_it(self):
        def check(dialect, port):
            if dialect not in SIGNED:  # every length that can be written is legal there
                self.assertLess(largest_payload(dialect), MAX_PAYLOAD)
                self.assert_alive(dialect, port)
                return
            too_large = 65537 if dialect == "json" else MAX_PAYLOAD + 1
            for length in (-1, -2**31, too_large, 2**31 - 1):
                with connect(port) as connection:
                    connection.sendall(frame(dialect, b"good") + prefix(dialect, length) + b"tail")
                    self.assertEqual(receive_payload(connection, dialect), b"good")
                    self.assertEqual(receive_until_end(connection), b"")
                self.assert_alive(dialect, port)

        self.with_each(check)

    def test_a_truncated_frame_gets_no_answer(self):
        def check(dialect, port):
            whole = frame(dialect, b"hello")
            for kept in range(len(whole)):
                with connect(port) as connection:
                    connection.sendall(frame(dialect, b"good") + whole[:kept])
                    connection.shutdown(socket.SHUT_WR)
                    self.assertEqual(receive_payload(connection, dialect), b"good")
                    self.assertEqual(receive_until_end(connection), b"")

        self.with_each(check)

    def test_idle_connections_delay_no_other(self):
        def check(dialect, port):
            idle = [connect(port) for _ in range(20)]
            idle[0].sendall(frame(dialect, b"hello")[:-1])
            self.assert_alive(dialect, port)
            for connection in idle:
                connection.close()

        self.with_each(check)

    def test_sigterm_ends_them_beside_an_open_connection(self):
        for name, dialect, command in testees():
            with self.subTest(f"{name} {dialect}"), StartedProgram(*command, 0) as server:
                with connect(server.port()) as connection:
                    connection.sendall(frame(dialect, b"hello"))
                    self.assertEqual(receive_payload(connection, dialect), b"hello")
                    self.assertEqual(server.terminate(), 0, server.stderr())
                    self.assertNotIn("Traceback", server.stderr())

    def test_a_dialect_they_do_not_have_is_exit_code_89(self):
        for command in ([sys.executable, PYTHON / "echo_asyncio.py"],
                        ["escript", TESTEES / "erlang" / "echo_packet.escript"]):
            with StartedProgram(*command, "--dialect", "varint", 0) as server:
                self.assertEqual(server.exit_code(), 89, server.stderr())
                self.assertIn("int32be", server.stderr())
        with StartedProgram(sys.executable, PYTHON / "echo_dialect.py", "--dialect", "nobody-has-it", 0) as server:
            self.assertEqual(server.exit_code(), 89, server.stderr())
            self.assertIn("nobody-has-it", server.stderr())


class JsonHeaders(unittest.TestCase):
    program = "echo_asyncio.py"

    def setUp(self):
        server = StartedProgram(sys.executable, PYTHON / self.program, "--dialect", "json",
                                "--max-payload", MAX_PAYLOAD, 0)
        self.addCleanup(server.__exit__, None, None, None)
        self.port = server.port()

    def test_good_headers_are_answered(self):
        for name, header in GOOD_HEADERS.items():
            with self.subTest(name), connect(self.port) as connection:
                connection.sendall(json_frame(header))
                self.assertEqual(receive_payload(connection, "json"), b"")

    def test_bad_headers_get_no_answer(self):
        for name, header in BAD_HEADERS.items():
            with self.subTest(name), connect(self.port) as connection:
                connection.sendall(frame("json", b"good") + json_frame(header))
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(receive_payload(connection, "json"), b"good")
                self.assertEqual(receive_until_end(connection), b"")


class JsonHeadersWithSelect(JsonHeaders):
    program = "echo_dialect.py"


class MySql(unittest.TestCase):
    HIGHEST = b"\xff\xff\xff"

    def setUp(self):
        server = StartedProgram(sys.executable, PYTHON / "echo_mysql.py", "--max-payload", 17 << 20, 0)
        self.addCleanup(server.__exit__, None, None, None)
        self.port = server.port()

    def assert_echoed(self, message):
        with connect(self.port) as connection:
            connection.sendall(message)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_until_end(connection), message)

    def test_one_packet_is_a_message(self):
        self.assert_echoed(b"\x05\0\0\0hello" b"\0\0\0\1")

    def test_the_highest_length_goes_on_in_the_next_packet(self):
        first = self.HIGHEST + b"\0" + b"x" * 0xFFFFFF
        for last in (b"\0\0\0\1", b"\x03\0\0\1end"):
            self.assert_echoed(first + last)

    def test_a_message_that_does_not_end_gets_no_answer(self):
        with connect(self.port) as connection:
            connection.sendall(self.HIGHEST + b"\0" + b"x" * 0xFFFFFF)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_until_end(connection), b"")

    def test_packets_above_the_limit_together_get_no_answer(self):
        with connect(self.port) as connection:
            connection.sendall(self.HIGHEST + b"\0" + b"x" * 0xFFFFFF + self.HIGHEST + b"\1")
            self.assertEqual(receive_until_end(connection), b"")


if __name__ == "__main__":
    unittest.main()

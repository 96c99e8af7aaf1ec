"""The naive echo server: right for frames that come whole and alone, wrong where it says it is.

Cuts are left to `framespec run`, which can prove that they arrived; here is what needs no cut.
"""

import socket
import unittest

from frames import frame, json_frame, json_header, prefix, receive_payload
from started_program import article, connect, receive_exactly, receive_until_end

DIALECTS = ("int32", "int64", "json")


class NaiveEcho(unittest.TestCase):
    def start(self, dialect):
        server = article("naive_echo", "--dialect", dialect, 0)
        self.addCleanup(server.__exit__, None, None, None)
        return server.port()

    def open(self, port):
        connection = connect(port)
        self.addCleanup(connection.close)
        return connection

    def test_frames_that_come_whole_and_alone_are_echoed(self):
        for dialect in DIALECTS:
            with self.subTest(dialect):
                connection = self.open(self.start(dialect))
                for payload in (b"hello", b"", bytes(range(256)), b"x" * 1024, b"y" * 300_000):
                    connection.sendall(frame(dialect, payload))
                    self.assertEqual(receive_payload(connection, dialect), payload)

    def test_f3_a_frame_that_follows_at_once_is_glued_to_the_first(self):
        for dialect in ("int32", "int64"):
            with self.subTest(dialect):
                connection = self.open(self.start(dialect))
                connection.sendall(frame(dialect, b"hello") + frame(dialect, b"world"))
                self.assertEqual(receive_payload(connection, dialect),
                                 b"hello" + frame(dialect, b"world"))

    def test_e1_a_truncated_frame_is_answered(self):
        for dialect in ("int32", "int64"):
            with self.subTest(dialect):
                connection = self.open(self.start(dialect))
                connection.sendall(frame(dialect, b"hello")[:-2])
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(receive_until_end(connection), frame(dialect, b"hel"))

    def test_b1_a_negative_length_is_answered(self):
        for dialect in ("int32", "int64"):
            with self.subTest(dialect):
                connection = self.open(self.start(dialect))
                connection.sendall(prefix(dialect, -1))
                self.assertEqual(receive_payload(connection, dialect), b"")

    def test_i4_to_i9_a_wrong_json_header_is_answered(self):
        digest = b'"md5": "5d41402abc4b2a76b9719d911017c592"'
        for name, header in {
            "I4": b'{"filename": "a", "filename": "a.bin", ' + digest + b', "total_size": 5}',
            "I6": b'{"filename": "a.bin", ' + digest + b', "total_size": 5e0}',
            "I8": json_header(b"hello", md5="0" * 32),
        }.items():
            with self.subTest(name):
                connection = self.open(self.start("json"))
                connection.sendall(json_frame(header, b"hello"))
                self.assertEqual(receive_payload(connection, "json"), b"hello")
        with self.subTest("I9"):
            connection = self.open(self.start("json"))
            request = json_frame(json_header(b"hello", filename="../a"), b"hello")
            connection.sendall(request)
            self.assertEqual(receive_exactly(connection, len(request)), request)

    def test_a_client_that_breaks_a_rule_does_not_end_the_server(self):
        port = self.start("json")
        for request in (json_frame(b"{"), prefix("json", -1), b"\x05\x00"):
            connection = connect(port)
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(receive_until_end(connection), b"")
            connection.close()
        connection = self.open(port)
        connection.sendall(frame("json", b"hello"))
        self.assertEqual(receive_payload(connection, "json"), b"hello")

    def test_a_dialect_that_it_does_not_have_is_exit_code_89(self):
        with article("naive_echo", "--dialect", "varint", 0) as server:
            self.assertEqual(server.exit_code(), 89)
            self.assertIn("int32, int64, json", server.stderr())


if __name__ == "__main__":
    unittest.main()

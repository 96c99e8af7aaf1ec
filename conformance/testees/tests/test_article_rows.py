"""Rows 1 to 4 and 6 to 8: the article's servers and clients with one another."""

import json
import socket
import struct
import sys
import unittest

from started_program import (
    DEADLINE_S, TESTEES, StartedProgram, article, connect, receive_exactly)

REMOTE_COMMANDS = ("unframed", "int32", "int64", "json")
LONG_REPLY_COMMAND = "seq 1 400"  # 1492 bytes: more than one recv(1024) takes
LONG_REPLY = "".join(f"{number}\n" for number in range(1, 401))


def reset(connection):
    """Closes with RST, as a client that crashed would."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class EchoRows(unittest.TestCase):
    def test_row_1_echoes_once_and_both_end(self):
        with article("one_shot_server", 0) as server:
            with article("one_shot_client", server.port(), "grüße") as client:
                self.assertEqual(client.rest(), "grüße\n")
            self.assertEqual(server.exit_code(), 0, server.stderr())

    def test_row_2_answers_many_messages_on_one_connection(self):
        with article("communication_loop_server", 0) as server:
            with article("communication_loop_client", server.port()) as client:
                for message in ("hello", "world", "musibii"):
                    client.type_line(message)
                    self.assertEqual(client.line(), message.upper())
                client.end_input()
                self.assertEqual(client.exit_code(), 0, client.stderr())
            self.assertEqual(server.line(), "client closed")
            self.assertEqual(server.exit_code(), 0, server.stderr())

    def test_row_2_survives_a_reset(self):
        with article("communication_loop_server", 0) as server:
            connection = connect(server.port())
            connection.send(b"hello")
            self.assertEqual(receive_exactly(connection, 5), b"HELLO")
            reset(connection)
            self.assertEqual(server.line(), "client reset")
            self.assertEqual(server.exit_code(), 0, server.stderr())

    def test_row_3_serves_the_next_client_after_a_close_and_after_a_reset(self):
        with article("connection_loop_server", 0) as server:
            port = server.port()
            for end in (socket.socket.close, reset, socket.socket.close):
                connection = connect(port)
                connection.send(b"hello")
                self.assertEqual(receive_exactly(connection, 5), b"HELLO")
                end(connection)
            self.assertTrue(server.is_running(), server.stderr_so_far())

    def test_row_3_client_program_counts_one_served_and_five_queued(self):
        with article("connection_loop_server", 0) as server:
            with article("connection_loop_clients", server.port()) as clients:
                self.assertEqual(clients.rest().splitlines(), [
                    "served: CLIENT 1", "connected and queued: 5",
                    "served: CLIENT 2", "served: CLIENT 3", "served: CLIENT 4",
                    "served: CLIENT 5", "served: CLIENT 6"])


class RemoteCommandRows(unittest.TestCase):
    def test_stdout_comes_before_stderr(self):
        for kind in REMOTE_COMMANDS:
            with self.subTest(kind), article(f"remote_command_{kind}_server", 0) as server:
                with article(f"remote_command_{kind}_client", server.port()) as client:
                    client.type_line("echo to stderr >&2; echo to stdout")
                    self.assertEqual(client.line(), "to stdout")
                    self.assertEqual(client.line(), "to stderr")

    def test_row_4_a_reply_over_1024_bytes_sticks_to_the_next(self):
        with article("remote_command_unframed_server", 0) as server:
            with article("remote_command_unframed_client", server.port()) as client:
                client.type_line(LONG_REPLY_COMMAND)
                client.type_line("true")  # writes nothing, so all that follows is the first reply's
                client.end_input()
                self.assertEqual(client.rest(), LONG_REPLY)

    def test_row_4_one_receive_takes_1024_bytes_of_the_reply(self):
        with article("remote_command_unframed_server", 0) as server:
            with article("remote_command_unframed_client", server.port()) as client:
                client.type_line(LONG_REPLY_COMMAND)
                client.end_input()
                self.assertEqual(client.rest(), LONG_REPLY[:1024])

    def test_rows_6_to_8_a_long_reply_is_whole_and_the_next_one_is_its_own(self):
        for kind in ("int32", "int64", "json"):
            with self.subTest(kind), article(f"remote_command_{kind}_server", 0) as server:
                with article(f"remote_command_{kind}_client", server.port()) as client:
                    client.type_line(LONG_REPLY_COMMAND)
                    client.type_line("echo next")
                    client.end_input()
                    self.assertEqual(client.rest(), LONG_REPLY + "next\n")
                    self.assertEqual(client.exit_code(), 0, client.stderr())

    def test_rows_6_to_8_an_empty_reply_is_a_frame_too(self):
        for kind in ("int32", "int64", "json"):
            with self.subTest(kind), article(f"remote_command_{kind}_server", 0) as server:
                with article(f"remote_command_{kind}_client", server.port()) as client:
                    client.type_line("true")
                    client.type_line("echo next")
                    client.end_input()
                    self.assertEqual(client.rest(), "next\n")

    def test_a_server_goes_on_after_its_client_has_gone(self):
        for kind in REMOTE_COMMANDS:
            with self.subTest(kind), article(f"remote_command_{kind}_server", 0) as server:
                port = server.port()
                reset(connect(port))
                with article(f"remote_command_{kind}_client", port) as client:
                    client.type_line("echo still here")
                    self.assertEqual(client.line(), "still here")


class RepliesOnTheWire(unittest.TestCase):
    """What a client in another language has to read, byte for byte, on a little-endian machine."""

    def reply(self, kind, size):
        with article(f"remote_command_{kind}_server", 0) as server:
            with connect(server.port()) as connection:
                connection.send(b"printf hello")
                return receive_exactly(connection, size)

    def test_row_4_is_bare(self):
        self.assertEqual(self.reply("unframed", 5), b"hello")

    def test_row_6_has_four_bytes_of_length(self):
        self.assertEqual(self.reply("int32", 9).hex(" "), "05 00 00 00 68 65 6c 6c 6f")

    def test_row_7_has_eight_bytes_of_length(self):
        self.assertEqual(self.reply("int64", 13).hex(" "),
                         "05 00 00 00 00 00 00 00 68 65 6c 6c 6f")

    def test_row_8_has_a_header_with_a_constant_md5_and_file_name(self):
        header = (b'{"filename": "musibii.jpg", "md5": "165069c8f668edb6b48f208f7a5c6a00", '
                  b'"total_size": 5}')
        reply = self.reply("json", 4 + len(header) + 5)
        self.assertEqual(reply, struct.pack("<i", len(header)) + header + b"hello")

    def test_row_8_client_reads_only_total_size(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(DEADLINE_S)
            with article("remote_command_json_client", listener.getsockname()[1]) as client:
                client.type_line("anything")
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(DEADLINE_S)
                    self.assertEqual(receive_exactly(connection, 8), b"anything")
                    header = json.dumps({"total_size": 6, "other": None}).encode()
                    connection.sendall(struct.pack("<i", len(header)) + header + b"hello\n")
                    self.assertEqual(client.line(), "hello")


class WhatFits(unittest.TestCase):
    def test_row_7_eleven_digits_fit_into_q_and_not_into_i(self):
        with StartedProgram(sys.executable, TESTEES / "article" / "what_fits.py") as program:
            eleven, thirty_eight = program.rest().split("length ")[1:]
        self.assertIn("'i'   does not fit", eleven)
        self.assertIn("'q'   c7 19 46 96 02 00 00 00", eleven)
        self.assertIn("'i'   does not fit", thirty_eight)
        self.assertIn("'q'   does not fit", thirty_eight)
        self.assertIn('{"total_size": 11111111111111111111111111111111111111}', thirty_eight)


class CommandLine(unittest.TestCase):
    def programs(self):
        return sorted(path for path in (TESTEES / "article").glob("*.py")
                      if path.name not in ("endpoint.py", "remote_command.py"))

    def test_every_program_has_a_help_that_names_its_row(self):
        self.assertEqual(len(self.programs()), 18)
        for path in self.programs():
            with self.subTest(path.name), StartedProgram(sys.executable, path, "--help") as program:
                self.assertRegex(program.rest(), "Rows? [1-8]|naive echo server")
                self.assertEqual(program.exit_code(), 0)

    def test_every_server_ends_on_sigterm(self):
        for path in self.programs():
            if not path.stem.endswith(("_server", "_receiver", "naive_echo")):
                continue
            with self.subTest(path.name), StartedProgram(sys.executable, path, "0") as server:
                server.port()
                self.assertEqual(server.terminate(), 0, server.stderr())

    def test_a_bad_port_is_a_usage_error(self):
        for port in ("65536", "-1", "http"):
            with self.subTest(port), article("one_shot_server", port) as server:
                self.assertEqual(server.exit_code(), 2)
                self.assertIn("port", server.stderr())

    def test_sigterm_does_not_wait_for_a_running_command(self):
        with article("remote_command_int32_server", 0) as server:
            with connect(server.port()) as connection:
                connection.send(b"kill -TERM $PPID; exec tail -f /dev/null")
                self.assertEqual(server.exit_code(), 0, server.stderr())


if __name__ == "__main__":
    unittest.main()

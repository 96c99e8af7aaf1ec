#!/usr/bin/env python3
"""The article's clients, rows 1 to 8, against framespec-server.

    article_clients_test.py SERVER CLIENTS_FOLDER
"""

import pathlib
import subprocess
import sys
import unittest

PATIENCE_S = 60
REFUSAL = "framespec-server: this command is not allowed here\n"


class Server:
    """framespec-server on a free port, ended with the `with` block."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [SERVER, "--listen", "127.0.0.1:0", "--request", "raw", "--quiet", *options],
            stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise AssertionError(f"the server does not listen; it wrote {line!r}")
        return line.strip().rpartition(":")[2]

    def __exit__(self, *_):
        self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        if code != 0:
            raise AssertionError(f"the server ended with exit code {code}")


def output_of(client, port, *arguments, typed=""):
    done = subprocess.run([sys.executable, CLIENTS / client, port, *arguments], input=typed,
                          capture_output=True, text=True, timeout=PATIENCE_S)
    if done.returncode != 0:
        raise AssertionError(f"{client} ended with {done.returncode}: {done.stderr}")
    return done.stdout


class ArticleClients(unittest.TestCase):
    def test_row_1_one_shot_echo(self):
        with Server("--reply", "raw") as port:
            self.assertEqual(output_of("one_shot_client.py", port, "hello"), "hello\n")

    def test_row_2_communication_loop(self):
        with Server("--reply", "raw", "--service", "upper") as port:
            said = output_of("communication_loop_client.py", port, typed="hello\nworld\n")
            self.assertEqual(said, "HELLO\nWORLD\n")

    def test_row_3_connection_loop_with_its_queue(self):
        served_one_at_a_time = ("--max-connections", "1", "--backlog", "5")
        with Server("--reply", "raw", "--service", "upper", *served_one_at_a_time) as port:
            lines = output_of("connection_loop_clients.py", port).splitlines()
            self.assertEqual(lines[:2], ["served: CLIENT 1", "connected and queued: 5"])
            self.assertEqual(lines[2:], [f"served: CLIENT {number}" for number in range(2, 7)])

    def test_row_4_remote_command_without_framing(self):
        with Server("--reply", "raw", "--service", "exec", "--exec-allow", "echo one; echo two >&2") as port:
            said = output_of("remote_command_unframed_client.py", port,
                             typed="echo one; echo two >&2\nrm -r /\n")
            self.assertEqual(said, "one\ntwo\n" + REFUSAL)

    def test_row_5_sticky_sender(self):
        with Server("--reply", "raw") as port:
            output_of("sticky_sender.py", port)

    def test_rows_6_to_8_remote_command_with_a_prefix_or_header(self):
        many_lines = "seq 1 3000"  # more than one receive of the client
        for dialect in ("int32", "int64", "json"):
            with self.subTest(dialect), Server(
                    "--dialect", dialect, "--service", "exec", "--exec-allow-program", "seq",
                    "--exec-allow", "echo one; echo two >&2") as port:
                said = output_of(f"remote_command_{dialect}_client.py", port,
                                 typed=f"echo one; echo two >&2\n{many_lines}\nrm -r /\n")
                numbers = "".join(f"{number}\n" for number in range(1, 3001))
                self.assertEqual(said, "one\ntwo\n" + numbers + REFUSAL)


if __name__ == "__main__":
    SERVER, CLIENTS = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])

"""Row 3: what listen(5) means, seen in the kernel's own figures."""

import select
import socket
import sys
import unittest
from pathlib import Path

from started_program import DEADLINE_S, article, connect, receive_exactly, wait_until

LISTEN, SYN_SENT = 0x0A, 0x02
BACKLOG = 5
LOOPBACK = f"{int.from_bytes(socket.inet_aton('127.0.0.1'), sys.byteorder):08X}"


def queued(port):
    """How many connections to 127.0.0.1:PORT wait for accept.

    Nothing where the listening socket is not in the list: sockets of others come and go while the
    kernel writes it, and may then hide a line of it.
    """
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        _, local, _, state, queues = line.split()[:5]
        if local == f"{LOOPBACK}:{port:04X}" and int(state, 16) == LISTEN:
            return int(queues.split(":")[1], 16)  # of a listening socket the receive queue
    return None


def state_of(connection):
    """As the kernel tells it of this socket alone: the first byte of struct tcp_info."""
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]


class Backlog(unittest.TestCase):
    def setUp(self):
        server = article("connection_loop_server", 0)
        self.addCleanup(server.__exit__, None, None, None)
        self.port = server.port()
        self.opened = []
        self.addCleanup(lambda: [connection.close() for connection in self.opened])

    def open_and_speak(self, count):
        for _ in range(count):
            connection = connect(self.port)
            connection.send(b"hello")
            self.opened.append(connection)

    def wait_until_queued(self, count):
        wait_until(lambda: queued(self.port) == count, f"{count} connections in the listen queue")

    def assert_served(self, connection):
        self.assertEqual(receive_exactly(connection, 5), b"HELLO")

    def test_one_is_served_and_five_are_queued(self):
        self.open_and_speak(1)
        self.assert_served(self.opened[0])
        self.open_and_speak(BACKLOG)
        self.wait_until_queued(BACKLOG)
        for connection in self.opened[1:]:
            connection.setblocking(False)
            with self.assertRaises(BlockingIOError):
                connection.recv(1)

    def test_each_close_lets_the_next_one_in(self):
        self.open_and_speak(1 + BACKLOG)
        for number, connection in enumerate(self.opened):
            self.assert_served(connection)
            self.wait_until_queued(BACKLOG - number)
            connection.close()

    def test_linux_queues_one_more_and_the_next_gets_no_answer_until_a_seat_is_free(self):
        self.open_and_speak(1)
        self.assert_served(self.opened[0])
        self.open_and_speak(BACKLOG + 1)
        self.wait_until_queued(BACKLOG + 1)

        late = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.opened.append(late)
        late.setblocking(False)
        with self.assertRaises(BlockingIOError):
            late.connect(("127.0.0.1", self.port))
        self.assertEqual(state_of(late), SYN_SENT)

        self.opened[0].close()
        for connection in self.opened[1:-1]:
            self.assert_served(connection)
            connection.close()
        _, connected, _ = select.select([], [late], [], DEADLINE_S)  # its SYN is repeated after 1 s
        self.assertEqual(connected, [late], "the late connection was never completed")
        late.settimeout(DEADLINE_S)
        late.send(b"hello")
        self.assert_served(late)


if __name__ == "__main__":
    unittest.main()

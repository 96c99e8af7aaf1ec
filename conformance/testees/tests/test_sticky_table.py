"""Row 5: the table of the sticky demonstration comes out as printed in the article."""

import socket
import unittest

from started_program import article, connect


class StickyTable(unittest.TestCase):
    def test_four_writes_and_reads_of_5_5_10_5(self):
        with article("sticky_receiver", 0) as receiver:
            with article("sticky_sender", receiver.port()) as sender:
                self.assertEqual(sender.exit_code(), 0, sender.stderr())
            self.assertEqual(receiver.rest(), "hello\nworld\nmusibii1\n\n")
            self.assertEqual(receiver.exit_code(), 0, receiver.stderr())

    def test_one_write_gives_the_same_table(self):
        with article("sticky_receiver", 0) as receiver:
            with connect(receiver.port()) as connection:
                connection.sendall(b"helloworldmusibii1")
            self.assertEqual(receiver.rest(), "hello\nworld\nmusibii1\n\n")

    def test_eighteen_writes_give_the_same_table(self):
        with article("sticky_receiver", 0) as receiver:
            with connect(receiver.port()) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for byte in b"helloworldmusibii1":
                    connection.send(bytes([byte]))
            self.assertEqual(receiver.rest(), "hello\nworld\nmusibii1\n\n")

    def test_as_it_comes_reads_the_same_bytes_in_the_same_order(self):
        with article("sticky_receiver", 0, "--as-it-comes") as receiver:
            with article("sticky_sender", receiver.port()):
                text = receiver.rest()
            self.assertEqual("helloworldmusibii1".find(text.replace("\n", "")), 0, text)
            self.assertEqual(text.count("\n"), 4, text)


if __name__ == "__main__":
    unittest.main()

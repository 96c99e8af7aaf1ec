"""`framespec record`: what passes through its proxy, and what it makes of streams."""

import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from contextlib import closing, suppress
from pathlib import Path

from framespec_process import DEADLINE_S, FRAMESPEC
from recorded import head_of, turns_of
from recording_proxy import Proxy, accepted, address_of, free_port, listener, receive, send_reset


class ThroughAProxy(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(listener())

    def test_a_greeting_and_turns_however_they_are_cut(self):
        with Proxy(address_of(self.server), "--title", "a talk") as proxy:
            with proxy.connect() as client, accepted(self.server) as service:
                service.sendall(b"hello\n")
                self.assertEqual(receive(client, 6), b"hello\n")
                for piece in (b"a", b"b"):
                    client.sendall(piece)
                    self.assertEqual(receive(service, 1), piece)
                for piece in (b"\x00", b"\xff"):
                    service.sendall(piece)
                    self.assertEqual(receive(client, 1), piece)
                client.sendall(b"quit")
                self.assertEqual(receive(service, 4), b"quit")
                service.close()
                self.assertEqual(client.recv(1), b"")
            self.assertEqual(proxy.end(), "")
            self.assertEqual(proxy.turns(), [("answer", b"hello\n"), ("send", b"ab"), ("answer", b"\x00\xff"), ("send", b"quit")])
            head = head_of(proxy.file.read_text())
            self.assertEqual(head["title"], "a talk")
            self.assertTrue(head["origin"]["tool"].startswith("framespec "), head)
            self.assertEqual(list(proxy.file.parent.iterdir()), [proxy.file])

    def test_a_half_close_is_passed_on_and_recorded(self):
        with Proxy(address_of(self.server)) as proxy:
            with proxy.connect() as client, accepted(self.server) as service:
                client.sendall(b"all")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(receive(service, 3), b"all")
                self.assertEqual(service.recv(1), b"")
                service.sendall(b"answer")
                service.close()
                self.assertEqual(receive(client, 6), b"answer")
                self.assertEqual(client.recv(1), b"")
            proxy.end()
            self.assertEqual(proxy.turns(), [("send", b"all"), ("finish", b""), ("answer", b"answer")])

    def test_a_half_close_of_the_service_is_passed_on(self):
        with Proxy(address_of(self.server)) as proxy:
            with proxy.connect() as client, accepted(self.server) as service:
                service.sendall(b"bye")
                service.shutdown(socket.SHUT_WR)
                self.assertEqual(receive(client, 3), b"bye")
                self.assertEqual(client.recv(1), b"")
                client.sendall(b"late")
                self.assertEqual(receive(service, 4), b"late")
                client.close()
                self.assertEqual(service.recv(1), b"")
            proxy.end()
            self.assertEqual(proxy.turns(), [("answer", b"bye"), ("send", b"late")])

    def test_a_reset_of_either_side_reaches_the_other(self):
        for resets_client in (True, False):
            with self.subTest(resets_client=resets_client), Proxy(address_of(self.server)) as proxy:
                with proxy.connect() as client, accepted(self.server) as service:
                    client.sendall(b"ask")
                    self.assertEqual(receive(service, 3), b"ask")
                    service.sendall(b"part")
                    self.assertEqual(receive(client, 4), b"part")
                    send_reset(client if resets_client else service)
                    with self.assertRaises(ConnectionResetError):
                        (service if resets_client else client).recv(1)
                proxy.end()
                self.assertEqual(proxy.turns(), [("send", b"ask"), ("answer", b"part")])

    def test_what_is_not_read_is_not_taken(self):
        size = 48 << 20
        with Proxy(address_of(self.server)) as proxy:
            with proxy.connect() as client, accepted(self.server) as service:
                client.setblocking(False)
                taken = 0
                # No time is waited for: it is enough that the sender is stopped before all is said.
                with self.assertRaises(BlockingIOError):
                    while taken < size:
                        taken += client.send(bytes(1 << 16))
                client.setblocking(True)
                client.settimeout(DEADLINE_S)
                sender = threading.Thread(target=lambda: (client.sendall(bytes(size - taken)), client.shutdown(socket.SHUT_WR)))
                sender.start()
                self.assertEqual(receive(service, size).count(0), size)
                self.assertEqual(service.recv(1), b"")
                sender.join()
                service.close()
            proxy.end()
            self.assertEqual([(what, len(said)) for what, said in proxy.turns()], [("send", size), ("finish", 0)])

    def test_more_than_is_kept_is_refused(self):
        with Proxy(address_of(self.server)) as proxy:
            with proxy.connect() as client, accepted(self.server) as service:
                reader = threading.Thread(target=lambda: drain(service))
                reader.start()
                with self.assertRaises(OSError):
                    while True:
                        client.sendall(bytes(1 << 20))
                reader.join()
            self.assertIn("more than 64 MiB", proxy.end(code=3))
            self.assertFalse(proxy.file.exists())

    def test_a_service_that_is_not_there(self):
        place = address_of(self.server)
        self.server.close()
        with Proxy(place) as proxy:
            with proxy.connect() as client, self.assertRaises(ConnectionResetError):
                client.recv(1)
            self.assertEqual(proxy.end(code=3), f"framespec: cannot connect to {place}: Connection refused\n")
            self.assertFalse(proxy.file.exists())

    def test_a_signal_ends_it_with_what_came_until_then(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number), Proxy(address_of(self.server)) as proxy:
                with proxy.connect() as client, accepted(self.server) as service:
                    client.sendall(b"ask")
                    self.assertEqual(receive(service, 3), b"ask")
                    proxy.process.send_signal(number)
                    self.assertIn("interrupted", proxy.end())
                    with self.assertRaises(ConnectionResetError):
                        client.recv(1)
                self.assertEqual(proxy.turns(), [("send", b"ask")])

    def test_nothing_recorded_is_no_recording(self):
        with Proxy(address_of(self.server)) as proxy:
            proxy.process.send_signal(signal.SIGINT)
            self.assertIn("nothing was recorded: no connection number 1 came to 127.0.0.1:", proxy.end(code=3))
            self.assertFalse(proxy.file.exists())
        with Proxy(address_of(self.server)) as proxy:
            with proxy.connect(), accepted(self.server):
                proxy.process.send_signal(signal.SIGINT)
                self.assertIn("nothing was recorded: not a byte was said on connection 1", proxy.end(code=3))

    def test_a_connection_without_a_byte_is_not_counted(self):
        for number in (1, 2):
            with self.subTest(number=number), Proxy(address_of(self.server), "--connection", str(number)) as proxy:
                for each in range(1, number):
                    self.say(proxy, each)
                    self.assertEqual(proxy.next_line(), f"framespec: connection {each} is passed on, and not recorded\n")
                proxy.connect().close()
                accepted(self.server).close()
                self.assertIn(f"connection {number} ended without a byte, and is not counted", proxy.next_line())
                self.say(proxy, number)
                self.assertEqual(proxy.end(), "")
                self.assertEqual(proxy.turns(), [("send", b"from %d" % number), ("finish", b"")])

    def test_one_that_came_while_it_was_open_is_recorded_from_its_beginning(self):
        with Proxy(address_of(self.server)) as proxy:
            probe = self.enterContext(proxy.connect())
            probed = self.enterContext(accepted(self.server))
            with proxy.connect() as client, accepted(self.server) as service:
                self.assertIn("connection 2 is passed on", proxy.next_line())
                client.sendall(b"first")
                self.assertEqual(receive(service, 5), b"first")
                probe.close()
                probed.close()
                self.assertIn("connection 1 ended without a byte", proxy.next_line())
                client.sendall(b"more")
                self.assertEqual(receive(service, 4), b"more")
            self.assertEqual(proxy.end(), "")
            self.assertEqual(proxy.turns()[0], ("send", b"firstmore"))

    def say(self, proxy, number):
        with proxy.connect() as client, accepted(self.server) as service:
            client.sendall(b"from %d" % number)
            self.assertEqual(receive(service, 6), b"from %d" % number)
            client.close()
            self.assertEqual(service.recv(1), b"")

    def test_one_that_leads_to_itself_is_refused(self):
        port = free_port()
        for listen, to in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("127.0.0.1", "0.0.0.0"), ("0.0.0.0", "0.0.0.0")):
            with self.subTest(listen=listen, to=to):
                done = subprocess.run([FRAMESPEC, "record", "--listen", f"{listen}:{port}", "--to", f"{to}:{port}", "-o", "-"],
                                      capture_output=True, text=True, timeout=DEADLINE_S, check=False)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done)
                self.assertIn(f"--to {to}:{port} is where the proxy itself listens", done.stderr)

    def test_a_chain_that_leads_back_is_told(self):
        """Through another proxy, which is the service."""
        with Proxy(address_of(self.server)) as other:
            port = other.place[1]
        with closing(socket.create_server(("127.0.0.1", 0))) as first:
            place = address_of(first)
        chain = [subprocess.Popen([FRAMESPEC, "record", "--listen", listen, "--to", to, "-o", "-"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True) for listen, to in ((place, f"127.0.0.1:{port}"), (f"127.0.0.1:{port}", place))]
        try:
            for proxy in chain:
                self.assertIn("listening on", proxy.stderr.readline())
            host, number = place.rsplit(":", 1)
            with socket.create_connection((host, int(number)), timeout=DEADLINE_S) as client:
                client.settimeout(DEADLINE_S)
                with suppress(ConnectionResetError):
                    self.assertEqual(client.recv(1), b"")
            # One sees it. If the other one does not, it has seen connections without a byte, and waits for one that says something.
            ends = {os.pidfd_open(proxy.pid): proxy for proxy in chain}
            ended = select.select(list(ends), [], [], DEADLINE_S)[0]
            self.assertTrue(ended)
            for end, proxy in ends.items():
                os.close(end)
                if end not in ended:
                    proxy.terminate()
            told = [proxy.communicate(timeout=DEADLINE_S)[1] for proxy in chain]
            self.assertTrue(any("seems to lead back to --listen" in each for each in told), told)
            self.assertEqual({proxy.returncode for proxy in chain}, {3}, told)
        finally:
            for proxy in chain:
                proxy.kill()
                proxy.wait()

    def test_of_two_connections_one_is_recorded(self):
        for recorded in (1, 2):
            with self.subTest(recorded=recorded), Proxy(address_of(self.server), "--connection", str(recorded)) as proxy:
                clients, services = [], []
                for number in (1, 2):
                    clients.append(self.enterContext(proxy.connect()))
                    services.append(self.enterContext(accepted(self.server)))
                    if number != recorded:
                        self.assertEqual(proxy.next_line(), f"framespec: connection {number} is passed on, and not recorded\n")
                for number in (0, 1):
                    clients[number].sendall(b"from %d" % number)
                    self.assertEqual(receive(services[number], 6), b"from %d" % number)
                clients[recorded - 1].close()
                self.assertEqual(services[recorded - 1].recv(1), b"")
                services[recorded - 1].close()
                self.assertEqual(proxy.end(), "framespec: 1 other connection was ended with the recording\n")
                self.assertEqual(proxy.turns(), [("send", b"from %d" % (recorded - 1)), ("finish", b"")])

    def test_a_unix_socket_and_an_older_file(self):
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
            server.bind(f"{folder}/service")
            server.listen()
            server.settimeout(DEADLINE_S)
            with Proxy(f"unix:{folder}/service") as proxy:
                proxy.file.write_text("older")
                with proxy.connect() as client, accepted(server) as service:
                    client.sendall(b"ask")
                    self.assertEqual(receive(service, 3), b"ask")
                    self.assertEqual(proxy.file.read_text(), "older")
                    service.sendall(b"x" * 300000)
                    service.close()
                    self.assertEqual(receive(client, 300000), b"x" * 300000)
                    self.assertEqual(client.recv(1), b"")
                proxy.end()
                self.assertEqual(proxy.turns(), [("send", b"ask"), ("answer", b"x" * 300000)])


def drain(connection):
    try:
        while connection.recv(1 << 20):
            pass
    except OSError:
        pass


def record(*arguments, stdin=b""):
    return subprocess.run([FRAMESPEC, "record", *map(str, arguments)], input=stdin, capture_output=True, timeout=DEADLINE_S, check=False)


class OfAStream(unittest.TestCase):
    def test_a_file_and_standard_input_are_one_request(self):
        with tempfile.TemporaryDirectory() as folder:
            stream = Path(folder) / "stream"
            stream.write_bytes(b"PING\r\n\x00")
            talk = Path(folder) / "talk"
            done = record("--stream", stream, "-o", talk)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))
            piped = record("--stream", "-", "-o", "-", stdin=stream.read_bytes())
            self.assertEqual((piped.returncode, piped.stderr), (0, b""))
            for text in (talk.read_text(), piped.stdout.decode()):
                self.assertEqual(turns_of(text), [("send", b"PING\r\n\x00")])

    def test_what_is_no_stream(self):
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "talk"
            empty = Path(folder) / "empty"
            empty.touch()
            for stream, why in ((empty, "is empty"), ("/no/such", "No such file"), (folder, "directory"), ("/dev/zero", "more than 64 MiB")):
                done = record("--stream", stream, "-o", output)
                self.assertEqual((done.returncode, done.stdout, done.stderr.count(b"\n")), (2, b"", 1), done)
                self.assertIn(why, done.stderr.decode())
                self.assertFalse(output.exists())
            done = record("--stream", empty, "-o", empty)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"would replace", done.stderr)


class Usage(unittest.TestCase):
    def test_mistakes_on_the_command_line(self):
        for arguments, why in (((), "-o"), (("-o", "x"), "needs one of"), (("--listen", "127.0.0.1:0", "-o", "x"), "--listen needs --to"),
                               (("--listen", "127.0.0.1:0", "--to", "nonsense", "-o", "x"), "--to: \"nonsense\" is not an address"),
                               (("--listen", "127.0.0.1:0", "--to", "127.0.0.1:0", "-o", "x"), "the port is a number from 1"),
                               (("--listen", "unix:/x", "--to", "127.0.0.1:1", "-o", "x"), "write HOST:PORT"),
                               (("--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", "--stream", "x", "-o", "x"), "needs one of"),
                               (("--stream", "x", "--connection", "2", "-o", "x"), "--listen"),
                               (("--stream", "x", "-o", "/no/such/folder/x"), "-o: the recording cannot be written to")):
            with self.subTest(arguments=arguments):
                done = record(*arguments)
                self.assertEqual((done.returncode, done.stdout, done.stderr.count(b"\n")), (2, b"", 1), done)
                self.assertIn(why, done.stderr.decode())


if __name__ == "__main__":
    unittest.main()

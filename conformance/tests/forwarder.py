"""A forwarder for int32 that passes whole frames on: whatever is behind it never meets a cut."""

import socket
import struct
import threading

from small_server import receive


def pass_frames_on(source, sink):
    try:
        while True:
            prefix = receive(source, 4)
            (size,) = struct.unpack("<i", prefix)
            sink.sendall(prefix + receive(source, size) if 0 <= size <= 16 << 20 else prefix)
    except (EOFError, OSError):
        pass
    for sock in (source, sink):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is gone already


def forward(client, to_port):
    with client, socket.create_connection(("127.0.0.1", to_port)) as server:
        for sock in (client, server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=pass_frames_on, args=(server, client), daemon=True)
        back.start()
        pass_frames_on(client, server)
        back.join()


class Forwarder:
    """Serves in threads of this process, until the process ends."""

    def __init__(self):
        self.control = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.control_port = self.control.getsockname()[1]
        threading.Thread(target=self.take_orders, daemon=True).start()

    def take_orders(self):
        """Each connection to the control port says 'PORT TO_PORT'."""
        while True:
            client, _ = self.control.accept()
            with client, client.makefile() as lines:
                port, to_port = map(int, lines.readline().split())
            self.listen(port, to_port)

    def listen(self, port, to_port):
        listener = socket.create_server(("127.0.0.1", port), backlog=128)
        threading.Thread(target=self.serve, args=(listener, to_port), daemon=True).start()
        return listener.getsockname()[1]

    @staticmethod
    def serve(listener, to_port):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=forward, args=(client, to_port), daemon=True).start()

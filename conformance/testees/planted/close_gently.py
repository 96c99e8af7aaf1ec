"""How the servers of these tests end a connection."""

import socket

RECEIVE_SIZE = 64 * 1024


def close_gently(sock):
    """Lets the answers already sent arrive: a close over unread bytes would reset the connection."""
    try:
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(1)
        while sock.recv(RECEIVE_SIZE):
            pass
    except OSError:
        pass
    sock.close()

"""How the servers of these tests end a connection."""

import socket

RECEIVE_SIZE = 64 * 1024


def close_gently(sock, limit_s=1):
    """Lets the answers already sent arrive: a close over unread bytes would reset the connection. `limit_s`: how long the
    peer's end is waited for after each of its bytes; None: for ever."""
    try:
        sock.shutdown(socket.SHUT_WR)
        sock.settimeout(limit_s)
        while sock.recv(RECEIVE_SIZE):
            pass
    except OSError:
        pass
    sock.close()

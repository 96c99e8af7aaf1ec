"""What framespec writes to a terminal."""

import fcntl
import os
import pty
import struct
import subprocess
import termios

from framespec_process import DEADLINE_S, FRAMESPEC


def shown_on(stream, arguments, columns, env):
    """The exit code, and all that is written to `stream` ("stdout" or "stderr"), which is a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", 40, columns, 0, 0))
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {stream: theirs}
    with subprocess.Popen([FRAMESPEC, *map(str, arguments)], stdin=subprocess.DEVNULL, env=os.environ | {"TERM": "xterm"} | env,
                          **streams) as process:
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 1 << 16):
                written += piece
        except OSError:  # EIO: everybody has closed it
            pass
        process.wait(DEADLINE_S)
    os.close(ours)
    return process.returncode, written.decode()

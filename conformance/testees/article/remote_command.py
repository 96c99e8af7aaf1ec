"""Rows 4, 6, 7 and 8: runs the command of a request, the one thing these four servers share.

Defects kept: stdout is read to its end before stderr, so a command that writes more than a pipe
holds (64 KiB) to stderr stops for ever, and the server with it; a command that is not UTF-8 ends
the server.
"""

import subprocess


def run(command):
    """Gives (stdout, stderr) of `sh -c command`, both as bytes."""
    child = subprocess.Popen(command.decode("utf-8"), shell=True, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    stdout, stderr = child.stdout.read(), child.stderr.read()
    child.wait()
    return stdout, stderr

"""What every program here needs in order to be started by a test: a port on its
command line, one line that tells the port it got, and an orderly end on SIGTERM.

The sockets themselves are opened in each program, where the reader wants to see them.
"""

import argparse
import signal
import sys

RECEIVE_SIZE = 1024  # the one size the programs use for every read of unknown length


def arguments(doc, more=None):
    """Parses `PORT [--host HOST]`; `more(parser)` adds what one program needs besides.

    `doc` becomes the help text. SIGTERM ends the program with exit code 0.
    """
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("port", type=port_number,
                        help="TCP port; 0 lets a server take any free one")
    parser.add_argument("--host", default="127.0.0.1", help="IPv4 address (default: %(default)s)")
    if more:
        more(parser)
    parsed = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return parsed


def port_number(text):
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def announce(listener):
    """Tells whoever started this server where it listens."""
    host, port = listener.getsockname()
    print(f"listening on {host}:{port}", flush=True)


def typed_lines():
    """The lines of standard input, without blank ones; asks with `>>: ` on a terminal."""
    while True:
        if sys.stdin.isatty():
            print(">>: ", end="", flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()

"""How `framespec run --launch` is told to start a testee that is a Python program."""

import shlex
import sys


def python_testee(program, *arguments):
    """A --launch command that runs `program` with this interpreter; {port} comes first."""
    return " ".join([shlex.quote(sys.executable), shlex.quote(str(program)), "{port}", *arguments])

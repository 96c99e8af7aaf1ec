"""Whether framespec-bench can count instructions here."""

import subprocess


def why_not_countable(program):
    """As it says itself: there is no valgrind, or the system keeps processes from fixed addresses. Empty if it can."""
    ended = subprocess.run([program, "compare", "/nonexistent", "/nonexistent", "--gate", "instructions"], capture_output=True, text=True, check=False)
    return "" if "/nonexistent" in ended.stderr else ended.stderr

"""Runs a part of a file of unittests, so that its parts can run beside each other.

usage: part.py PART/PARTS MODULE

Every test is in exactly one part. Those of a class that sets something up for all of them stay together.
"""

import importlib
import sys
import unittest


def units(module):
    """What a part is made of, in the order of the file: lists of tests."""
    for suite in unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(module)):
        tests = list(suite)
        if tests and type(tests[0]).setUpClass.__func__ is not unittest.TestCase.setUpClass.__func__:
            yield tests
        else:
            yield from ([test] for test in tests)


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    part, parts = map(int, sys.argv[1].split("/"))
    mine = [test for unit in list(units(sys.argv[2]))[part - 1::parts] for test in unit]
    print(f"{len(mine)} tests", file=sys.stderr)
    if not 1 <= part <= parts or not mine:
        print(f"part.py: there is nothing in part {sys.argv[1]} of {sys.argv[2]}", file=sys.stderr)
        return 1
    return 0 if unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(mine)).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())

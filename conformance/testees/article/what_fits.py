#!/usr/bin/env python3
"""Rows 7 and 8: which length fits into which header.

Prints, for one number of 11 digits and one of 38, what the prefixes 'i' and 'q' and the JSON header
make of it. 11111111111 fits into 'q' and not into 'i'; 38 digits fit into neither, and into JSON.
"""

import argparse
import json
import struct

LENGTHS = (11111111111, int("1" * 38))


def packed(kind, length):
    try:
        return struct.pack(kind, length).hex(" ")
    except struct.error as problem:
        return f"does not fit: {problem}"


def main():
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    for length in LENGTHS:
        print(f"length {length}")
        print(f"  'i'   {packed('i', length)}")
        print(f"  'q'   {packed('q', length)}")
        print(f"  JSON  {json.dumps({'total_size': length})}")


if __name__ == "__main__":
    main()

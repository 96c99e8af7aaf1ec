"""Reads the JSON header of the `json` dialect as SPEC.md demands, with Python's own parser.

`json.loads` alone is too kind: it takes duplicate keys, NaN, lone surrogates, any depth up to its
recursion limit, and turns 5.0 into something that compares like 5. Each is closed here by rule id.
"""

import json
import re

DEPTH_MAX = 16
FILENAME_SIZE_MAX = 255


class BadHeader(ValueError):
    """The header breaks a rule; the text says which."""


class IntegerText(str):
    """A JSON integer as it was written: its form matters, and it may be of any length (HDR-7)."""


def parse(text, payload_size_max):
    """Gives (filename, md5 in lower case, total_size), or raises BadHeader."""
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=without_duplicates,
                            parse_int=IntegerText, parse_constant=reject_constant)
        json.dumps(header, ensure_ascii=False).encode("utf-8")  # HDR-3: fails on a lone surrogate
    except RecursionError:
        raise BadHeader("HDR-10: nested too deep") from None
    except BadHeader:
        raise
    except ValueError as problem:
        raise BadHeader(f"HDR-2, HDR-3: {problem}") from None

    if not isinstance(header, dict):
        raise BadHeader("HDR-2: not an object")
    if depth(header) > DEPTH_MAX:
        raise BadHeader("HDR-10: nested too deep")
    for key in ("filename", "md5", "total_size"):
        if key not in header:
            raise BadHeader(f"HDR-4: {key} is missing")
    return (checked_filename(header["filename"]), checked_md5(header["md5"]),
            checked_size(header["total_size"], payload_size_max))


def without_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadHeader("HDR-5: a key occurs twice")
    return members


def reject_constant(name):
    raise BadHeader(f"HDR-2: {name} is not JSON")


def depth(value):
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return 0
    return 1 + max(map(depth, value), default=0)


def checked_filename(name):
    if not is_text(name) or len(name.encode("utf-8")) > FILENAME_SIZE_MAX or ".." in name:
        raise BadHeader("HDR-8: filename")
    if any(character in name for character in "/\\\0"):
        raise BadHeader("HDR-8: filename")
    return name


def checked_md5(digest):
    if not is_text(digest) or not re.fullmatch("[0-9A-Fa-f]{32}", digest):
        raise BadHeader("HDR-8: md5")
    return digest.lower()


def checked_size(size, payload_size_max):
    if not isinstance(size, IntegerText) or not size.isdigit():
        raise BadHeader("HDR-6: total_size")
    limit = str(payload_size_max)
    if (len(size), size) > (len(limit), limit):  # as text: int() refuses more than 4300 digits
        raise BadHeader("HDR-7: total_size is too large")
    return int(size)


def is_text(value):
    return isinstance(value, str) and not isinstance(value, IntegerText)

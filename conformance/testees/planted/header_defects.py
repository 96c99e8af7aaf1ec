"""What the header defects of mutant_connection.py do, in place of a part of the strict reading."""

import codecs
import os
import sys

# Not by pathlib: the servers of this module are started thousands of times, and it takes a tenth of that.
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "python"))
import strict_header  # noqa: E402

# What a defect does to the text of the header before it is parsed.
HEADER_TEXT = {
    "header_utf8_repaired": lambda text: text.decode("utf-8", "replace").encode(),
    "header_mark_skipped": lambda text: text.removeprefix(codecs.BOM_UTF8),
}


def repaired(value):
    return value.encode("utf-8", "replace").decode() if strict_header.is_text(value) else value


def of_known_keys(members):
    if not members.keys() <= {"filename", "md5", "total_size"}:
        raise strict_header.BadHeader("a key that is not known")
    return members


def in_64_bits(size):
    if not isinstance(size, strict_header.IntegerText):
        return size
    return strict_header.IntegerText(int(size) % (1 << 64))


# What a defect has in place of a part of strict_header.
members_of = strict_header.without_duplicates
checked_md5, checked_size = strict_header.checked_md5, strict_header.checked_size
HEADER_PARTS = {
    "header_surrogates_repaired": {"without_duplicates": lambda pairs: members_of(
        [(key, repaired(value)) for key, value in pairs])},
    "header_name_guessed": {"without_duplicates": lambda pairs: (
        {"filename": "unnamed"} | members_of(pairs))},
    "header_size_guessed": {"without_duplicates": lambda pairs: (
        {"total_size": strict_header.IntegerText(0)} | members_of(pairs))},
    "header_keys_known": {"without_duplicates": lambda pairs: of_known_keys(members_of(pairs))},
    "header_any_depth": {"depth": lambda header: 0},
    "header_depth_excluded": {"DEPTH_MAX": strict_header.DEPTH_MAX - 1},
    "size_of_any_form": {"checked_size": lambda size, maximum: checked_size(
        strict_header.IntegerText(int(size)), maximum)},
    "size_in_64_bits": {"checked_size": lambda size, maximum: checked_size(
        in_64_bits(size), maximum)},
    "digest_with_blanks": {"checked_md5": lambda digest: checked_md5(
        digest.replace(" ", "") if strict_header.is_text(digest) else digest)},
    "name_of_any_form": {"checked_filename": lambda name: name},
}

"""Writes the code of docs/testing-your-deframer.md into files, as its reader would: before the fix and after it."""

import pathlib
import re
import sys


def block(text, marker):
    """The contents of the code block behind the comment `marker`."""
    match = re.search(re.escape(f"<!-- {marker} -->") + r"\n```\w*\n(.*?)```", text, re.DOTALL)
    if not match:
        sys.exit(f"the guide has no code block marked '{marker}'")
    return match.group(1)


def replace_once(text, old, new):
    if text.count(old) != 1:
        sys.exit(f"the guide's deframer has {text.count(old)} places like this one:\n{old}")
    return text.replace(old, new)


def mended(header, fix):
    start = header.index("      if (!in_payload_) {")
    end = header.index("      const std::string_view piece")
    header = header[:start] + fix + header[end:]
    header = replace_once(header, "return !in_payload_;", "return !in_payload_ && prefix_.empty();")
    return replace_once(header, "  std::string payload_;\n", "  std::string payload_;\n  std::string prefix_;\n")


def main():
    guide, out = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
    header, test = block(guide, "file: my_deframer.h"), block(guide, "file: my_deframer_test.cc")
    for folder, contents in {"naive": header, "mended": mended(header, block(guide, "fix"))}.items():
        (out / folder).mkdir(parents=True, exist_ok=True)
        (out / folder / "my_deframer.h").write_text(contents)
        (out / folder / "my_deframer_test.cc").write_text(test)
    (out / "expected_output.txt").write_text(block(guide, "output"))


main()

"""The table of docs/dialects.md is what the dialect files say.

With the argument "update" the table is written anew instead of compared.
"""
import json
import pathlib
import re
import sys
import unittest

PROTOCOL = pathlib.Path(__file__).resolve().parent.parent
GUIDE = PROTOCOL.parent / "docs" / "dialects.md"
BEGIN = "<!-- table: written by dialect_guide_test.py update; do not edit -->\n"
END = "<!-- end of table -->\n"


def shipped_names():
    """In the order of shipped_dialects(): the seven of SPEC.md's table, then the other files by name."""
    names = {path.stem for path in (PROTOCOL / "dialects").glob("*.json")} - {"dialect.schema"}
    specified = re.findall(r"^\| `([^`]+)` \|", (PROTOCOL / "SPEC.md").read_text(encoding="utf-8"), re.M)
    first = [name for name in specified if name in names]
    return first + sorted(names - set(first))


def sizes(payload):
    minimum, maximum = payload["minimum"], payload["maximum"]
    if maximum == 2**63 - 1:
        maximum = "2^63 - 1"
    elif maximum in (2**31 - 1, 2**32 - 1):
        maximum = f"2^{(maximum + 1).bit_length() - 1} - 1"
    else:
        maximum = f"{maximum:,}"
    first = "0" if payload["zero"] == "legal" else str(max(minimum, 1))
    return f"{first} to {maximum}"


def table():
    rows = ["| dialect | frame | payload, bytes | from |", "| --- | --- | --- | --- |"]
    for name in shipped_names():
        dialect = json.loads((PROTOCOL / "dialects" / f"{name}.json").read_text())
        sources = "; ".join(dialect.get("sources", ["SPEC.md"]))
        rows.append(f"| `{name}` | {dialect['description']} | {sizes(dialect['payload'])} | {sources} |")
    return "\n".join(rows) + "\n"


def with_table(text):
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    return before + BEGIN + table() + END + after


class DialectGuide(unittest.TestCase):
    maxDiff = None

    def test_table_is_what_the_files_say(self):
        text = GUIDE.read_text(encoding="utf-8")
        self.assertEqual(text, with_table(text), "run dialect_guide_test.py update")

    def test_examples_are_dialect_files(self):
        examples = re.findall(r"^( *)```json\n(.*?)^\1```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
        self.assertGreaterEqual(len(examples), 3)
        for _, example in examples:
            self.assertIsInstance(json.loads(example), dict)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        GUIDE.write_text(with_table(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        unittest.main()

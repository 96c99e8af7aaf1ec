"""README.md and README.zh-CN.md say the same: headings, tables, links, commands and what stands between backticks, section by section."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = "README.md", "README.zh-CN.md"
LINES_MAX = 100
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def shape(text):
    """What must be alike in two languages: a row for each piece, in order, with a name for messages."""
    rows = []
    for number, section in enumerate(re.split(r"^(?=#)", text, flags=re.MULTILINE)):
        where = f"section {number}"
        for block in FENCE.findall(section):
            rows.append((f"{where}: a block of code", block))
        prose = FENCE.sub("", section)
        rows.append((f"{where}: level of its heading", len(re.match(r"#*", prose)[0])))
        rows.append((f"{where}: paragraphs, items and tables", len(re.findall(r"^(?:- |(?<=\n\n)[^-\n])", prose, re.MULTILINE))))
        for row, line in enumerate(line for line in prose.splitlines() if line.startswith("|")):
            rows.append((f"{where}: links of row {row} of its table", (line.count("|"), links(line))))
        rows.append((f"{where}: links", links(prose)))
        rows.append((f"{where}: words between backticks", sorted(re.findall(r"`([^`]+)`", prose))))
    return rows


def links(text):
    """Where they lead, sorted, as languages order words in their own way; each README links to the other."""
    return sorted(target for target in re.findall(r"\]\(([^)]+)\)", text) if target not in (ENGLISH, CHINESE))


def differences(one, other):
    """What the two have not alike; a row that only one has ends the comparison."""
    ours, theirs = shape(one), shape(other)
    found = [f"{left} | {right}" for left, right in zip(ours, theirs) if left != right]
    return found or ([] if len(ours) == len(theirs) else ["one has more"])


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.english, cls.chinese = ((ROOT / name).read_text() for name in (ENGLISH, CHINESE))

    def test_the_two_are_in_step(self):
        self.assertEqual(differences(self.english, self.chinese), [])
        self.assertIn(f"]({CHINESE})", self.english.splitlines()[2])
        self.assertIn(f"]({ENGLISH})", self.chinese.splitlines()[2])

    def test_both_are_short(self):
        for text in (self.english, self.chinese):
            self.assertLessEqual(len(text.splitlines()), LINES_MAX)

    def test_links_lead_somewhere(self):
        for target in links(self.english):
            self.assertTrue((ROOT / target.partition("#")[0]).exists(), target)

    def test_a_difference_is_found(self):
        for old, new in (("ci/test     #", "ci/test  #"), ("\n## ", "\n### "), ("(docs/replay.md)", "(docs/events.md)"),
                         ("| --- | --- |", "| --- |"), ("`ci/demo`", "`ci/test`"), ("\n- 参考", "参考"), ("\n## ", "\nA paragraph.\n\n## ")):
            changed = self.chinese.replace(old, new, 1)
            self.assertNotEqual(changed, self.chinese, old)
            self.assertTrue(differences(self.english, changed), (old, new))
        row = next(line for line in self.chinese.splitlines() if "docs/replay.md" in line)
        self.assertTrue(differences(self.english, self.chinese.replace(row + "\n", "")))


if __name__ == "__main__":
    unittest.main()

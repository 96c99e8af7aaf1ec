"""since_test.py CASES CHANGELOG: every shipped case says with which release it came, and CHANGELOG.md names the required ones
that came after the first release, in the section of theirs: an upgrade must surprise nobody."""

import json
import re
import sys
import unittest
from pathlib import Path

FIRST = "0.1"


def releases(suites):
    """(area/name, level, since) of each case; since is None where nothing says it."""
    for suite in suites:
        for case in suite["cases"]:
            yield f"{suite['area']}/{case['name']}", case.get("level", "must"), case.get("since", suite.get("since"))


def sections(changelog):
    """What CHANGELOG.md says of each release."""
    parts = re.split(r"^## (\d+\.\d+)\.\d+.*$", changelog, flags=re.MULTILINE)
    text = {}
    for release, part in zip(parts[1::2], parts[2::2]):
        text[release] = text.get(release, "") + part
    return text


def not_told(suites, changelog):
    told = sections(changelog)
    return [name for name, level, since in releases(suites)
            if level == "must" and since != FIRST and f"`{name}`" not in told.get(since, "")]


class Since(unittest.TestCase):
    def setUp(self):
        self.suites = [json.loads(file.read_text()) for file in sorted(CASES.glob("*.json")) if file.name != "not_observable.json"]
        self.changelog = CHANGELOG.read_text()

    def test_every_case_has_a_release_that_there_is(self):
        self.assertGreater(len(self.suites), 5)
        for name, _, since in releases(self.suites):
            self.assertIn(since, sections(self.changelog), name)

    def test_new_required_cases_are_told(self):
        self.assertEqual(not_told(self.suites, self.changelog), [])

    def test_one_that_is_not_told_is_found(self):
        suites = [{"area": "a", "since": "0.1", "cases": [{"name": "old"}, {"name": "new", "since": "0.2"},
                                                         {"name": "may", "since": "0.2", "level": "may"}]}]
        changelog = "# Changelog\n\n## 0.2.0\n\n- {}\n\n## 0.1.0 (unreleased)\n\n- `a/new` is not meant here.\n"
        self.assertEqual(not_told(suites, changelog.format("none")), ["a/new"])
        self.assertEqual(not_told(suites, changelog.format("New required cases: `a/new`.")), [])


if __name__ == "__main__":
    CASES, CHANGELOG = map(Path, sys.argv[1:3])
    unittest.main(argv=sys.argv[:1])

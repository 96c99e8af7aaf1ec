"""Validates the suite files named on the command line against the published schema.

usage: validate_suites.py SCHEMA SUITE...

Also holds the schema itself against a list of small mistakes: a schema that lets everything pass
would be of no use to those who write suites with it.
"""

import copy
import json
import sys

import jsonschema

GOOD = {
    "area": "sample",
    "title": "A sample",
    "cases": [{
        "name": "one",
        "title": "One frame is answered.",
        "why": "nothing in particular",
        "rules": ["SEG-1"],
        "steps": [{"send": [{"frame": "x"}]}, {"expect": "frames"}],
    }],
}


def mistakes():
    """Gives (what is wrong, a suite with that mistake)."""
    def changed(what, change):
        suite = copy.deepcopy(GOOD)
        change(suite, suite["cases"][0])
        return what, suite

    yield changed("no case", lambda suite, case: suite.update(cases=[]))
    yield changed("no title", lambda suite, case: case.pop("title"))
    yield changed("unknown key", lambda suite, case: case.update(levle="must"))
    yield changed("name with a slash", lambda suite, case: case.update(name="a/b"))
    yield changed("unknown level", lambda suite, case: case.update(level="most"))
    yield changed("unknown family", lambda suite, case: case.update(segmentations=["every_byte"]))
    yield changed("unknown verb", lambda suite, case: case["steps"].append({"wait": 1}))
    yield changed("unknown condition", lambda suite, case: case.update({"for": {"color": "red"}}))
    yield changed("rule without number", lambda suite, case: case.update(rules=["SEG"]))
    yield changed("odd hex", lambda suite, case: case["steps"][0].update(send=[{"bytes": {"hex": "abc"}}]))
    yield changed("unknown size", lambda suite, case: case["steps"][0].update(send=[{"prefix": "huge"}]))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    failures = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            suite = json.load(file)
        for error in validator.iter_errors(suite):
            place = "/".join(str(part) for part in error.absolute_path)
            print(f"{name}: {place}: {error.message}")
            failures += 1
    for what, suite in [("nothing", GOOD)] + list(mistakes()):
        if validator.is_valid(suite) != (what == "nothing"):
            print(f"the schema misjudges a suite with this mistake: {what}")
            failures += 1
    print(f"{len(sys.argv) - 2} suites, {failures} failures")
    return 1 if failures or len(sys.argv) < 3 else 0


sys.exit(main())

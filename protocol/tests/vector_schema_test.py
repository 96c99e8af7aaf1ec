"""The published schema accepts every file of vectors, and none with a small mistake.

A schema that lets everything pass would be of no use to those who read vectors, or write them, with it.
"""
import copy
import json
import pathlib
import sys
import unittest

import jsonschema

PROTOCOL = pathlib.Path(__file__).resolve().parent.parent
SCHEMA_FILE = PROTOCOL / "vectors" / "vector.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VECTOR = {
    "name": "one frame, then a negative length",
    "rules": ["PFX-4"],
    "dialect": "int32",
    "bytes": [{"counted": "x"}, {"hex": "ff ff ff ff"}],
    "frames": [{"offset": 0, "payload": [{"text": "x"}]}],
    "terminal": "rejected",
    "error": {"kind": "negative_length", "offset": 5},
}
MISTAKES = {
    "no vectors": lambda file, vector: file.update(vectors=[]),
    "nothing about it": lambda file, vector: file.pop("about"),
    "unknown key": lambda file, vector: vector.update(rulse=[]),
    "no end": lambda file, vector: vector.pop("terminal"),
    "unknown end": lambda file, vector: vector.update(terminal="broken"),
    "rule without number": lambda file, vector: vector.update(rules=["PFX"]),
    "no rule": lambda file, vector: vector.update(rules=[]),
    "unknown kind": lambda file, vector: vector["error"].update(kind="negative"),
    "no offset": lambda file, vector: vector["error"].pop("offset"),
    "offset below zero": lambda file, vector: vector["error"].update(offset=-1),
    "rejected without an error": lambda file, vector: vector.pop("error"),
    "clean with an error": lambda file, vector: vector.update(terminal="clean"),
    "rejected as truncated": lambda file, vector: vector["error"].update(kind="truncated"),
    "truncated by something else": lambda file, vector: vector.update(terminal="truncated"),
    "odd digits": lambda file, vector: vector["bytes"].append({"hex": "abc"}),
    "a piece of two forms": lambda file, vector: vector["bytes"].append({"hex": "ab", "text": "x"}),
    "a piece of no form": lambda file, vector: vector["bytes"].append({"times": 2}),
    "no times": lambda file, vector: vector["bytes"].append({"text": "x", "times": 0}),
    "a frame without payload": lambda file, vector: vector["frames"][0].pop("payload"),
    "half a header": lambda file, vector: vector["frames"][0].update(header={"filename": "a"}),
    "a dialect with a mistake": lambda file, vector: vector.update(dialect={"name": "toy", "length": {"width": 99}}),
}


class VectorSchema(unittest.TestCase):
    def setUp(self):
        # The dialects' schema is found by its path, which is the same in the tree and where it is installed.
        resolver = jsonschema.RefResolver(SCHEMA_FILE.as_uri(), SCHEMA)
        self.validator = jsonschema.Draft7Validator(SCHEMA, resolver=resolver)

    def errors(self, document):
        return [f"{error.json_path}: {error.message}" for error in self.validator.iter_errors(document)]

    def test_is_itself_valid(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_accepts_every_file(self):
        files = [path for path in (PROTOCOL / "vectors").glob("*.json") if path != SCHEMA_FILE]
        self.assertGreaterEqual(len(files), 7)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(self.errors(json.loads(path.read_text(encoding="utf-8"))), [])

    def test_accepts_no_mistake(self):
        good = {"about": "A sample.", "vectors": [VECTOR]}
        self.assertEqual(self.errors(good), [])
        for mistake, make in MISTAKES.items():
            with self.subTest(mistake):
                file = copy.deepcopy(good)
                make(file, file["vectors"][0])
                self.assertNotEqual(self.errors(file), [])

    def test_names_the_errors_of_the_specification(self):
        text = (PROTOCOL / "SPEC.md").read_text(encoding="utf-8")
        listed = text.split("## Errors by name")[1].split("A sender")[0].replace("`", " ").split()
        self.assertEqual(SCHEMA["definitions"]["vector"]["properties"]["error"]["properties"]["kind"]["enum"], listed)


if __name__ == "__main__":
    sys.exit(unittest.main())

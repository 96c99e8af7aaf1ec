"""The published schema says of every dialect file what the loader says.

dialect_file_cases.json holds files and the loader's verdict on each, which dialect_file_test.cc
checks; here the schema's verdict on the same files is checked. Where a schema cannot tell, the case
says "schema": "accepts" and why.
"""
import json
import pathlib
import sys
import unittest

import jsonschema

PROTOCOL = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = json.loads((PROTOCOL / "dialects" / "dialect.schema.json").read_text())


def read(path):
    return json.loads(path.read_text())


class DialectSchema(unittest.TestCase):
    def setUp(self):
        self.validator = jsonschema.Draft7Validator(SCHEMA)

    def errors(self, document):
        return [f"{error.json_path}: {error.message}" for error in self.validator.iter_errors(document)]

    def test_is_itself_valid(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)

    def test_accepts_every_shipped_file(self):
        files = [p for p in (PROTOCOL / "dialects").glob("*.json") if p.name != "dialect.schema.json"]
        self.assertGreaterEqual(len(files), 7)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(self.errors(read(path)), [])

    def test_agrees_with_the_loader(self):
        verdicts = {True: 0, False: 0}
        for case in read(PROTOCOL / "tests" / "dialect_file_cases.json"):
            with self.subTest(case["case"]):
                if "file" in case:
                    document = case["file"]
                elif "schema" in case:
                    document = json.loads(case["text"])
                else:
                    continue  # not JSON at all, or JSON that readers understand differently
                accepted = case["error"] is None or case.get("schema") == "accepts"
                self.assertEqual("schema" in case, "why" in case, "an exception needs its reason")
                errors = self.errors(document)
                self.assertEqual(errors == [], accepted, f"{json.dumps(document)}\n{errors}")
                verdicts[accepted] += 1
        self.assertGreater(verdicts[True], 10)
        self.assertGreater(verdicts[False], 50)

    def test_every_key_is_described(self):
        def visit(properties, where):
            for key, value in properties.items():
                if "const" not in value:
                    self.assertIn("description", value, f"{where}.{key}")
                visit(value.get("properties", {}), f"{where}.{key}")

        visit(SCHEMA["properties"], "$")


if __name__ == "__main__":
    sys.exit(unittest.main())

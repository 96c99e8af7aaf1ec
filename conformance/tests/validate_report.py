"""validate_report.py SCHEMA REPORT...: holds reports against their schema; tells what is wrong where. Of a file whose name
ends in .ndjson each line is held against it."""

import json
import sys
from pathlib import Path

import jsonschema


def documents(name):
    """(place, value) of each JSON value in the file."""
    text = Path(name).read_text()
    if not name.endswith(".ndjson"):
        return [(name, json.loads(text))]
    return [(f"{name}:{number}", json.loads(line)) for number, line in enumerate(text.splitlines(), 1)]


def main(schema_file, *reports):
    schema = json.loads(Path(schema_file).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    mistakes = 0
    for report in reports:
        for place, value in documents(report):
            for problem in validator.iter_errors(value):
                print(f"{place}: {problem.json_path}: {problem.message[:300]}")
                mistakes += 1
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

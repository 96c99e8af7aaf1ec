"""validate_report.py SCHEMA REPORT...: holds reports against their schema; tells what is wrong where."""

import json
import sys
from pathlib import Path

import jsonschema


def main(schema_file, *reports):
    schema = json.loads(Path(schema_file).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    mistakes = 0
    for report in reports:
        for problem in validator.iter_errors(json.loads(Path(report).read_text())):
            print(f"{report}: {problem.json_path}: {problem.message[:300]}")
            mistakes += 1
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

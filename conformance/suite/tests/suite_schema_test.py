"""The published schema of suites says of every suite file what framespec says.

usage: suite_schema_test.py SCHEMA SPEC.md SUITE_VERDICTS FRAMESPEC SUITE...

Held on all shipped suites, on a table of good and bad ones, and on what is made of the shipped cases by mutation: a
member less, a member more, another type, a number out of range, a text that is none of those meant. Where the schema
accepts what framespec refuses, its sentence must be one about what no schema can say (BEYOND_SCHEMAS).
"""

import copy
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema

import suite_table

# Of a mutation at one place of the cases ("steps/*/send/*/frame") so many are tried, at places evenly spread.
TRIED_PER_PLACE = 1
# What framespec says where two parts of a file do not fit together, or a text has a meaning beyond its form.
BEYOND_SCHEMAS = re.compile("|".join((
    "is there already", "no step uses", "for the values of the case, and it has none", r"\(with the value ",
    "no send step is cut", '"\\+end" needs', "only one send step of a case can be cut", "only a case that sends",
    "there is no connection", "was reset by", "has ended its stream", "is not in a flood", "is in a flood",
    "nothing was sent", "are never expected", "no work is measured", r'"cuts(-\d+){2,}(\+end)?" is not allowed')))
OTHERS = (None, True, False, 0, 1, -1, 1.5, 5.0, 2**31, 2**63, 2**64, -2**63 - 1, 1e18, "", "x", "5", "$value", [], ["x"], {},
          {"x": 1}, {"hex": "0x0A, ff"}, {"hex": "0 a"})


def places(value, path=()):
    """Every place below `value`, itself first."""
    yield path
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    else:
        return
    for key, member in members:
        yield from places(member, path + (key,))


def changed(suite, path, change):
    """A copy with `change(container, key)` done at `path`."""
    suite = copy.deepcopy(suite)
    container = suite
    for key in path[:-1]:
        container = container[key]
    change(container, path[-1])
    return suite


def mutations(suite, path):
    """(what, suite) for every change at this place."""
    value = suite
    for key in path:
        value = value[key]
    if path:
        yield "without", changed(suite, path, lambda container, key: container.pop(key))
        yield "twice", changed(suite, path, lambda container, key: container.insert(key, container[key])
                               if isinstance(container, list) else container.update({key: [container[key]] * 2}))
        for other in OTHERS:
            if json.dumps(other) != json.dumps(value):
                yield f"{other!r} for it", changed(suite, path, lambda container, key: container.__setitem__(key, other))
    if path and isinstance(value, str):
        for what, text in (("more", value + "x"), ("line end", value + "\n"), ("number", value + "99999999999999999999")):
            yield what, changed(suite, path, lambda container, key: container.__setitem__(key, text))
    if isinstance(value, dict):
        yield "unknown key", changed(suite, path + ("unknown",), lambda container, key: container.update({key: 1}))


def place_name(path):
    """`path` without what differs between places of one kind."""
    return "/".join("*" if isinstance(key, int) or path[index - 1:index] == ("values",) else key
                    for index, key in enumerate(path))


def mutants(suites):
    by_place = {}
    for suite in suites:
        for case in suite["cases"]:
            alone = {"area": suite["area"], "title": suite["title"], "cases": [case]}
            for path in places(alone):
                by_place.setdefault(place_name(path), []).append((alone, path))
    for place, found in sorted(by_place.items()):
        step = max(1, len(found) // TRIED_PER_PLACE)
        for suite, path in found[::step][:TRIED_PER_PLACE]:
            for what, mutant in mutations(suite, path):
                yield f"{suite['cases'][0]['name']}: {place}: {what}", mutant


def verdicts(program, suites):
    """What the reader of suites says against each; empty if it is good."""
    lines = "".join(json.dumps(suite) + "\n" for suite in suites)
    said = subprocess.run([program], input=lines, capture_output=True, text=True, check=True).stdout.split("\n")[:-1]
    if len(said) != len(suites):
        raise ValueError(f"{len(said)} verdicts on {len(suites)} suites")
    return said


def disagreement(validator, what, suite, expected, refusal):
    """A sentence where schema and reader, or the table, differ; else None."""
    error = next(validator.iter_errors(suite), None)
    shown = json.dumps(suite)[:600]
    if expected is not None and expected != (not refusal):
        return f"{what}: should be {'good' if expected else 'bad'}, and framespec says: {refusal or 'nothing'}"
    if error and not refusal:
        return f"{what}: only the schema refuses it: {error.json_path}: {error.message[:200]}\n  {shown}"
    if refusal and not error and not BEYOND_SCHEMAS.search(refusal):
        return f"{what}: only framespec refuses it: {refusal}\n  {shown}"
    return None


def exit_code(framespec, suite):
    """That of the program as a user runs it, with the suite in a file; 0 for a good one, 2 with a sentence on one line, else an exception."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(suite, file)
        file.flush()
        ended = subprocess.run([framespec, "list", "--dialect", "int32", "--suites", file.name], capture_output=True,
                               text=True, check=False)
    if ended.returncode == 2 and ended.stderr.startswith(f"framespec: {file.name}: $") and ended.stderr.count("\n") == 1:
        return 2
    # A good suite may have no case for this dialect.
    if ended.returncode != 0 and "does not apply" not in ended.stderr:
        raise ValueError(f"exit code {ended.returncode}: {ended.stderr}")
    return 0


def main(schema_file, spec_file, reader, framespec, *suite_files):
    schema = json.loads(Path(schema_file).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    suites = [json.loads(Path(file).read_text(encoding="utf-8")) for file in suite_files]
    found = []
    rules = re.findall(r"^\| ([A-Z]{3}-[0-9]+) \|", Path(spec_file).read_text(encoding="utf-8"), re.MULTILINE)
    if schema["definitions"]["rule"]["enum"] != rules:
        found.append("the schema's rules are not those of SPEC.md, in its order")
    tasks = [(name, suite, True) for name, suite in zip(suite_files, suites)]
    tasks += suite_table.rows()
    tasks += [(what, suite, None) for what, suite in mutants(suites)]
    said = verdicts(reader, [suite for _, suite, _ in tasks])
    found += filter(None, (disagreement(validator, *task, refusal) for task, refusal in zip(tasks, said)))
    # The program itself says the same with its exit code.
    found += [f"{what}: exit code of framespec list" for what, is_good, suite in suite_table.cases()
              if (exit_code(framespec, suite) == 0) != is_good]
    for sentence in found:
        print(sentence)
    print(f"{len(tasks)} suites, {sum(map(bool, said))} of them refused; {len(found)} disagreements")
    return 1 if found or len(suite_files) < 5 or len(tasks) < 2000 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

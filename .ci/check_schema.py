"""Holds the published schema and strategies.json against jsonschema, a validator keel did not
write: check_schema.py schema|sample|mistakes|agreement SCHEMA CONFIGURATION."""

import copy
import json
import pathlib
import subprocess
import sys

import jsonschema



def read(path):
    try:
        return json.loads(pathlib.Path(path).read_text())
    except (OSError, ValueError) as error:
        sys.exit(f"{path}: {error}")


part = sys.argv[1]
schema, configuration = map(read, sys.argv[2:4])
validator = jsonschema.Draft202012Validator(schema)


def mistakes():
    """Each member of the sample once under an unknown name, and once with a wrong type."""

    def visit(path, value):
        if isinstance(value, dict):
            # Parameters are free names; their plugin judges them.
            if path and path[-1] in ("parameters", "config"):
                return
            yield path, "unknown key", lambda holder: holder.update({"noSuchKey": 1})
            for key in value:
                yield from visit(path + [key], value[key])
        elif isinstance(value, list):
            for index, element in enumerate(value):
                yield from visit(path + [index], element)

    for path, why, change in visit([], configuration):
        candidate = copy.deepcopy(configuration)
        holder = candidate
        for step in path:
            holder = holder[step]
        change(holder)
        yield ".".join(map(str, path)) or "top", why, candidate
    for key in configuration:
        yield key, "wrong type", {**copy.deepcopy(configuration), key: 7}


def keel_accepts(candidate):
    file = pathlib.Path(".build/real/candidate.json")
    file.write_text(json.dumps(candidate))
    run = subprocess.run(
        [".build/release/keel", "config", "check", str(file)], capture_output=True, text=True
    )
    if run.returncode not in (0, 3):
        sys.exit(f"keel config check ended with {run.returncode}: {run.stderr}")
    return run.returncode == 0


if part == "schema":
    jsonschema.Draft202012Validator.check_schema(schema)
elif part == "sample":
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(configuration)]
    sys.exit("\n".join(errors) if errors else 0)
elif part == "mistakes":
    missed = [f"{path}: {why}" for path, why, bad in mistakes() if validator.is_valid(bad)]
    sys.exit("accepted: " + ", ".join(missed) if missed else 0)
elif part == "agreement":
    cases = [("sample", "", configuration), *mistakes()]
    apart = [
        f"{path} {why}: schema says {validator.is_valid(case)}, keel says {keel_accepts(case)}"
        for path, why, case in cases
        if validator.is_valid(case) != keel_accepts(case)
    ]
    sys.exit("\n".join(apart) if apart else 0)
else:
    sys.exit(f"unknown part {part}")

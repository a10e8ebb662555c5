#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""validate_schema.py FOLDER: are all its schemas schemas?
validate_schema.py FOLDER NAME FILE: does the JSON document in FILE obey NAME.schema.json?
Says on standard output what is wrong, and ends with 1 then. Needs python3-jsonschema."""
import json
import pathlib
import sys
import warnings

import jsonschema

warnings.simplefilter("ignore")


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def refuse_constant(word):
    raise ValueError(word + " is no JSON")


def validator(folder, name):
    documents = {path.name: load(path) for path in folder.glob("*.schema.json")}
    schema = documents[name + ".schema.json"]
    try:  # of jsonschema from 4.18 on
        import referencing
        import referencing.jsonschema

        resources = {
            key: referencing.Resource.from_contents(content) for key, content in documents.items()
        }
        registry = referencing.Registry().with_resources(resources.items())
        # As its own file would refer to it: references to other files then start from there.
        return jsonschema.Draft202012Validator({"$ref": name + ".schema.json"}, registry=registry)
    except ImportError:
        resolver = jsonschema.RefResolver(name + ".schema.json", schema, store=documents)
        return jsonschema.Draft202012Validator(schema, resolver=resolver)


def main():
    folder = pathlib.Path(sys.argv[1])
    if len(sys.argv) == 2:
        for path in sorted(folder.glob("*.schema.json")):
            jsonschema.Draft202012Validator.check_schema(load(path))
        return 0
    text = pathlib.Path(sys.argv[3]).read_text(encoding="utf-8")
    document = json.loads(text, parse_constant=refuse_constant)
    errors = list(validator(folder, sys.argv[2]).iter_errors(document))
    for error in errors[:5]:
        print("/".join(map(str, error.absolute_path)) + ": " + error.message[:1000])
        for cause in sorted(error.context or [], key=lambda each: -len(each.absolute_path))[:5]:
            print("    " + "/".join(map(str, cause.absolute_path)) + ": " + cause.message[:500])
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())

"""The tables of facets and of verdict.json: what each facet declares, and what the record's schema says."""

from host.docs.markdown import code, table
from host.judge import facets
from roundtrip.records import SCHEMAS

#: a type of JSON Schema -> the word for it
TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list"}


def facets_table():
    """One row for each facet: what it is, what counts as the same, what it rests on."""
    rows = [(f"`{id_}`", f.MEANING, f.MUST_BE, code(f.RESTS_ON)) for id_, f in facets.every().items()]
    return table(["facet", "what is compared", "must be", "rests on"], rows)


def verdict_table():
    """One row for each key of verdict.json, at any depth."""
    rows = [(f"`{key}`", type_of(schema), meaning(schema)) for key, schema in keys(SCHEMAS["verdict"])]
    return table(["key", "type", "meaning"], rows)


def keys(schema, within=""):
    """(key, schema) of each property; those of an object follow it as ``key.property``, if each has a meaning."""
    for name, declared in schema.get("properties", {}).items():
        yield within + name, declared
        inner, places = contents(declared)
        if all(meaning(below) for below in inner.get("properties", {}).values()):
            yield from keys(inner, f"{within}{name}{places}.")


def contents(schema):
    """(the schema of what lies within, how a key's path names it) of a list, of a map, of an object itself."""
    if isinstance(schema.get("additionalProperties"), dict):
        return schema["additionalProperties"], ".*"
    if "items" in schema:
        return schema["items"], "[]"
    return schema, ""


def meaning(schema):
    words = schema.get("description", "")
    return ": ".join(filter(None, (words, code(schema.get("enum", ())))))


def type_of(schema):
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(TYPES.get(name, name) for name in names)


TABLES = {"facets": facets_table, "verdict": verdict_table}

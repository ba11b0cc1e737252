"""Check a value against a schema: the part of JSON Schema that the records need, without a package.

Steps write the records inside the environments, where ``jsonschema`` is not installed. The schemas are valid JSON
Schema, and the host checks each record with ``jsonschema`` when it reads it (host.judge.records).
https://json-schema.org/draft/2020-12
"""

TYPES = {
    "object": dict,
    "array": (list, tuple),
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


class Undeclared(ValueError):
    """A value does not match its schema; the message names the place."""


def check(value, schema, where="record"):
    """Raise Undeclared if a value does not match its schema.

    Parameters
    ----------
    value : JSON's types
    schema : dict
        May use ``type`` (a name or a list of names), ``enum``, ``properties``, ``required``, ``additionalProperties``
        (False or a schema) and ``items``; other keys are ignored.
    where : str
        The name of the value in messages.
    """
    _check_type(value, schema, where)
    if "enum" in schema and value not in schema["enum"]:
        raise Undeclared("%s: %r is not one of %s" % (where, value, ", ".join(map(repr, schema["enum"]))))
    if isinstance(value, dict):
        _check_object(value, schema, where)
    elif isinstance(value, (list, tuple)) and "items" in schema:
        for number, item in enumerate(value):
            check(item, schema["items"], "%s[%d]" % (where, number))


def _check_type(value, schema, where):
    names = schema.get("type", ())
    names = [names] if isinstance(names, str) else list(names)
    # in Python a boolean is an integer, in JSON it is not
    known = [n for n in names if isinstance(value, TYPES[n]) and (n == "boolean") == isinstance(value, bool)]
    if names and not known:
        raise Undeclared("%s: a %s, not of type %s" % (where, type(value).__name__, " or ".join(names)))


def _check_object(value, schema, where):
    declared, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    missing = [key for key in schema.get("required", ()) if key not in value]
    if missing:
        raise Undeclared("%s: %s is missing" % (where, ", ".join(missing)))
    for key, item in value.items():
        if key in declared:
            check(item, declared[key], "%s.%s" % (where, key))
        elif others is False:
            raise Undeclared("%s: %r is not declared (declared: %s)" % (where, key, ", ".join(sorted(declared))))
        else:
            check(item, others, "%s.%s" % (where, key))

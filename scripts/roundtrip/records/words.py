"""Short functions and constants for JSON Schema, with which the records are declared."""


def an_object(properties, required=(), others=False, **more):
    """A dict with these keys and, without ``others`` (a schema), no other."""
    return dict(
        {"type": "object", "properties": properties, "required": list(required), "additionalProperties": others}, **more
    )


def a_list(items, description=""):
    """A list of such items."""
    return {"type": "array", "items": items, "description": description}


def a_map(values, description=""):
    """A dict with any keys and such values."""
    return {"type": "object", "additionalProperties": values, "description": description}


def a_text(description="", *values):
    """A text; one of ``values`` if there are any."""
    return dict({"type": "string", "description": description}, **({"enum": list(values)} if values else {}))


def or_null(schema):
    """The same, or null."""
    names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return dict(schema, type=names + ["null"])


NUMBER, WHOLE, FLAG, TEXT = {"type": "number"}, {"type": "integer"}, {"type": "boolean"}, a_text()
TEXTS, ANYTHING = a_list(TEXT), {}

"""What the members of a kind declare and define, as two tables."""

from host.docs.markdown import table
from roundtrip import kinds, members


def tables(kind):
    """The attributes of a kind, then its functions."""
    schema = members.schema_of(kind)
    attributes = [(f"`{a.name}`", a.type.words, default(a), a.meaning) for a in schema.attributes]
    functions = [(f"`{f}`", how(schema, f), f.meaning) for f in schema.functions]
    heads = ["attribute", "type", "left out", "meaning"], ["function", "", "meaning"]
    return table(heads[0], attributes) + "\n" + table(heads[1], functions)


def default(attribute):
    """The default of an attribute, as text."""
    if attribute.default is kinds.REQUIRED:
        return "*required*"
    if attribute.default is kinds.OWN_ID:
        return "its own id"
    return f"`{attribute.default!r}`".replace("'", '"')


def how(kind, function):
    return "one of them" if function.name in kind.exactly_one else "required" if function.required else ""

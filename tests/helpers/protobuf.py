"""Protocol buffers and object graphs of TensorFlow, written by hand: what the tests of readers read."""

from dataclasses import dataclass


def varint(value):
    low, value = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(value) if value else bytes([low])


def message(*fields):
    """A protocol buffer of (number, int, str or bytes)."""
    data = b""
    for number, value in fields:
        if isinstance(value, int):
            data += varint(number << 3) + varint(value)
        else:
            value = value.encode() if isinstance(value, str) else value
            data += varint(number << 3 | 2) + varint(len(value)) + value
    return data


@dataclass(eq=False)
class Variable:
    """A variable by its full name."""

    name: str


def object_graph(tree):
    """The bytes of an object graph. ``tree`` has dicts for objects; its "slots" lists (Variable, slot, Variable)."""
    nodes, ids = [], {}

    def number(value, path):
        if id(value) not in ids:
            ids[id(value)] = len(nodes)
            nodes.append((value, path))
            for name, child in value.items() if isinstance(value, dict) else ():
                if name != "slots":
                    number(child, [*path, name])
        return ids[id(value)]

    number(tree, [])
    for value, path in list(nodes):
        for weight, slot, variable in value.get("slots", ()) if isinstance(value, dict) else ():
            number(variable, [*nodes[ids[id(weight)]][1], ".OPTIMIZER_SLOT", *path, slot])
    return message(*((1, _node(value, path, ids)) for value, path in nodes))


def _node(value, path, ids):
    if isinstance(value, Variable):
        key = "/".join(path) + "/.ATTRIBUTES/VARIABLE_VALUE"
        return message((2, message((1, "VARIABLE_VALUE"), (2, value.name), (3, key))))
    children = [(1, message((1, ids[id(child)]), (2, name))) for name, child in value.items() if name != "slots"]
    slots = [(3, message((1, ids[id(w)]), (2, slot), (3, ids[id(v)]))) for w, slot, v in value.get("slots", ())]
    return message(*children, *slots)

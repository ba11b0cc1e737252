"""Graphs: SavedModel, MetaGraph and GraphDef, binary or as text, whatever they are called."""

import json

from google.protobuf import message as protobuf
from google.protobuf import text_format

from host.inspection import configs, operations
from host.inspection.files import Door, leaves, too_large
from host.inspection.messages import CLASSES

BINARY, TEXT = (".pb", ".meta"), (".pbtxt", ".prototxt")
WANTED = ("SavedModel", "MetaGraphDef", "GraphDef", "SavedMetadata")
#: bytes; a protocol buffer has no more: https://protobuf.dev/programming-guides/proto-limits/#total
LARGEST = 1 << 31
SHOWN = 3


def recognizes(file):
    return file.ends(*BINARY, *TEXT)


def look(file):
    """Doors of each message that the content can be read as: a graph may have any name, and be of any kind."""
    content = file.read(LARGEST)
    messages = [message for name in WANTED if (message := parse(file, CLASSES[name](), content)) is not None]
    if not messages:
        raise ValueError(f"it is no {' or '.join(WANTED)}")
    for message in messages:
        yield from LOOKS[message.DESCRIPTOR.name](message, file)


def parse(file, message, content):
    """The message, None where the content is another one's."""
    try:
        if file.ends(*TEXT):
            return text_format.Parse(content, message, allow_unknown_field=True)
        message.ParseFromString(content)
        return message
    except (protobuf.DecodeError, text_format.ParseError):
        return None


def saved_model(model, file):
    for meta_graph in model.meta_graphs:
        yield from of_meta_graph(meta_graph, file)


def of_meta_graph(meta_graph, file):
    for asset in meta_graph.asset_file_def:
        if leaves(text(asset.filename)):
            yield Door("path that leaves the folder", file.name, f"an asset is read from {text(asset.filename)}")
    for node in meta_graph.object_graph_def.nodes:
        yield from metadata(node.user_object.metadata, file)
    yield from graph(meta_graph.graph_def, file)


def keras_metadata(saved, file):
    for node in saved.nodes:
        yield from metadata(node.metadata, file)


def metadata(content, file):
    """The doors of an object's configuration; not every object has one in JSON."""
    if content[:1] == b"{":
        yield from configs.doors(json.loads(content), f"{file.name}: metadata", file.limit)


def graph(graph_def, file):
    yield from nodes(graph_def.node, "graph", file)
    for function in graph_def.library.function:
        yield from nodes(function.node_def, f"function {text(function.signature.name)}", file)


def nodes(all_, place, file):
    """The doors of the nodes of a graph or a function: one for each operation, with the nodes that are of it."""
    constants = {text(node.name): node for node in all_ if node.op == b"Const"}
    found = {}
    for node in all_:
        found.setdefault(reason(node, constants), []).append(text(node.name))
        yield from declared(node, f"{file.name}: {place}: {text(node.name)}", file.limit)
    for (what, why), names in found.items():
        if why:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            yield Door(what, f"{file.name}: {place}: {', '.join(names[:SHOWN])}{more}", why)


def reason(node, constants):
    """(what, why) of a node that is a door, with the paths that the graph gives it; (what, None) where it is none."""
    op = text(node.op)
    if op == operations.PRINTS:
        stream = next((text(a.value.s) for a in node.attr if text(a.key) == operations.STREAM), "")
        return op, f"it prints into {stream}" if stream and stream not in operations.CONSOLE else None
    why = operations.DOORS.get(op)
    # the names of files come before what is written; a saver's own come first, before the names of variables
    inputs = node.input[:1] if op in operations.SAVERS else node.input
    paths = next(filter(None, (values(constants.get(base(name))) for name in inputs)), None)
    if why and paths:
        return op, f"{why}: {', '.join(paths)[:300]}"
    return ("saver", operations.SAVES) if op in operations.SAVERS else (op, why)


def base(name):
    """The node of an input: ``^node``, ``node:0``, ``node:output:0``."""
    return text(name).lstrip("^").partition(":")[0]


def values(constant):
    """The texts of a constant."""
    tensors = [a.value.tensor for a in constant.attr if a.key == b"value"] if constant is not None else []
    return [text(value)[:200] for tensor in tensors for value in tensor.string_val if value]


def declared(node, where, limit):
    """A door where a node declares a tensor that does not fit into memory."""
    for attribute in node.attr:
        for shape in (attribute.value.shape, attribute.value.tensor.tensor_shape):
            yield from too_large([dim.size for dim in shape.dim], where, limit)


def text(value):
    return value.decode("utf-8", "replace")


LOOKS = {
    "SavedModel": saved_model,
    "MetaGraphDef": of_meta_graph,
    "GraphDef": graph,
    "SavedMetadata": keras_metadata,
}

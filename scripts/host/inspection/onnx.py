"""ONNX: values that lie in other files, operations that need a library of their own, run Python or read.

https://github.com/onnx/onnx/blob/main/docs/ExternalData.md
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from google.protobuf import message as protobuf

from host.inspection.files import Door, leaves, too_large
from host.inspection.messages import CLASSES

#: domains of operations that ONNX and its runtime define themselves
DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "ai.onnx.preview.training",
           "com.microsoft", "com.microsoft.nchwc", "com.ms.internal.nhwc")  # fmt: skip
#: operations of the runtime's own domain that do more than compute
DOORS = {
    "EPContext": "an execution provider loads a compiled model, from the file that it names or from its own bytes",
    "PythonOp": "it calls a Python function, which the runtime must have registered",
    "PythonOpGrad": "it calls a Python function, which the runtime must have registered",
}
RUNTIMES = "com.microsoft"
#: the attribute of EPContext that may hold a path
#: https://onnxruntime.ai/docs/execution-providers/EP-Context-Design.html
CONTEXT = b"ep_cache_context"
SHOWN = 200
#: bytes; a protocol buffer has no more: https://protobuf.dev/programming-guides/proto-limits/#total
LARGEST = 1 << 31


def recognizes(file):
    return file.ends(".onnx")


def look(file):
    """Doors of the graph, the graphs inside it, its functions, and those of training."""
    model = CLASSES["OnnxModel"]()
    try:
        model.ParseFromString(file.read(LARGEST))
    except protobuf.DecodeError as error:
        raise ValueError("it is no OnnxModel") from error
    own = {(text(function.domain), text(function.name)) for function in model.functions}
    for inner in (model.graph, *(g for info in model.training for g in (info.initialization, info.algorithm))):
        yield from graph(inner, file, own)
    for function in model.functions:
        yield from nodes(function.node, file, own)


def graph(graph_, file, own):
    for value in graph_.initializer:
        yield from tensor(value, file)
    for value in graph_.sparse_initializer:
        yield from sparse(value, file)
    yield from nodes(graph_.node, file, own)


def nodes(all_, file, own):
    """``own``: (domain, name) of the functions that the file itself defines by other operations."""
    for node in all_:
        yield from operation(node, file, own)
        for attribute in node.attribute:
            for value in (attribute.t, *attribute.tensors):
                yield from tensor(value, file)
            for value in (attribute.sparse_tensor, *attribute.sparse_tensors):
                yield from sparse(value, file)
            for inner in (attribute.g, *attribute.graphs):
                yield from graph(inner, file, own)


def operation(node, file, own):
    domain, name = text(node.domain), text(node.op_type)
    where = f"{file.name}: {name}"
    if domain == RUNTIMES and name in DOORS:
        named = next((text(a.s[:SHOWN]) for a in node.attribute if a.name == CONTEXT and a.s.isascii()), "")
        yield Door(name, where, DOORS[name] + (f": {named}" if named else ""))
    elif domain not in DOMAINS and (domain, name) not in own:
        yield Door("custom operation", where, f"an operation of {domain}: it needs a library of its own")


def sparse(value, file):
    yield from tensor(value.values, file)
    yield from tensor(value.indices, file)


def tensor(value, file):
    where = f"{file.name}: {text(value.name)}"
    for entry in value.external:
        if text(entry.key) == "location":
            out = "outside of the folder" if leaves(text(entry.value)) else "beside the file"
            yield Door("external data", where, f"its values are read from {text(entry.value)}, {out}")
    yield from too_large(list(value.dims), where, file.limit)


def text(value):
    return value.decode("utf-8", "replace")

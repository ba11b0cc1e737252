"""TensorFlow Lite (LiteRT) models: the codes of their operations, and files that hold their values.

A flat buffer is read in place: of the schema, only the fields below are looked at, and no interpreter is made.

    https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs
    https://ai.google.dev/edge/litert/models/ops_select (operations of TensorFlow, "Flex")
"""

import struct

from flatbuffers import number_types
from flatbuffers.table import Table

from host.inspection import operations
from host.inspection.files import Door, leaves, too_large

IDENTIFIER = b"TFL3"
#: the position of a field in its table's list of fields: table -> {field: slot}
MODEL = {"operator_codes": 1, "subgraphs": 2, "external_buffer_groups": 8}
CODE = {"deprecated_builtin_code": 0, "custom_code": 1, "builtin_code": 3}
SUBGRAPH_TENSORS, TENSOR_SHAPE, GROUP_NAME = 0, 0, 0
#: the builtin code that stands for an operation by name
CUSTOM = 32
FLEX = "Flex"
#: custom operations that the interpreters of TensorFlow and LiteRT bring along
#: https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/lite/core/kernels/register.cc (AddCustom)
OWN = ("TFLite_Detection_PostProcess", "Mfcc", "AudioSpectrogram", "NumericVerify")
#: characters of a name that are shown
SHOWN = 200
WHY_CUSTOM = "it is none of LiteRT's own: its interpreter runs whatever code is registered by this name"


def recognizes(file):
    return file.head[4:8] == IDENTIFIER or file.ends(".tflite", ".lite")


def look(file):
    """Doors of the operations that the model names, of its tensors' sizes, and of the files that hold its values."""
    content = file.read()
    if content[4:8] != IDENTIFIER:
        raise ValueError("it is no TensorFlow Lite model: the identifier TFL3 is missing")
    try:
        model = Reader.root(content)
        yield from codes(model, file)
        yield from groups(model, file)
        yield from sizes(model, file)
    except (struct.error, IndexError, TypeError) as error:
        raise ValueError(f"its tables lead out of the file: {error}") from error


def codes(model, file):
    """A door for each operation that is not built in; those of TensorFlow have the reasons of a graph's."""
    custom = (code.text(CODE["custom_code"]) for code in model.tables(MODEL["operator_codes"]) if is_custom(code))
    for name in dict.fromkeys(custom):
        where = f"{file.name}: operator codes: {name}"
        if name.startswith(FLEX):
            op = name.removeprefix(FLEX)
            why = operations.DOORS.get(op, "it is an operation of TensorFlow")
            yield Door(op if op in operations.DOORS else "Flex operation", where, f"{why}, through the Flex delegate")
        elif name not in OWN:
            yield Door("custom operation", where, WHY_CUSTOM)


def is_custom(code):
    """Whether an operator code is that of an operation by name: old files have it in a byte, new ones in a number."""
    old = code.number(CODE["deprecated_builtin_code"], number_types.Int8Flags)
    return CUSTOM in (old, code.number(CODE["builtin_code"], number_types.Int32Flags))


def groups(model, file):
    """A door for each file that holds values of the model, beside it or elsewhere."""
    for group in model.tables(MODEL["external_buffer_groups"]):
        name = group.text(GROUP_NAME)
        out = "outside of the folder" if leaves(name) else "beside the file"
        yield Door("external data", f"{file.name}: external buffers", f"its values are read from {name}, {out}")


def sizes(model, file):
    """A door where a tensor does not fit into memory."""
    for subgraph in model.tables(MODEL["subgraphs"]):
        for position, tensor in enumerate(subgraph.tables(SUBGRAPH_TENSORS)):
            yield from too_large(tensor.numbers(TENSOR_SHAPE), f"{file.name}: tensor {position}", file.limit)


class Reader(Table):
    """A table of a flat buffer that may be damaged or made to break its reader.

    Lists may overlap, so that a small file states more items than memory can hold. ``left`` counts down, for all tables
    of a file together, how many items it can hold if none overlap.
    """

    __slots__ = ("left",)

    def __init__(self, content, position, left):
        super().__init__(content, position)
        self.left = left

    @classmethod
    def root(cls, content):
        return cls(content, int.from_bytes(content[:4], "little"), [len(content) // 4])

    def field(self, slot):
        """Where a field lies; None where the table has no such field."""
        offset = self.Offset(4 + 2 * slot)
        return self.Pos + offset if offset else None

    def number(self, slot, flags):
        at = self.field(slot)
        return 0 if at is None else self.Get(flags, at)

    def text(self, slot):
        at = self.field(slot)
        if at is None:
            return ""
        start = self.Indirect(at)
        length = min(SHOWN, self.Get(number_types.UOffsetTFlags, start))
        return self.Bytes[start + 4 : start + 4 + length].decode("utf-8", "replace")

    def items(self, slot):
        """Where each item of a list lies, of four bytes each."""
        at = self.field(slot)
        if at is None:
            return range(0)
        start = self.Indirect(at)
        length = self.Get(number_types.UOffsetTFlags, start)
        self.left[0] -= length
        if self.left[0] < 0:
            raise IndexError(f"a list of {length:,} items")
        return range(start + 4, start + 4 + 4 * length, 4)

    def tables(self, slot):
        for position in self.items(slot):
            yield Reader(self.Bytes, self.Indirect(position), self.left)

    def numbers(self, slot):
        return [self.Get(number_types.Int32Flags, position) for position in self.items(slot)]

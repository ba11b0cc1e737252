"""Pickles, alone and in NumPy files: unpickling calls whatever functions the pickle names."""

import math
import pickletools

import numpy as np

from host.inspection.files import Door

NPY = b"\x93NUMPY"
ENDINGS = (".pkl", ".pickle", ".joblib", ".dill", ".p")
#: a pickle of protocol 2 and newer begins so
PROTOCOLS = tuple(bytes([0x80, number]) for number in (2, 3, 4, 5))
STRINGS = ("UNICODE", "STRING")
SHOWN = 8


def recognizes(file):
    return file.head.startswith((NPY, *PROTOCOLS)) or file.ends(*ENDINGS)


def look(file):
    if file.head.startswith(NPY):
        yield from array(file)
    else:
        names = list(dict.fromkeys(calls(file)))
        shown = ", ".join(names[:SHOWN]) or "none"
        yield Door("pickle", file.name, f"unpickling runs code; it names {len(names)} functions and classes: {shown}")


def calls(file):
    """The functions and classes that a pickle names, by its opcodes, of which none is run."""
    strings = []
    with file.open() as f:
        for opcode, argument, _ in pickletools.genops(f):
            if opcode.name in ("GLOBAL", "INST"):
                yield str(argument).replace(" ", ".")
            elif opcode.name == "STACK_GLOBAL":
                yield ".".join(strings[-2:])
            elif any(word in opcode.name for word in STRINGS):
                strings.append(str(argument))


def array(file):
    """The doors of a ``.npy``: objects, which are pickled, and a shape that its bytes do not fill."""
    with file.open() as f:
        version = np.lib.format.read_magic(f)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(f)
        begin = f.tell()
    if dtype.hasobject:
        yield Door("pickle", file.name, "an array of objects is a pickle: np.load(allow_pickle=True) runs code")
    elif math.prod(shape) * dtype.itemsize > file.size - begin:
        yield Door("shape bomb", file.name, f"it declares {shape} of {dtype}, more than its {file.size:,} bytes hold")

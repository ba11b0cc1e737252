"""What a file could run, read or write when it is loaded, listed without loading it: its *doors*.

``inspect`` walks the files of an artifact, and archives inside them. Each module here knows one kind of content:

``files``     what is walked, and links and paths that leave the artifact
``archives``  zip: paths that leave the archive, links, zip bombs
``hdf5``      external storage and links, virtual datasets, references, filters, declared sizes
``configs``   a model's configuration: Lambda layers, foreign modules, declared sizes
``graphs``    SavedModel, GraphDef, MetaGraph: ``operations`` that run Python, read, write or connect
``onnx``      ONNX: values in other files, operations that need a library, run Python or read
``litert``    TensorFlow Lite: operations of TensorFlow and custom ones, values in other files
``pickles``   pickles, and NumPy files that hold them
``texts``     the state of checkpoints, YAML

Nothing of the file is executed, and nothing outside of it is read. A file that cannot be inspected is a door as well.
"""

from pathlib import Path

from host.inspection import archives, configs, graphs, hdf5, litert, onnx, pickles, texts
from host.inspection.files import Door, walk

#: in the order in which they are asked; a file belongs to the first that recognizes it
KINDS = (hdf5, archives, pickles, litert, onnx, texts, configs, graphs)
#: format of a brought artifact -> what looks at a file that none recognizes
FORMATS = {"frozen_graph": graphs, "saved_model": graphs, "checkpoint": graphs, "h5": hdf5, "keras": archives,
           "litert": litert, "onnx": onnx}  # fmt: skip
#: bytes, without another limit: the default of limits.memory_mb
LIMIT = 6_000_000_000
#: archives in archives that are opened
DEPTH = 3

__all__ = ["inspect"]


def inspect(path, format_=None, limit=LIMIT):
    """The doors of an artifact: [{"what", "where", "why"}], each once.

    Parameters
    ----------
    path : str
        A file, a folder, or the prefix of a checkpoint.
    format_ : str
        What the artifact is taken for, where its name and its first bytes do not tell.
    limit : int
        Bytes of memory that a step may use: more than that, once declared, is a door.
    """
    fallback = FORMATS.get(format_) if Path(path).is_file() else None
    doors = [door for found in walk(path, limit) for door in of(found, fallback)]
    return [door._asdict() for door in dict.fromkeys(doors)]


def of(found, fallback=None, depth=0):
    """The doors of what was walked: a Door, or a File and the files inside it."""
    if isinstance(found, Door):
        yield found
        return
    kind = next((kind for kind in KINDS if kind.recognizes(found)), fallback)
    if kind is None:
        return
    try:
        for inner in kind.look(found):
            if isinstance(inner, Door):
                yield inner
            elif depth < DEPTH:
                yield from of(inner, None, depth + 1)
            else:
                yield Door("not inspected", inner.name, f"it lies in more than {DEPTH} archives")
    except Exception as error:  # damaged, or made to break whatever reads it: libraries raise anything then
        words = str(error).strip().splitlines() or [""]
        yield Door("not inspected", found.name, f"{type(error).__name__}: {words[0][:200]}")

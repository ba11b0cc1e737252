"""What lies beside the reproduction of a model that the user brings: a copy of their files, and the cell's data."""

import ast
import os
import pathlib
import shutil

import numpy as np

from host.select import user_code
from roundtrip.record import read_record
from roundtrip.subject.code import NAMES, ImportsOf, place

DATA = "data.npz"


def copy(described, modules, folder):
    """Copy the files that the model's code needs, for each Keras that is used; {module: (folder, path, module)}.

    Of each module that is Keras: the folder of the copy, the folder in it that Python must search, and the name of the
    user's module there. The files keep their places to one another. What only the data need is left out.
    """
    files = needed(described)
    top = os.path.commonpath([os.path.dirname(file) for file in files])
    root, name = place(described["build"][0])
    found = {}
    for module in dict.fromkeys(modules):
        copied = "user_code" if len(set(modules)) == 1 else f"user_code_{module.replace('.', '_')}"
        for file in files:
            put(file, pathlib.Path(folder, copied, os.path.relpath(file, top)), module)
        found[module] = (copied, os.path.normpath(os.path.join(copied, os.path.relpath(root, top))), name)
    return found


def needed(described):
    """The paths of the files, without those that only the data need."""
    code = set(map(str, user_code.closure(described["build"][0])))
    of_data = set(map(str, user_code.closure(described["data"][0]))) if described["data"] else set()
    return [file for file in described["files"] if file in code or file not in of_data]


def put(file, target, module):
    """Copy one file; in Python the imports of Keras are those of the module."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.endswith(".py"):
        target.write_text(for_keras(pathlib.Path(file).read_text(encoding="utf-8"), module), encoding="utf-8")
    else:
        shutil.copyfile(file, target)


def for_keras(text, module):
    """The text of a file in which every import of Keras gives this module; comments and line numbers stay."""
    lines = text.encode("utf-8").splitlines(keepends=True)  # columns are counted in bytes
    imports = [n for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.Import, ast.ImportFrom)) and is_of_keras(n)]
    for node in sorted(imports, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        before = ast.unparse(node)
        new = ImportsOf(module, set()).visit(node)
        after = "; ".join(map(spelt, new if isinstance(new, list) else [new]))
        if after == before:
            continue
        rest = lines[node.end_lineno - 1][node.end_col_offset :]
        first, blank = lines[node.lineno - 1][: node.col_offset], [b"\n"] * (node.end_lineno - node.lineno)
        lines[node.lineno - 1 : node.end_lineno] = [first + after.encode("utf-8") + rest, *blank]
    return b"".join(lines).decode("utf-8")


def spelt(node):
    """An import statement, without ``as keras`` where that is its name anyway."""
    for alias in node.names:
        alias.asname = None if alias.asname == alias.name else alias.asname
    return ast.unparse(node)


def is_of_keras(node):
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return any(name.split(".")[0] in NAMES for name in names)


def write_data(reference, folder):
    """Write the samples that the cell used into data.npz; (train, test) as expressions."""
    parts, arrays = read_record(reference)["subject"]["data"], {}
    with np.load(reference.removesuffix(".json") + ".npz") as kept:
        texts = [
            "({}, {})".format(
                *(taken(part, f"{when}_{what}", kept, arrays) for what, part in zip("xy", both, strict=True))
            )
            for when, both in zip(("train", "test"), parts, strict=True)
        ]
    np.savez_compressed(pathlib.Path(folder, DATA), **arrays)
    return texts


def taken(part, name, kept, arrays):
    """The expression for inputs or targets in the user's containers; their arrays are added to ``arrays``."""
    if part is None:
        return "None"
    leaves = []
    for number, entry in enumerate(part["leaves"]):
        key = name if len(part["leaves"]) == 1 else f"{name}_{number}"
        arrays[key] = kept[entry["key"]]
        leaf = f'DATA["{key}"]'
        if arrays[key].dtype.kind in "US":
            leaf = f"tf.constant({leaf})" if name.endswith("x") else f"{leaf}.astype(object)"
        leaves.append(leaf)
    return contained(part["structure"], leaves)


def contained(structure, leaves):
    """The expression for containers as roundtrip.training.flatten describes them."""
    if isinstance(structure, int):
        return leaves[structure]
    ((kind, items),) = structure.items()
    if kind == "dict":
        inside = ", ".join(f"{key!r}: {contained(item, leaves)}" for key, item in items.items())
        return f"{{{inside}}}"
    inside = ", ".join(contained(item, leaves) for item in items)
    return f"[{inside}]" if kind == "list" else f"({inside},)"

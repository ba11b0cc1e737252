"""Joins the modules of ``scripts/rescue/`` into ``scripts/keras_rescue.py``, the one file that users copy."""

import ast
import pathlib

SCRIPTS = pathlib.Path(__file__).resolve().parents[2]
SOURCE, TARGET = SCRIPTS / "rescue", SCRIPTS / "keras_rescue.py"
HEADER = '''"""Bring back into a Keras model what a saved file holds and its loader left there.

    import keras_rescue
    report = keras_rescue.rescue(model, "old.h5")     # the model that you built, or that Keras loaded
    print(report)

    python keras_rescue.py convert old.h5 new.keras   # a file that the newer Keras reads by itself

Copy this one file into your project. It needs Keras, NumPy and h5py, and TensorFlow for TensorFlow's checkpoints.
What it can do and what it refuses: docs/rescue.md of keras-roundtrip, whose matrix runs this file on every model.

``make docs`` of keras-roundtrip joins this file from scripts/rescue/: edit the modules there.
"""
'''
FOOTER = """

if __name__ == "__main__":
    sys.exit(rescue_main())
"""


class JoinError(Exception):
    """The modules cannot be joined; the message says why."""


def joined(source=SOURCE):
    """The text of the joined file. Raises JoinError for a name that two modules define, or a circle of imports."""
    modules = {path.stem: path.read_text(encoding="utf-8") for path in source.glob("*.py") if path.stem != "__init__"}
    order, imports, names, bodies = _ordered(modules), set(), {}, []
    for module in order:
        tree = ast.parse(modules[module])
        outside = [node for node in tree.body if _is_import(node) and not _within(node)]
        imports |= {ast.unparse(node) for node in outside}
        for name in _defined(tree):
            if name in names:
                raise JoinError(f"scripts/rescue: {names[name]}.py and {module}.py both define {name}")
            names[name] = module
        bodies.append(_section(module, tree, modules[module]))
    top = "\n".join(sorted(imports, key=_place))
    return HEADER + "\n" + top + "\n" + "".join(bodies) + FOOTER


def _place(line):
    """The order of imports: the standard library's first, as the formatter has it."""
    name = line.split()[1]
    return (name.split(".")[0] in ("h5py", "numpy"), line.startswith("from"), name)


def _is_import(node):
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _within(node):
    return isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "rescue"


def _needs(text):
    return [node.module.split(".")[1] for node in ast.parse(text).body if _is_import(node) and _within(node)]


def _ordered(modules):
    """The modules, each after those that it imports."""
    order, seen = [], []

    def visit(module):
        if module in order:
            return
        if module in seen:
            raise JoinError(f"scripts/rescue: {module}.py is imported in a circle")
        seen.append(module)
        for other in sorted(_needs(modules[module])):
            visit(other)
        order.append(module)

    for module in sorted(modules):
        visit(module)
    return order


def _defined(tree):
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _section(module, tree, text):
    """A module without its docstring and its imports, under a line that names it."""
    first = ast.get_docstring(tree).splitlines()[0]
    body = [node for node in tree.body[1:] if not _is_import(node)]
    start = min(node.lineno - len(getattr(node, "decorator_list", ())) for node in body)
    lines = text.splitlines()
    while start > 1 and lines[start - 2].startswith("#"):
        start -= 1
    return f"\n\n# -- {module}: {first}\n\n" + "\n".join(lines[start - 1 :]).strip("\n") + "\n"


def write(target=TARGET):
    """Write the joined file."""
    target.write_text(joined(), encoding="utf-8")

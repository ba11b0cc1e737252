"""The user's files that a model depends on, found without running them.

From the file that a configuration names: the modules that it imports and that lie below its folder, directly or
indirectly; and each file that a text in them names, such as ``"churn.csv"``. What is found in no such way belongs into
``depends``.
"""

import ast
from pathlib import Path

#: the folders in which installed packages lie, which are no code of the user's
INSTALLED = ("site-packages", "dist-packages")


def closure(file):
    """The paths of a file and of all that it depends on, sorted."""
    root, reached, pending = root_of(file), set(), [Path(file).resolve()]
    while pending:
        path = pending.pop()
        if path not in reached:
            reached.add(path)
            pending += opened(path, root) if path.suffix == ".py" else []
    return sorted(reached)


def root_of(file):
    """The folder from which a file is imported: the first one above it that is no package."""
    folder = Path(file).resolve().parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def opened(path, root):
    """The files that one file imports or names; none where it is no valid Python, which its training will say."""
    tree = parsed(path)
    if tree is None:
        return []
    nodes = list(ast.walk(tree))
    modules = {module for node in nodes for module in imported(node, path, root)}
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    files = [file for module in modules for file in files_of(module, root)]
    files += [path.parent / text for text in texts if is_name(text)]
    return [file.resolve() for file in files if file.is_file() and not set(INSTALLED) & set(file.parts)]


def parsed(path):
    try:
        return ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError):
        return None


def imported(node, path, root):
    """The dotted names that an import statement may import."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = path.parent
    for _ in range(node.level - 1):
        base = base.parent
    inside = node.level and base.is_relative_to(root)
    above = ".".join(base.relative_to(root).parts) if inside else ""
    module = ".".join(filter(None, (above, node.module)))
    return [module, *(".".join(filter(None, (module, alias.name))) for alias in node.names)]


def files_of(module, root):
    """The possible files of a module, and of the packages that it lies in."""
    parts = module.split(".")
    for length in range(1, len(parts) + 1):
        folder = root.joinpath(*parts[:length])
        yield from (folder.with_name(folder.name + ".py"), folder / "__init__.py")


def is_name(text):
    """Whether a text may name a file: short, in one line, with an ending."""
    return 2 < len(text) < 200 and "\n" not in text and "\0" not in text and "." in text[1:]

"""The user's files: imported from where they lie, with nothing written beside them, and for the Keras that is tested.

In these files ``keras`` and ``tf_keras`` both mean the runtime's Keras: the imports are rewritten while a file is
compiled, so that its line numbers stay. Other packages that import Keras are left as they are.
"""

import ast
import contextlib
import importlib
import importlib.machinery
import os
import sys
import traceback

#: the names under which a file imports Keras itself
NAMES = ("keras", "tf_keras")
#: what to install where the name of the module is not that of the package
PACKAGES = {
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
}


class CodeError(Exception):
    """The user's own code raised an exception, or does not give what it should; the message names their line."""


class Code(object):
    """The user's files below one or several folders.

    Parameters
    ----------
    keras : str
        The module that is Keras in this runtime.
    named_in : str
        The configuration file that names the code, for messages.
    """

    def __init__(self, keras, named_in):
        self.keras, self.named_in = keras, named_in
        self.roots, self.imports = [], set()

    def function(self, file, name):
        """A function of a file. Raises CodeError where the file cannot be imported or has no such function."""
        root, module = place(file)
        if root not in self.roots:
            self._open(root)
        imported = self.run(root, importlib.import_module, module)
        if os.path.realpath(getattr(imported, "__file__", None) or "") != os.path.realpath(file):
            raise CodeError("%s cannot be imported: Python has a module %s already. Rename the file." % (file, module))
        found = getattr(imported, name, None)
        if not callable(found):
            raise CodeError("%s has no function %s" % (os.path.basename(file), name))
        return lambda: self.run(os.path.dirname(file), found)

    def run(self, folder, function, *arguments):
        """Call a function of the user's in their folder, as they do. Raises CodeError with the line that raised."""
        try:
            with inside(folder):
                return function(*arguments)
        except Exception as error:
            raise CodeError("%s%s" % (self.told(error), self._remedy(error))) from error

    def told(self, error):
        """``churn.py line 12, in build: ValueError: ...``"""
        line = self.line(error)
        words = str(error) if not isinstance(error, SyntaxError) else error.msg
        return "%s%s: %s" % (line + ": " if line else "", type(error).__name__, words)

    def line(self, error):
        """``churn.py line 12, in build``: the last of the user's lines on an exception's way; "" if there is none."""
        if isinstance(error, SyntaxError) and error.filename and self.owns(error.filename):
            return "%s line %s" % (self.short(error.filename), error.lineno)
        frames = [f for f in traceback.extract_tb(error.__traceback__) if self.owns(f.filename)]
        if not frames:
            return ""
        return "%s line %d, in %s" % (self.short(frames[-1].filename), frames[-1].lineno, frames[-1].name)

    def owns(self, file):
        """Whether a file is one of the user's."""
        return any(is_below(file, root) for root in self.roots)

    def short(self, file):
        """The path of one of the user's files from their folder."""
        return os.path.relpath(file, next(root for root in self.roots if is_below(file, root)))

    def modules(self):
        """The user's modules that were imported."""
        return [m for m in list(sys.modules.values()) if self.owns(getattr(m, "__file__", None) or "")]

    def _open(self, root):
        """Have Python find modules in a folder first, by Loader."""
        code = self

        class Own(Loader):
            def source_to_code(self, data, path, **options):
                tree = ast.parse(data, path)
                ImportsOf(code.keras, code.imports).visit(tree)
                return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)

        machinery = importlib.machinery
        find = machinery.FileFinder.path_hook(
            (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES), (Own, machinery.SOURCE_SUFFIXES)
        )

        def hook(path):
            if not is_below(path, root):
                raise ImportError("not a folder of the user's")
            return find(path)

        sys.dont_write_bytecode = True  # packages may be installed below the folder too
        sys.path_hooks.insert(0, hook)
        sys.path_importer_cache.clear()
        sys.path.insert(0, root)
        self.roots.append(root)

    def _remedy(self, error):
        if not isinstance(error, ImportError) or not error.name or self.owns(error.path or ""):
            return ""
        package = error.name.split(".")[0]
        if package in sys.modules:  # it is there, and lacks what was asked for
            return ""
        wanted = PACKAGES.get(package, package.replace("_", "-"))
        return ". Add the package in %s: `environment: {requirements: [%s]}`" % (self.named_in, wanted)


class Loader(importlib.machinery.SourceFileLoader):
    """Compiles a file each time: no ``__pycache__`` is written, and none is read that another Python has left."""

    def get_code(self, fullname):
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class ImportsOf(ast.NodeTransformer):
    """Has the imports of ``keras`` and ``tf_keras`` give another Keras; adds the names that it met to ``met``."""

    def __init__(self, keras, met):
        self.keras, self.met = keras, met

    def visit_Import(self, node):
        return [self._import(node, alias) for alias in node.names]

    def _import(self, node, alias):
        name, _, rest = alias.name.partition(".")
        if name not in NAMES:
            return ast.copy_location(ast.Import([alias]), node)
        self.met.add(name)
        whole = self.keras + ("." + rest if rest and alias.asname else "")
        above, _, last = whole.rpartition(".")
        new = [ast.alias(last, alias.asname or name)]
        return ast.copy_location(ast.ImportFrom(above, new, 0) if above else ast.Import(new), node)

    def visit_ImportFrom(self, node):
        name, dot, rest = (node.module or "").partition(".")
        if node.level == 0 and name in NAMES:
            self.met.add(name)
            node.module = self.keras + dot + rest
        return node


def place(file):
    """(folder, module): where Python must look for a file, and its name there; a package's file keeps its package."""
    folder, module = os.path.dirname(os.path.realpath(file)), os.path.splitext(os.path.basename(file))[0]
    while os.path.exists(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        module = package + "." + module
    return folder, module


def is_below(path, root):
    """Whether a path is a user's: below a folder of theirs, and not a package that is installed there."""
    path = os.path.realpath(path)
    installed = path.startswith(os.path.realpath(sys.prefix) + os.sep) or "site-packages" in path.split(os.sep)
    return not installed and (path + os.sep).startswith(root + os.sep)


@contextlib.contextmanager
def inside(folder):
    """The current folder for a while: files that the user's code names lie there."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)

"""The lines of code of a way: those of its loaders and formats, read from their own files, for a user to paste.

Where a function is too long to be shown as a few lines there is no code, and the way is told in words alone.
"""

import ast
import functools
import re

from host.reproduce.compose import formatted
from host.reproduce.side import Side
from host.reproduce.sources import Place, resolve
from host.select.runtimes import Api
from host.upgrade.calls import NoLines
from host.upgrade.inline import Inliner, assignment
from host.upgrade.tidy import tidied

#: read as text (host.select.sources)
DEPENDS = ("roundtrip/loaders/*.py", "roundtrip/formats/*.py", "roundtrip/pieces/user_model.py")
#: a part that is longer is not shown
LONGEST = 12
#: use -> the line that follows, for a Keras model
THEN = {
    "resume": "{model}.fit(x, y)",
    "resume_reseeded": "{model}.fit(x, y)",
    "evaluate": "{model}.evaluate(x, y)",
    "inference": "{model}.predict(x)",
    "serve": "{model}.predict(x)",
}
#: what stands for the workflow's context beside host.reproduce.plain.VALUES
VALUES = {"ctx.build": "build", "ctx.module.compile": "compile_model"}
#: names in the lines -> what a reader puts there
YOURS = {
    "build": "your function that builds and compiles the model",
    "compile_model": "your function that compiles the model (model.compile)",
    "custom_objects": "your classes and functions by name: {'MyLayer': MyLayer}",
    "your_code": "the file that registers your classes and functions",
    "keras_rescue": "one file; copy scripts/keras_rescue.py of this project beside your code",
}
#: variables of a runtime that are the default anyway
DEFAULTS = {"KERAS_BACKEND": "tensorflow"}
LOADERS, FORMATS = "roundtrip.loaders", "roundtrip.formats"


class Writer:
    """Writes the lines of one runtime.

    Parameters
    ----------
    declared : dict
        The runtime's environment, as envs/ declares it.
    api : str
    has_custom_objects : bool
        Whether the model has layers or functions of its own.
    """

    def __init__(self, declared, api, has_custom_objects):
        self.side, self.own = Side(api, declared, deterministic=False), has_custom_objects
        self.api = Api(api, declared["apis"][api]["version"])
        self.variables = declared["apis"][api].get("variables", {})

    def loading(self, fmt, loader, use):
        """The lines that load a format's artifact and use it; None where they are too long."""
        return self._written(fmt, loader, functools.partial(self._use, use))

    def saving_again(self, fmt, loader, again):
        """The lines that load a format's artifact and save it in another format; None where they are too long."""
        return self._written(fmt, loader, functools.partial(self._save, again))

    def _written(self, fmt, loader, following):
        """The lines with what must be imported and set before them; ``following`` returns the last statements."""
        self.imports = {}
        try:
            lines = self._load(fmt, loader, following)
        except NoLines:
            return None
        used = words_of(lines)
        variables = {name: value for name, value in self.variables.items() if DEFAULTS.get(name) != value}
        named = {statement for name, statement in self.imports.items() if name in used}
        imports = sorted(named | ({"import os"} if variables else set()))
        setting = [f'os.environ["{name}"] = "{value}"' for name, value in sorted(variables.items())]
        starting = self.side.start
        tensorflow = ["import tensorflow as tf"] if "tf" in used | words_of(starting) else []
        own = ["import your_code"] if self.own and not used & {"build", "custom_objects"} else []
        whole = [*imports, *setting, *tensorflow, self.side.import_keras, *own, *starting, *lines]
        return formatted("\n".join(whole)).splitlines()

    def _load(self, fmt, loader, following):
        member = self.api.member("loaders", loader)
        files = Files(self.api.member("formats", fmt).FILES)
        begin, result = self._inlined(f"{LOADERS}.{loader}", "load", stands_for(files, member.BUILDS_OPTIMIZER))
        statements, result = tidied(begin, result)
        if not isinstance(result, ast.Name):
            statements.append(assignment("model", result))
            result = ast.Name("model", ast.Load())
        return text_of([*statements, *following(result, member)])

    def _save(self, fmt, model, loader):
        if not is_model(loader):
            raise NoLines("what is loaded is no Keras model")
        statements, result = self._inlined(f"{FORMATS}.{fmt}", "save", stands_for(), model, ast.Constant(""))
        return tidied(statements, result)[0]

    def _use(self, use, model, loader):
        line = THEN.get(use, "") if is_model(loader) else "{model}(x)"
        return ast.parse(line.format(model=model.id)).body

    def _inlined(self, where, function, stands, *given):
        """(statements, result) of a member's function."""
        if self.side.api == "tf1":
            raise NoLines("a graph with sessions has no model to show")
        runtime = {"rt.api": self.side.api, "rt.version": self.side.version}
        values = {**VALUES, **self.side.values}
        inliner = Inliner(runtime, stands, values, self._custom_objects())
        place = resolve(where, function)
        if not isinstance(place, Place):
            raise NoLines(f"{where} has no {function}")
        found = inliner.expand(place, given or [ast.Constant("folder")])
        self.imports.update(inliner.imports)
        return found

    def _custom_objects(self):
        return ast.Name("custom_objects", ast.Load()) if self.own else ast.Dict([], [])


class Files:
    """The names that a format's files have, from what it declares."""

    def __init__(self, declared):
        self.names = list(dict.fromkeys(name.partition("/")[0] for name in declared))

    def only(self, artifact, ending=None):
        """What roundtrip.loaders.only_file returns."""
        names = [name for name in self.names if name.endswith(ending.value if ending else "")]
        return ast.Constant(written_out(names[0]))

    def whole(self, artifact):
        """What roundtrip.loaders.only_path returns."""
        return ast.Constant(written_out(self.names[0]) if len(self.names) == 1 else "folder")

    def weights(self, artifact):
        """What roundtrip.loaders.weights_path returns."""
        for ending, cut in ((".weights.json", 0), (".index", len(".index"))):
            for name in self.names:
                if name.endswith(ending):
                    return ast.Constant(written_out(name[: len(name) - cut]))
        return self.only(artifact)


def written_out(pattern):
    """A file's name for a pattern: ``cp-[0-9][0-9].weights.h5`` is ``cp-00.weights.h5``."""
    return re.sub(r"\[0-9\]|\?", "0", pattern).replace("*", "1")


def is_model(loader):
    """Whether a loader gives a Keras model, and not only a function."""
    return bool({"fit", "evaluate", "layers"} & set(loader.GIVES))


def stands_for(files=None, builds=False):
    """What stands for the functions of the project that only look for a file, or create what fit creates anyway."""
    found = {
        Place(LOADERS, "build_optimizer"): optimizer_built if builds else nothing,
        Place(LOADERS, "built"): lambda model: model,
        Place(FORMATS, "path"): lambda folder, name: name,
    }
    by_name = {"only_file": files.only, "weights_path": files.weights, "only_path": files.whole} if files else {}
    return {**found, **{Place(LOADERS, name): function for name, function in by_name.items()}}


def nothing(model):
    """The optimizer's variables are created only to be compared, so the line is left out."""


def optimizer_built(model):
    return ast.parse(
        f"{ast.unparse(model)}.optimizer.build({ast.unparse(model)}.trainable_variables)", mode="eval"
    ).body


def text_of(statements):
    """The lines of the statements, without those that are there twice."""
    tree = ast.fix_missing_locations(ast.Module(statements, []))
    texts = dict.fromkeys(map(ast.unparse, tree.body))
    lines = [line for text in texts for line in text.splitlines()]
    if len(lines) > LONGEST:
        raise NoLines(f"{len(lines)} lines")
    return lines


def words_of(lines):
    """The names that occur in the lines."""
    return set(re.findall(r"(?<![.\w])[A-Za-z_]\w*", "\n".join(filter(None, lines))))


def yours(lines, builds=""):
    """{name: what a reader puts there} of the names in the lines; ``builds`` names the function, if it is known."""
    meanings = {**YOURS, "build": f"{YOURS['build']} ({builds})"} if builds else YOURS
    return {name: meaning for name, meaning in meanings.items() if name in words_of(lines)}

"""Collects the definitions that a cell needs, and puts them into one flat list, each under a name of its own."""

import ast
import builtins
import copy
import re

from host.reproduce import plain, sources
from host.reproduce.linking import (
    Inlined,
    Linked,
    Renamed,
    Shortened,
    drop_methods,
    locals_of,
    without_long_docstrings,
)
from host.reproduce.sources import CannotReproduce, External, Place

#: definitions -> what stands for them in a reproduction
INSTEAD = {
    Place("roundtrip.models", "once_per_keras"): "functools.lru_cache(maxsize=None)",
    Place("roundtrip.loaded", "Loaded"): "Loaded",
    Place("roundtrip.training", "BATCH_SIZE"): "BATCH_SIZE",
    Place("roundtrip.formats", "path"): "os.path.join",
}
MARK = re.compile(r"__place_(\d+)__")


class Cut:
    """The definitions that a reproduction consists of.

    Parameters
    ----------
    runtime : dict
        The values of ``rt.api`` and ``rt.version`` (host.reproduce.plain.Plain).
    modules : dict
        The modules that ``ctx.module`` and ``ctx.modifier`` are.
    values : dict
        More expressions for attributes of ``rt`` (host.reproduce.plain.VALUES).
    """

    def __init__(self, runtime, modules, values):
        self.runtime, self.modules, self.values, self.pure = runtime, modules, dict(values), True
        self.places, self.names, self.trees, self.kept = [], {}, {}, {}
        self.imports = {"functools": "import functools"}  # name -> the statement that gives it
        self.roots = []

    def keep(self, place, words):
        """Leave out of a description what is not among these words; None keeps everything."""
        if words:
            self.kept[place] = words

    def name(self, module, name, as_name):
        """Say how a definition is called in the file, if something takes it."""
        self.names[sources.resolve(module, name)] = as_name

    def add(self, module, name, as_name=None):
        """Take a definition and all that it needs; returns its Place. ``as_name`` is its name in the file."""
        place = sources.resolve(module, name)
        if not isinstance(place, Place):
            raise CannotReproduce(f"{module} has no {name}")
        if as_name:
            self.names[place] = as_name
        self._take(place)
        self.roots.append(place)
        return place

    def refer(self, place, call=None):
        """The expression for a definition (or a call of it); takes the definition if nothing stands for it."""
        if place.name == "custom_objects" and not sources.has(place.module, "custom_objects"):
            return ast.Dict([], [])
        place = sources.resolve(place.module, place.name)
        instead = INSTEAD.get(place)
        if instead:
            return ast.parse(instead, mode="eval").body
        self._take(place)
        name = ast.Name(f"__place_{self.places.index(place)}__", ast.Load())
        return ast.Call(name, [], []) if call else name

    def _take(self, place):
        if place in self.places:
            return
        self.places.append(place)
        tree = copy.deepcopy(sources.definition(place))
        if place in self.kept:
            tree = Shortened(self.kept[place]).visit(tree)
        tree = Linked(self, place.module, locals_of(tree)).visit(tree)
        tree = plain.Plain(self).visit(tree)
        plain.refuse_rest(tree, f"{place.module}.{place.name}")
        self.trees[place] = without_long_docstrings(tree)

    def link(self, module, node):
        """The expression that a name or chain of attributes of a module stands for; None to leave it."""
        target = sources.resolve_expression(module, node)
        if isinstance(target, External):
            self.imports[target.name] = target.statement
        if isinstance(target, str):
            raise CannotReproduce(f"{module} hands the module {target} on")
        return self.refer(target) if isinstance(target, Place) else None

    def source(self):
        """The text of all definitions, each after those that it needs where the order matters."""
        for place, tree in self.trees.items():
            self.trees[place] = Inlined(self).visit(tree)
        self._drop_unused()
        self._name_all()
        text = [ast.unparse(ast.fix_missing_locations(self._named(place))) for place in self._ordered()]
        return "\n\n".join(dict.fromkeys(text))  # two names of one assignment give it twice

    def place_of(self, node):
        """The definition that a mark stands for; None for another expression."""
        found = MARK.match(node.id) if isinstance(node, ast.Name) else None
        return self.places[int(found.group(1))] if found else None

    def _drop_unused(self):
        """Forget what only code needed that does not run in this runtime, and methods that nothing calls."""
        count = None
        while count != len(self.trees):
            count = len(self.trees)
            reached, pending = set(), list(self.roots)
            while pending:
                place = pending.pop()
                if place not in reached:
                    reached.add(place)
                    pending += filter(None, map(self.place_of, ast.walk(self.trees[place])))
            self.trees = {place: tree for place, tree in self.trees.items() if place in reached}
            drop_methods(self.trees.values())

    def _name_all(self):
        taken = set(self.names.values()) | RESERVED
        for place in self.trees:
            if place not in self.names:
                avoided = taken | self._locals_of_users(place)
                member = place.module.split(".")[-1].strip("_")
                plain_name = place.name
                name = plain_name if plain_name not in avoided else f"{member}_{plain_name.strip('_')}"
                self.names[place] = name if name not in avoided else f"{name}_"
            taken.add(self.names[place])

    def _locals_of_users(self, place):
        mark = f"__place_{self.places.index(place)}__"
        found = set()
        for tree in self.trees.values():
            if any(isinstance(n, ast.Name) and n.id == mark for n in ast.walk(tree)):
                found |= locals_of(tree)
        return found

    def _named(self, place):
        tree = Renamed(self).visit(self.trees[place])
        if isinstance(tree, (ast.FunctionDef, ast.ClassDef)):
            tree.name = self.names[place]
        else:
            own = {p.name: self.names[p] for p in self.trees if p.module == place.module}
            for target in tree.targets:
                for n in ast.walk(target):
                    if isinstance(n, ast.Name):
                        n.id = own.get(n.id, n.id)
        return tree

    def _ordered(self):
        """Constants and classes first, then functions: only the former are evaluated where they stand."""
        done = []

        def add(place):
            if place not in done:
                tree = self.trees[place]
                eager = not isinstance(tree, ast.FunctionDef)
                for n in ast.walk(tree) if eager else [n for d in tree.decorator_list for n in ast.walk(d)]:
                    needed = self.place_of(n)
                    if needed:
                        add(needed)
                done.append(place)

        constants = [p for p, tree in self.trees.items() if isinstance(tree, ast.Assign)]
        for place in [*constants, *(p for p in self.places if p in self.trees)]:
            add(place)
        return done


#: names that the file around the definitions uses
RESERVED = set(dir(builtins)) | {
    *("keras", "tf", "v1", "np", "os", "sys", "json", "shutil", "subprocess", "tempfile", "traceback"),
    *("TRAIN", "TEST", "DATA", "EPOCHS", "MORE_EPOCHS", "BATCH_SIZE", "SEED", "SAMPLES", "LOADING", "Loaded"),
    *("FILES", "START", "CODE", "user_build", "API", "VERSION"),
    *("main", "new_model", "plain_model", "resume", "failed", "samples", "first_process", "second_process"),
    *("model", "loaded", "expected", "lost", "folder", "facet", "code", "error"),
}

"""Rewrites of the trees of definitions: names of other modules, constants, descriptions, the final names."""

import ast

from host.reproduce import sources
from host.reproduce.sources import External, Place

#: definitions -> what stands for them in Keras 3
IN_KERAS_3 = {Place("roundtrip.models", "ops"): "keras.ops"}


class Linked(ast.NodeTransformer):
    """Replaces the names of a module that stand for other definitions of the project."""

    def __init__(self, cut, module, local):
        self.cut, self.module, self.local = cut, module, local

    def visit_Name(self, node):
        if node.id in self.local or not isinstance(node.ctx, ast.Load):
            return node
        return self.cut.link(self.module, node) or node

    def visit_Attribute(self, node):
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and root.id not in self.local:
            linked = self._chain(node)
            if linked is not None:
                return linked
        return self.generic_visit(node)

    def _chain(self, node):
        """The expression for the longest part of a chain of attributes that stands for a definition."""
        target = sources.resolve_expression(self.module, node)
        if isinstance(target, (Place, External)):
            return self.cut.link(self.module, node)
        return None

    def visit_Call(self, node):
        text = ast.unparse(node.func)
        if text == "Loaded":
            return self._loaded(node)
        place = sources.resolve_expression(self.module, node.func) if text.split(".")[0] not in self.local else None
        if place in IN_KERAS_3 and self.cut.runtime.get("rt.api") == "keras3":
            return ast.parse(IN_KERAS_3[place], mode="eval").body
        return self.generic_visit(node)

    def _loaded(self, node):
        """``Loaded(model)`` is the model; what else a loader gives needs the class."""
        node.keywords = [k for k in node.keywords if k.arg not in NOTED]
        others = {k.arg for k in node.keywords} - {"keep"}
        if self.cut.pure and (others or not node.args):
            raise Impure
        if self.cut.pure:
            return self.visit(node.args[0])
        return self.generic_visit(node)


#: what a loader notes, and what only other uses read
NOTED = ("facts", "signatures", "look", "server")


class Impure(Exception):
    """A loader gives more than a Keras model."""


class Shortened(ast.NodeTransformer):
    """Leaves entries out of the dicts of a description, and the variables that only they used."""

    def __init__(self, words):
        self.words = words

    def visit_FunctionDef(self, node):
        node = self.generic_visit(node)
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        named = [s.targets[0].id if is_variable(s) else None for s in node.body]
        node.body = [s for s, name in zip(node.body, named, strict=True) if name is None or name in used]
        return node

    def visit_Dict(self, node):
        node = self.generic_visit(node)
        both = zip(node.keys, node.values, strict=True)
        kept = [(k, v) for k, v in both if not isinstance(k, ast.Constant) or k.value in self.words]
        if kept:
            node.keys, node.values = map(list, zip(*kept, strict=True))
        return node


def is_constant(node):
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Dict) and not node.keys)


def is_variable(statement):
    return isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)


class Renamed(ast.NodeTransformer):
    """Puts the final names where the marks are."""

    def __init__(self, cut):
        self.cut = cut

    def visit_Name(self, node):
        place = self.cut.place_of(node)
        return ast.Name(self.cut.names[place], node.ctx) if place else node


class Inlined(ast.NodeTransformer):
    """Puts the value of a function in its place, where it only returns a constant in this runtime."""

    def __init__(self, cut):
        self.cut = cut

    def visit_Call(self, node):
        node = self.generic_visit(node)
        node.keywords = [k for k in node.keywords if k.arg or not is_constant(k.value)]
        place = self.cut.place_of(node.func)
        tree = self.cut.trees.get(place)
        if not isinstance(tree, ast.FunctionDef) or node.args or node.keywords:
            return node
        body = tree.body[1:] if ast.get_docstring(tree) else tree.body
        constant = len(body) == 1 and isinstance(body[0], ast.Return) and is_constant(body[0].value)
        return body[0].value if constant else node


def locals_of(tree):
    """The names that are bound anywhere inside a function or class: parameters, variables, inner definitions."""
    found = set()
    methods = {id(m) for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for m in c.body}  # no names to each other
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node is not tree and id(node) not in methods:
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return found


def drop_methods(trees):
    """Remove the methods whose name occurs nowhere as an attribute; not of subclasses, whose base may call them."""
    trees = list(trees)
    used = {n.attr for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    for tree in trees:
        if isinstance(tree, ast.ClassDef) and {ast.unparse(base) for base in tree.bases} <= {"object"}:
            tree.body = [m for m in tree.body if not is_method(m) or m.name in used or m.name.startswith("__")]


def is_method(node):
    return isinstance(node, ast.FunctionDef)


def without_long_docstrings(tree):
    """The tree with the first line of each docstring alone."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node):
            node.body[0].value.value = ast.get_docstring(node).split("\n")[0]
    return tree

"""Rewrites the calls in a statement: the project's functions are put in their place (host.upgrade.inline)."""

import ast
import copy

from host.reproduce import sources
from host.reproduce.linking import is_constant
from host.reproduce.sources import External, Place


class NoLines(ValueError):
    """A function that cannot be shown as a few lines; the message says why."""


class Substituted(ast.NodeTransformer):
    """Puts expressions in the place of parameters."""

    def __init__(self, replaced, spread):
        self.replaced, self.spread = replaced, spread

    def visit_Name(self, node):
        return copy.deepcopy(self.replaced.get(node.id, node)) if isinstance(node.ctx, ast.Load) else node

    def visit_Call(self, node):
        keywords = []
        for keyword in node.keywords:
            spread = keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id in self.spread
            more = self.spread[keyword.value.id].items() if spread else ()
            keywords += [ast.keyword(name, value) for name, value in more] if spread else [keyword]
        node.keywords = keywords
        return self.generic_visit(node)


class Calls(ast.NodeTransformer):
    """Puts the statements of the project's functions before the statement that calls them."""

    def __init__(self, inliner, module, local):
        self.inliner, self.module, self.local, self.before, self.inside = inliner, module, local, [], 0

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name) and node.func.id == "Loaded":
            return self._loaded(node)
        node = self.generic_visit(node)
        node.keywords = [k for k in node.keywords if not is_empty(k.value)]
        if not isinstance(node.func, PlaceMark):
            return node
        place, given = node.func.place, {k.arg: k.value for k in node.keywords}
        if place in self.inliner.stands_for:
            return self.inliner.stands_for[place](*node.args, **given) or ast.Constant(None)
        if self.inside:
            raise NoLines(f"a function inside it calls {place.name}")
        statements, result = self.inliner.expand(place, node.args, given)
        self.before += statements
        return result or ast.Constant(None)

    def _loaded(self, node):
        """``Loaded(model)`` is the model, ``Loaded(predict=f)`` the function."""
        found = node.args or [k.value for k in node.keywords if k.arg == "predict"]
        if not found or {k.arg for k in node.keywords} & {"callbacks", "initial_epoch"}:
            raise NoLines("what it loads is more than a model")
        return self.visit(found[0])

    def visit_Lambda(self, node):
        return self._inner(node)

    def visit_FunctionDef(self, node):
        return self._inner(node)

    def _inner(self, node):
        self.inside += 1
        node = self.generic_visit(node)
        self.inside -= 1
        return node

    def visit_Name(self, node):
        return self._resolved(node) if node.id not in self.local and isinstance(node.ctx, ast.Load) else node

    def visit_Attribute(self, node):
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        resolved = node if not isinstance(root, ast.Name) or root.id in self.local else self._resolved(node)
        return self.generic_visit(node) if resolved is node else resolved

    def _resolved(self, node):
        target = sources.resolve_expression(self.module, node)
        if isinstance(target, External):
            self.inliner.imports[target.name] = target.statement
        if not isinstance(target, Place):
            return node
        definition = sources.definition(target)
        return copy.deepcopy(definition.value) if isinstance(definition, ast.Assign) else PlaceMark(target)


class PlaceMark(ast.Name):
    """The name of one of the project's functions, which is called."""

    def __init__(self, place=None):
        super().__init__(place and place.name, ast.Load())
        self.place = place


def is_empty(node):
    """Whether an argument says nothing: ``custom_objects={}``, ``**{}``."""
    return isinstance(node, ast.Dict) and is_constant(node)

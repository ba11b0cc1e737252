"""The definitions in the project's modules, found by their syntax trees; no module is imported."""

import ast
import dataclasses
import functools
import pathlib

SCRIPTS = pathlib.Path(__file__).resolve().parents[2]
#: what may be copied into a reproduction
PACKAGE = "roundtrip"


class CannotReproduce(ValueError):
    """There is no reproduction of a cell; the message says why."""


@dataclasses.dataclass(frozen=True)
class Place:
    """A definition: the name of a function, class or constant in a module."""

    module: str
    name: str


@dataclasses.dataclass(frozen=True)
class External:
    """A name that an import from outside the project gives, e.g. ``np`` of ``import numpy as np``."""

    statement: str
    name: str


class Module:
    """A module's definitions and imports, by the names that they have in it."""

    def __init__(self, name, file):
        self.name, self.tree = name, ast.parse(file.read_text(encoding="utf-8"))
        self.definitions, self.imports = {}, {}
        for node in self.tree.body:
            self._add(node)

    def _add(self, node):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            self.definitions[node.name] = node
        elif isinstance(node, ast.Assign):
            names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
            self.definitions.update(dict.fromkeys(names, node))
        elif isinstance(node, ast.Import):
            for alias in node.names:
                self.imports[alias.asname or alias.name.split(".")[0]] = (None, alias)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.imports[alias.asname or alias.name] = (node.module, alias)


def file_of(name):
    """The file of one of the project's modules; None if it is none of them."""
    if name.split(".")[0] != PACKAGE:
        return None
    base = SCRIPTS.joinpath(*name.split("."))
    files = (base.with_suffix(".py"), base / "__init__.py")
    return next((file for file in files if file.exists()), None)


@functools.cache
def module(name):
    return Module(name, file_of(name))


def resolve(module_name, name):
    """What a module means by a name: a Place, an External, the name of a module (str), or None if it has no such name.

    A name that only stands for another definition (``data = _custom.data``) gives that definition.
    """
    here = module(module_name)
    if name in here.definitions:
        return _followed(Place(module_name, name))
    if name not in here.imports:
        return f"{module_name}.{name}" if file_of(f"{module_name}.{name}") else None
    origin, alias = here.imports[name]
    whole = f"{origin}.{alias.name}" if origin else alias.name
    if file_of(whole):
        return whole
    if origin and file_of(origin):
        return resolve(origin, alias.name)
    words = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
    return External(f"from {origin} import {words}" if origin else f"import {words}", name)


def _followed(place):
    node = module(place.module).definitions[place.name]
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        target = resolve_expression(place.module, node.value)
        if isinstance(target, Place):
            return target
    return place


def resolve_expression(module_name, node):
    """What a name or a chain of attributes means in a module; None for any other expression."""
    if isinstance(node, ast.Name):
        return resolve(module_name, node.id)
    if isinstance(node, ast.Attribute):
        owner = resolve_expression(module_name, node.value)
        return resolve(owner, node.attr) if isinstance(owner, str) else None
    return None


def definition(place):
    """The syntax tree of a definition."""
    return module(place.module).definitions[place.name]


def has(module_name, name):
    """Whether a module defines or imports a name."""
    return resolve(module_name, name) is not None

"""The attributes and functions of each kind of member, as data. A member is checked against them when it is loaded.

Each kind's package has a ``KIND``. `make docs` generates docs/members.md from these.
"""

import ast
import difflib
import inspect
import io

from roundtrip import value_types as t

REQUIRED = object()
#: the default of an attribute whose value is the member's id
OWN_ID = object()


class MemberError(ValueError):
    """A member does not match its kind; the message gives the file, the name and the remedy."""


class Attribute(object):
    """An upper-case name at the top of a member."""

    def __init__(self, name, type, default, meaning):
        self.name, self.type, self.default, self.meaning = name, type, default, meaning


class Function(object):
    """A function of a member; its ``parameters`` are passed by position."""

    def __init__(self, name, parameters, meaning, required=False):
        self.name, self.parameters, self.meaning, self.required = name, parameters, meaning, required

    def __str__(self):
        return "%s(%s)" % (self.name, ", ".join(self.parameters))


class Kind(object):
    """The attributes and functions of a kind's members.

    Parameters
    ----------
    title : str
        The name of one member of the kind, e.g. ``format``.
    attributes : list of Attribute
    functions : list of Function
    exactly_one : tuple of str
        A member defines exactly one of these functions.
    at_least_one : tuple of str
        A member defines one or more of these functions.
    """

    def __init__(self, title, attributes, functions, exactly_one=(), at_least_one=()):
        self.title, self.attributes, self.functions = title, attributes, functions
        self.exactly_one, self.at_least_one = exactly_one, at_least_one

    def complete(self, module, name):
        """Check a member's module; set its ``ID`` and the defaults of missing attributes. Raises MemberError."""
        for find in (self.unknown, self.misdeclared, self.misdefined):
            for problem in find(module):
                raise MemberError("%s: %s docs/members.md: what a %s takes." % (module.__file__, problem, self.title))
        for attribute in self.attributes:
            if not hasattr(module, attribute.name):
                setattr(module, attribute.name, name if attribute.default is OWN_ID else attribute.default)
        module.ID = name

    def unknown(self, module):
        """The names that the file declares and its kind does not know, each with the remedy."""
        known = [attribute.name for attribute in self.attributes]
        for name in sorted(assigned(module.__file__) - set(known)):
            near = difflib.get_close_matches(name, known, 1, 0.6)
            meant = "Did you mean %s? " % near[0] if near else ""
            remedy = "Call a constant of the file's own _%s." % name
            yield "%s is no attribute of a %s. %s%s" % (name, self.title, meant, remedy)

    def misdeclared(self, module):
        """The attributes that are missing or of a wrong type, each with the remedy."""
        for attribute in self.attributes:
            words = "%s (%s)" % (attribute.type.words, attribute.meaning)
            if not hasattr(module, attribute.name):
                if attribute.default is REQUIRED:
                    yield "%s is missing. Declare it: %s." % (attribute.name, words)
            elif not attribute.type.fits(getattr(module, attribute.name)):
                value = repr(getattr(module, attribute.name))[:200]
                yield "%s is %s. Make it: %s." % (attribute.name, value, words)

    def misdefined(self, module):
        """The functions that are missing, conflict, or have other parameters, each with the remedy."""
        defined = [f for f in self.functions if hasattr(module, f.name)]
        for function in self.functions:
            if function.required and function not in defined:
                yield "there is no function %s. Define it." % function
        for function in defined:
            if not takes(getattr(module, function.name), len(function.parameters)):
                yield "%s is called with other arguments than it takes. Define %s." % (function.name, function)
        chosen = [f.name for f in defined if f.name in self.exactly_one]
        if self.exactly_one and len(chosen) != 1:
            yield "it defines %s. Define one of %s." % (", ".join(chosen) or "nothing", ", ".join(self.exactly_one))
        if self.at_least_one and not [f for f in defined if f.name in self.at_least_one]:
            yield "it defines none of %s. Define one." % ", ".join(self.at_least_one)


def assigned(path):
    """The upper-case names that a file assigns at its top, without those that begin with _."""
    with io.open(path, encoding="utf-8") as f:
        body = ast.parse(f.read()).body
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign)]
    names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return {name for name in names if name.isupper() and not name.startswith("_")}


def takes(function, count):
    """Whether a function can be called with this number of positional arguments."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    return True


def apis(default=REQUIRED):
    meaning = 'the apis that have it, each with a range of versions of Keras (in `tf1`, of TensorFlow); "" allows all'
    return Attribute("APIS", t.mapping(t.API, t.RANGE), default, meaning)


def rejects(meaning):
    return Attribute("REJECTS", t.mapping(t.TRAIT, t.REASON), {}, meaning + "; the cells of these models are left out")


def requires(meaning):
    return Attribute("REQUIRES", t.mapping(t.TRAIT, t.REASON), {}, meaning)


TITLE = Attribute("TITLE", t.TEXT, REQUIRED, "a short name")
LINK = Attribute("LINK", t.LINK, None, "the page of the documentation that describes it")
DEPENDENCIES = Attribute(
    "DEPENDS",
    t.tuples(t.PATH, "paths or globs below `scripts/`"),
    (),
    "the files that its step opens without importing them, e.g. a program that it starts; an edit of such a file, or "
    "of a module that the file imports, reruns the step. Write a literal: it is read without running the member",
)
BACKENDS = Attribute("BACKENDS", t.tuples(t.BACKEND), (), "the backends of Keras 3 that support it; () allows all")
PACKAGES = Attribute("PACKAGES", t.TEXTS, (), "the packages that must be installed besides TensorFlow")
WITHDRAWS = Attribute(
    "WITHDRAWS",
    t.WITHDRAWALS,
    (),
    "the promises that the documentation withdraws, each with the page and the models, artifacts, apis or versions "
    "concerned; a loader also declares here each facet that a format carries and the loader does not read",
)
REJECTS_IN = Attribute(
    "REJECTS_IN", t.mapping(t.API, t.mapping(t.TRAIT, t.REASON)), {}, "more `REJECTS`, which hold in one api only"
)

"""What the members of a kind declare and define, as data: checked when a member is loaded.

Each kind's package has its ``KIND``. docs/members.md is made from them (`make docs`).
"""

import ast
import difflib
import inspect
import io

from roundtrip import value_types as t

REQUIRED = object()
#: the default of an attribute that is called as the member is
OWN_ID = object()


class MemberError(ValueError):
    """A member does not declare or define what its kind does; the message names file, name and remedy."""


class Attribute(object):
    """An upper-case name at the top of a member."""

    def __init__(self, name, type, default, meaning):
        self.name, self.type, self.default, self.meaning = name, type, default, meaning


class Function(object):
    """A function of a member; ``parameters`` are given by position."""

    def __init__(self, name, parameters, meaning, required=False):
        self.name, self.parameters, self.meaning, self.required = name, parameters, meaning, required

    def __str__(self):
        return "%s(%s)" % (self.name, ", ".join(self.parameters))


class Kind(object):
    """What the members of a kind declare and define.

    Parameters
    ----------
    title : str
        What one is called, e.g. ``format``.
    attributes : list of Attribute
    functions : list of Function
    exactly_one : tuple of str
        The functions of which a member defines just one.
    """

    def __init__(self, title, attributes, functions, exactly_one=()):
        self.title, self.attributes, self.functions, self.exactly_one = title, attributes, functions, exactly_one

    def complete(self, module, name):
        """Check a member's module, and give it its ``ID`` and the defaults that it leaves out. Raises MemberError."""
        for find in (self.unknown, self.misdeclared, self.misdefined):
            for problem in find(module):
                raise MemberError("%s: %s docs/members.md: what a %s takes." % (module.__file__, problem, self.title))
        for attribute in self.attributes:
            if not hasattr(module, attribute.name):
                setattr(module, attribute.name, name if attribute.default is OWN_ID else attribute.default)
        module.ID = name

    def unknown(self, module):
        """What the file declares beside the attributes of its kind, with the remedy."""
        known = [attribute.name for attribute in self.attributes]
        for name in sorted(assigned(module.__file__) - set(known)):
            near = difflib.get_close_matches(name, known, 1, 0.6)
            meant = "Did you mean %s? " % near[0] if near else ""
            remedy = "Call a constant of the file's own _%s." % name
            yield "%s is no attribute of a %s. %s%s" % (name, self.title, meant, remedy)

    def misdeclared(self, module):
        """Which attributes are missing, or of another type, with the remedy."""
        for attribute in self.attributes:
            words = "%s (%s)" % (attribute.type.words, attribute.meaning)
            if not hasattr(module, attribute.name):
                if attribute.default is REQUIRED:
                    yield "%s is missing. Declare it: %s." % (attribute.name, words)
            elif not attribute.type.fits(getattr(module, attribute.name)):
                value = repr(getattr(module, attribute.name))[:200]
                yield "%s is %s. Make it: %s." % (attribute.name, value, words)

    def misdefined(self, module):
        """Which functions are missing, too many, or take something else, with the remedy."""
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


def assigned(path):
    """The upper-case names that a file assigns at its top; those that begin with _ are its own affair."""
    with io.open(path, encoding="utf-8") as f:
        body = ast.parse(f.read()).body
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign)]
    names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return {name for name in names if name.isupper() and not name.startswith("_")}


def takes(function, count):
    """Whether a function can be called with so many arguments."""
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    return True


def apis(default=REQUIRED):
    meaning = 'the apis that have it, and which versions of Keras (of TensorFlow in `tf1`); "" is every version'
    return Attribute("APIS", t.mapping(t.API, t.RANGE), default, meaning)


def rejects(meaning):
    return Attribute("REJECTS", t.mapping(t.TRAIT, t.REASON), {}, meaning + "; their cells are left out")


def requires(meaning):
    return Attribute("REQUIRES", t.mapping(t.TRAIT, t.REASON), {}, meaning)


TITLE = Attribute("TITLE", t.TEXT, REQUIRED, "what it is, in a line")
LINK = Attribute("LINK", t.LINK, None, "the page that documents it")
DEPENDENCIES = Attribute(
    "DEPENDS",
    t.tuples(t.PATH, "paths or globs below `scripts/`"),
    (),
    "the files that its step opens other than by an import, e.g. a program that it starts: an edit of one, or of what "
    "it imports, reruns the step; written as a literal, for it is read without running the file",
)
BACKENDS = Attribute("BACKENDS", t.tuples(t.BACKEND), (), "the backends of Keras 3 that have it; () is every one")
PACKAGES = Attribute("PACKAGES", t.TEXTS, (), "what must be installed beside TensorFlow")
WITHDRAWS = Attribute(
    "WITHDRAWS",
    t.WITHDRAWALS,
    (),
    "what documentation takes back, on which page, and for which models, artifacts, apis or versions; of a loader also "
    "each facet that a format carries and this loader leaves in the artifact",
)
REJECTS_IN = Attribute("REJECTS_IN", t.mapping(t.API, t.mapping(t.TRAIT, t.REASON)), {}, "`REJECTS` of one api alone")

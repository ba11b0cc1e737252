"""Types of the values that members declare: the name of each type in docs/members.md, and the values that fit."""

import re

from roundtrip.engines import ENGINES
from roundtrip.withdrawals import Withdrawal


class Type(object):
    """A type of value: ``words`` is its name, ``fits(value)`` checks a value."""

    def __init__(self, words, fits):
        self.words, self.fits = words, fits


def matching(words, pattern):
    """A text that matches a regular expression completely."""
    compiled = re.compile("(?:%s)$" % pattern, re.DOTALL)
    return Type(words, lambda value: isinstance(value, str) and compiled.match(value) is not None)


def one_of(words, allowed):
    return Type(words, lambda value: isinstance(value, str) and value in allowed)


def tuples(item, words=None):
    """A tuple of any length with items of the same type."""
    return Type(
        "tuple of %s" % (words or item.words + "s"),
        lambda value: isinstance(value, tuple) and all(item.fits(v) for v in value),
    )


def mapping(key, value):
    return Type(
        "{%s: %s}" % (key.words, value.words),
        lambda given: isinstance(given, dict) and all(key.fits(k) and value.fits(v) for k, v in given.items()),
    )


def fixed(*parts):
    """A tuple with exactly these parts."""
    return Type(
        "(%s)" % ", ".join(p.words for p in parts),
        lambda value: isinstance(value, tuple) and len(value) == len(parts) and all(map(_fits, parts, value)),
    )


def _fits(type, value):
    return type.fits(value)


def either(*types):
    return Type(" or ".join(t.words for t in types), lambda value: any(t.fits(value) for t in types))


def word(what):
    """The name of something: a facet, a trait, a layout, the id of a member."""
    return matching(what, r"[a-z]\w*(-\w+)*")


TEXT = matching("text", r"\S(.*\S)?")
LINK = matching("link", r"https://\S+")
#: a sentence for the report, of at least four words
REASON, EXPLANATION = (matching(what, r"\S+( \S+){3,}") for what in ("reason", "explanation"))
#: a pattern for files of an artifact, relative to its folder
GLOB = matching("glob", r"(?!/)(?!.*\.\.)\S+")
#: a range as pip writes it; an empty text allows every version
RANGE = matching("version range", r"((>=|<)\d[\d.]*|!=\d+\.\d+\.\*)(,((>=|<)\d[\d.]*|!=\d+\.\d+\.\*))*|")
PATH = matching("path or glob below `scripts/`", r"[\w*/]+\.\w+")
NUMBER = Type("number", lambda value: isinstance(value, int) and value > 0)
FLAG = Type("true or false", lambda value: isinstance(value, bool))
LIST = Type("list", lambda value: isinstance(value, list))
API = one_of("api", ENGINES)
BACKEND = one_of("backend", ("tensorflow", "jax", "torch"))
FACET, TRAIT, LAYOUT = word("facet"), word("trait"), word("layout")
FACETS, TRAITS, LAYOUTS, TEXTS = tuples(FACET), tuples(TRAIT), tuples(LAYOUT), tuples(TEXT)
WITHDRAWALS = Type(
    "tuple of withdrawals",
    lambda value: isinstance(value, tuple) and all(isinstance(w, Withdrawal) and LINK.fits(w.link) for w in value),
)

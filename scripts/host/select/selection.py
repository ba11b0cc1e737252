"""Resolves a selection: the known ids that a configuration names."""

import difflib
import fnmatch
import re

from host.schemas import ConfigError, did_you_mean, suggestion

#: the characters that make an entry a glob
WILD = re.compile(r"[*?]|\[.*?\]")


def select(chosen, known, where):
    """The ids that a selection names, without duplicates, in the order in which they are named.

    Parameters
    ----------
    chosen : str or list of str
        An id, a glob (``lstm_*``, ``tf*-keras2``), ``all``, or a list of these. An entry with ``!`` before it removes
        ids, at any position in the list. If a list has only such entries, they are removed from all ids.
    known : iterable of str
    where : str
        The file and the key, for error messages.

    Raises host.schemas.ConfigError if an entry matches nothing (with the most similar ids), or if no id remains.
    """
    entries = [chosen] if isinstance(chosen, str) else chosen
    removed = {name for entry in entries if entry[:1] == "!" for name in _matching(entry[1:], known, where)}
    included = [entry for entry in entries if entry[:1] != "!"] or ["all"]
    named = dict.fromkeys(name for entry in included for name in _matching(entry, known, where))
    remaining = [name for name in named if name not in removed]
    if not remaining:
        raise ConfigError(where, f"no id remains of {', '.join(included)}", "Remove an entry that begins with !.")
    return remaining


def one(chosen, known, where):
    """The id itself, if it is known. Raises host.schemas.ConfigError with what was perhaps meant."""
    if chosen not in known:
        runtimes = [name for name in known if name.rpartition("-")[0] == chosen]
        problem = f'"{chosen}" is an environment, and a runtime is wanted' if runtimes else f'there is no "{chosen}"'
        remedy = f"Choose of {', '.join(runtimes)}." if runtimes else suggestion(chosen, known)
        raise ConfigError(where, problem, remedy)
    return chosen


def _matching(entry, known, where):
    """The known ids that an entry (without ``!``) matches. Raises host.schemas.ConfigError if there are none."""
    matched = list(known) if entry == "all" else [name for name in known if fnmatch.fnmatchcase(name, entry)]
    if not matched and WILD.search(entry):
        raise ConfigError(where, f'nothing matches "{entry}"', did_you_mean(_near(entry, known), known))
    return matched or [one(entry, known, where)]


def _near(glob, known):
    """At most three ids that share long runs of characters with a glob."""
    text = WILD.sub("", glob)
    blocks = {name: difflib.SequenceMatcher(None, text, name).get_matching_blocks() for name in known}
    shared = {name: sum(block.size**2 for block in of_name) for name, of_name in blocks.items()}
    near = [name for name in known if shared[name] > 0.3 * len(text) ** 2]
    return sorted(near, key=lambda name: -shared[name])[:3]

"""A selection: which of the known ids a configuration names."""

import difflib
import fnmatch
import re

from host.schemas import ConfigError, did_you_mean, suggestion

#: what makes an entry a glob
WILD = re.compile(r"[*?]|\[.*?\]")


def select(chosen, known, where):
    """The ids that a selection names, each once, in the order in which they are named.

    Parameters
    ----------
    chosen : str or list of str
        An id; a glob (``lstm_*``, ``tf*-keras2``); ``all``; or a list of these. With ``!`` before it, an entry takes
        ids away, wherever it stands. A list of such entries alone takes them away from all.
    known : iterable of str
    where : str
        The file and the key, for the error's message.

    Raises host.schemas.ConfigError where an entry matches nothing, with the nearest ids, or where nothing is left.
    """
    entries = [chosen] if isinstance(chosen, str) else chosen
    taken_away = {name for entry in entries if entry[:1] == "!" for name in _matching(entry[1:], known, where)}
    included = [entry for entry in entries if entry[:1] != "!"] or ["all"]
    named = dict.fromkeys(name for entry in included for name in _matching(entry, known, where))
    left = [name for name in named if name not in taken_away]
    if not left:
        raise ConfigError(where, f"nothing is left of {', '.join(included)}", "Remove an entry that begins with !.")
    return left


def one(chosen, known, where):
    """The id itself, where it is known. Raises host.schemas.ConfigError with the nearest."""
    if chosen not in known:
        raise ConfigError(where, f'there is no "{chosen}"', suggestion(chosen, known))
    return chosen


def _matching(entry, known, where):
    """The known ids that an entry without its ``!`` matches. Raises host.schemas.ConfigError where there is none."""
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

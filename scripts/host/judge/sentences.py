"""The reason of a verdict, in words that need no glossary: what happens, and what the documentation says of it."""

from host.judge import facets

#: outcome of a failed step -> what the step does
DOES = {
    "refused": "fails with an error",
    "crashed": "kills its process",
    "timeout": "does not end within its time limit",
    "out_of_memory": "runs out of memory",
}
#: stage -> what is done there
AT = {"train": "Training", "save": "Saving", "load": "Loading", "use": "Loading works, but using the model"}
PROMISED = "The documentation promises that it works."
NOT_PROMISED = "No documentation promises that it works here."


def names(ids):
    """Facets in words: ``weights, optimizer state``."""
    return ", ".join(facets.every()[id_].NAME for id_ in ids)


def failure(ending, promised, lost=()):
    """What fails, whether that was promised, and which promised facets were lost before it."""
    step = AT.get(ending.stage, f"The stage {ending.stage}")
    before = f" Before that, this was lost: {names(lost)}." if lost else ""
    return f"{step} {DOES[ending.outcome]}. {PROMISED if promised else NOT_PROMISED}{before}"


def promise(ids):
    """That the documentation promises one facet, or several."""
    return f"The documentation promises {'it' if len(ids) == 1 else 'them'}."


def no_promise(ids):
    """That the documentation promises neither."""
    return f"No documentation promises {'it' if len(ids) == 1 else 'them'}."


def silent_loss(ids):
    return f"Wrong after loading, and no message says so: {names(ids)}. {promise(ids)}"


def degraded(ids):
    return f"Lost, as a warning says: {names(ids)}. {promise(ids)}"


def lost(ids):
    return f"Lost: {names(ids)}. {no_promise(ids)}"


def there(ids):
    return f"All of this is there, though no documentation promises it: {names(ids)}."


def kept(ids):
    return f"All that the documentation promises is there: {names(ids)}."


ONLY_RANDOM_STATE = "Only the random state is lost. No documentation promises it."
UNPROVED = "Nothing that was stored in the artifact could be compared, so nothing is proved."

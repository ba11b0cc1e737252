"""The words of findings: short names of runtimes and formats, and the sentence that says what is lost and when."""

import re
from collections import Counter

from host.judge import facets as facets_

#: api -> what people call it
APIS = {
    "keras3": "Keras 3",
    "keras2": "tf_keras",
    "keras2_graph": "tf_keras in graph mode",
    "tf1": "TensorFlow 1",
}
#: stage -> what is done there
STEP = {"train": "training", "save": "saving", "load": "loading", "use": "using the loaded model"}
#: outcome -> how a step ends
ENDS = {
    "refused": "fails with an error",
    "crashed": "kills the process",
    "timeout": "does not end",
    "out_of_memory": "runs out of memory",
}
#: use -> (what fails in it, what the documentation promises)
USES = {
    "resume": ("fails at the first training step", "training resumes"),
    "resume_reseeded": ("fails at the first training step", "training resumes"),
    "evaluate": ("fails when it is evaluated", "the model can be evaluated"),
    "inference": ("fails when it predicts", "the model can predict"),
    "serve": ("fails when it is served", "the model can be served"),
}
OTHER_USE = ("fails in use", "the model can be used")
#: a file's ending in a format's title
_ENDING = re.compile(r"(?<![\w.])\.\w[\w.]*\w")


def first_sentence(text):
    """The first sentence of a text, without its full stop."""
    return re.split(r"(?<=[^.\s][.!?])\s+(?=[A-Z`])", " ".join(text.split()), maxsplit=1)[0].rstrip(".")


def facets(ids):
    """Facets in words."""
    return ", ".join(facets_.every()[id_].NAME for id_ in ids)


def apis(axes):
    """The apis of a cell's runtimes: ``Keras 3``, ``tf_keras to Keras 3``; a brought artifact has the reader's."""
    ids = [axes[end].rpartition("-")[2] for end in ("producer", "consumer") if axes[end] != "brought"]
    return " to ".join(dict.fromkeys(APIS.get(id_, id_) for id_ in ids))


def artifact(cell):
    """What is saved: the ending of its file, else the last part of the format's title if it is a name, else all."""
    title = (cell.get("titles") or {}).get("format") or cell["cell"]["format"].replace("_", " ")
    file = _ENDING.search(title)
    last = title.rpartition(", ")[2]
    return f"`{file[0]}`" if file else last if last[:1].isupper() else title.replace(",", "")


def ending(cell):
    """What happens to a cell, in one sentence."""
    if cell["stage"] == "use":
        return f"Loads, then {USES.get(cell['cell']['use'], OTHER_USE)[0]}."
    if cell["stage"]:
        step = STEP.get(cell["stage"], f"the stage {cell['stage']}")
        return f"{step.capitalize()} {ENDS.get(cell['outcome'], cell['outcome'])}."
    lost = facets(cell["first_lost"]) or "what was promised"
    if cell["verdict"] == "degraded":
        return f"Loads, and a warning says what is lost: {lost}."
    return f"Loads without a message, but this is wrong: {lost}."


def promised(cells):
    """What the documentation promises of these cells' uses; "" where a process died whatever was promised."""
    uses = [cell["cell"]["use"] for cell in cells if cell["verdict"] in ("broken", "silent_loss", "degraded")]
    texts = dict.fromkeys(USES.get(use, OTHER_USE)[1] for use in uses)
    return f"The documentation promises that {joined(texts)}." if texts else ""


def lost(cells):
    """What is lost and when: for each pair of apis what happens to most cells, then what the documentation promises.

    The formats of one sentence stand before it: ```.h5` of Keras 3: Loads, then fails ...``.
    """
    groups = {}
    for cell in cells:
        groups.setdefault(apis(cell["cell"]), []).append(cell)
    by_ending = {}
    for name, some in groups.items():
        by_ending.setdefault(Counter(map(ending, some)).most_common(1)[0][0], {})[name] = some
    sentences = []
    for text, parts in by_ending.items():
        artifacts = dict.fromkeys(artifact(cell) for some in parts.values() for cell in some)
        sentences.append(f"{joined(artifacts)} of {joined(parts)}: {text}")
    return " ".join([*sentences, promised(cells)]).strip()


def joined(texts):
    """``a, b and c``."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last

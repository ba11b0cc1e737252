"""What a reproduction must show: the facets that its cell lost, or the error in which it ended."""

import dataclasses
import re

from host.judge import facets
from host.reproduce.sources import CannotReproduce

LOST, INTACT = ("different", "missing"), ("identical", "close")
#: facet -> the function that compares it (roundtrip.pieces.compare)
COMPARED = {
    "architecture": "described",
    "weights": "identical",
    "non_trainable_state": "identical",
    "predictions": "close",
    "evaluation": "close",
    "optimizer_config": "described",
    "optimizer_state": "identical",
    "compile_config": "compiled",
    "resume_trajectory": "close",
    "rng_state": "identical",
}
#: facets that no reproduction shows, with the reason
NOT_SHOWN = {
    "graph_rewrite": "it counts the nodes of a graph that this project's own rewrite adds",
    "http_answers": "it asks a server that is a part of this project",
    "signatures": "it compares with what this project's code expects of a signature",
    "files": "it compares with the files that this project knows of the format",
    "live_model": "it compares the model before and after saving, in one process",
}


@dataclasses.dataclass(frozen=True)
class Claim:
    """What the file must show.

    Parameters
    ----------
    lost : bool
        Whether a loss must be there: then the exit code must be 1, else 0.
    facets : tuple of str
        The facets that are compared.
    outcome, stage : str or None
        How the path ended, if not with a loaded model: ``refused``, ``crashed``, ``timeout``, ``out_of_memory``.
    error : str or None
        The class of the exception.
    """

    lost: bool
    facets: tuple
    outcome: str | None
    stage: str | None
    error: str | None

    @property
    def exit_code(self):
        return int(self.lost)

    def without(self, facets):
        """The same without some facets. Raises CannotReproduce where nothing is left."""
        kept = tuple(f for f in self.facets if f not in facets)
        if not kept and not self.outcome:
            raise CannotReproduce(f"the model cannot do what these need: {', '.join(self.facets)}")
        return dataclasses.replace(self, facets=kept)


def claim_of(verdict):
    """The Claim of a verdict.json. Raises CannotReproduce where nothing can be shown."""
    if verdict["outcome"] not in ("loaded", "loaded_with_warnings", "refused", "crashed", "timeout", "out_of_memory"):
        raise CannotReproduce(f"nothing was observed: {verdict['reason']}")
    relevant = {f: r for f, r in verdict["facets"].items() if r["relevant"]}
    lost = [f for f, r in relevant.items() if r["status"] in LOST]
    failed = verdict["outcome"] in ("refused", "crashed", "timeout", "out_of_memory")
    if lost or failed:
        losses = promised_first(lost, verdict)
        wanted = shown(base(losses)) or shown(losses)
    else:
        wanted = intact(relevant)
    if not wanted and not failed:
        raise CannotReproduce("; ".join(f"{f}: {NOT_SHOWN[f]}" for f in lost) or "nothing was compared")
    error = verdict.get("error") or {}
    return Claim(
        bool(lost or failed),
        wanted,
        verdict["outcome"] if failed else None,
        verdict["stage"] if failed else None,
        error.get("type") if failed else None,
    )


def promised_first(lost, verdict):
    """The lost facets that were promised; all of them where none was."""
    return [f for f in lost if verdict["facets"][f]["promised"]] or lost


def base(lost):
    """The facets without those that follow from others; all of them if there are no others."""
    return [f for f in lost if f not in facets.derived()] or lost


def shown(lost):
    return tuple(f for f in lost if f in COMPARED)


def intact(relevant):
    """What a kept cell compares: the promised facets, or where none was promised all that came back."""
    came_back = {f: r for f, r in relevant.items() if r["status"] in INTACT and f in COMPARED}
    return tuple(f for f, r in came_back.items() if r["promised"]) or tuple(came_back)


def places(verdict, facet):
    """The words in the places of a description that differ, e.g. {"layers", "trainable"}; None for all."""
    lines = verdict["facets"].get(facet, {}).get("detail", [])
    paths = [line.split(":")[0] for line in lines if re.match(r"[\w.\[\]]+: ", line)]
    outside = [path for path in paths if not path.startswith("config.")]
    words = {word for path in (outside or paths) for word in re.findall(r"[a-z_]+", path)}
    return words or None

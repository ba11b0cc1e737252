"""What a path promises: the facets of the format's contract that the loader restores, for this model and crossing."""

import dataclasses

from host.judge import facets
from host.select.cells import AXES
from host.select.matrix import traits
from host.select.runtimes import Api
from roundtrip import members

#: crossings that every contract covers: the same runtime, or newer versions
#: (https://www.tensorflow.org/guide/versions)
HOME = ("same", "newer")


@dataclasses.dataclass(frozen=True)
class Path:
    """A path to be judged: its members, as declared for its apis, and what lies between its runtimes.

    Parameters
    ----------
    cell : host.select.cells.Cell
    versions : (str, str)
        The Keras versions of the producer and the consumer.
    crossing : str
        What lies between the runtimes (host.select.pairs.crossing).
    within : set of str or None
        The facets that can be promised at all; set for the second half of a bridge (host.judge.bridge).
    reference_elsewhere : bool or None
        Whether the reference was recorded in another runtime than the consumer; None: derived from ``crossing``.
    brought : object or None
        The user's model (host.judge.of_user), which is no member.
    """

    cell: tuple
    versions: tuple
    crossing: str = "same"
    within: frozenset | None = None
    reference_elsewhere: bool | None = None
    brought: object | None = None

    def __post_init__(self):
        producer, consumer = map(self._api, AXES[::4], self.versions)
        facts = {
            "across": self.crossing != "same" if self.reference_elsewhere is None else self.reference_elsewhere,
            "model": self.brought or members.member("models", self.cell.model),
            "modifier": members.member("modifiers", self.cell.modifier),
            "use": members.member("uses", self.cell.use),
            "fmt": producer.member("formats", self.cell.format),
            "loader": consumer.member("loaders", self.cell.loader),
        }
        for name, value in facts.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "traits", frozenset(traits(self.model, self.modifier)))

    def _api(self, axis, version):
        return Api(getattr(self.cell, axis).rpartition("-")[2], version)


@dataclasses.dataclass(frozen=True)
class Contract:
    """What is promised for a path.

    Parameters
    ----------
    promised : dict
        facet -> link; None if the user's code supplies the facet, or if the promise follows from others.
    withdrawn : dict
        facet -> link of the page that withdraws the promise.
    must_run : frozenset
        The facets that would be promised if random state did not matter. A path that promises them must not raise.
    from_artifact : frozenset
        The facets that the use rests on and whose values are stored in the artifact, whichever runtime reads it.
        Unless one of them is intact, nothing is proved.
    relevant : tuple
        The facets that the use rests on.
    """

    promised: dict
    withdrawn: dict
    must_run: frozenset
    from_artifact: frozenset
    relevant: tuple

    @classmethod
    def of(cls, path):
        """The contract of a Path."""
        at_home = dataclasses.replace(path, crossing="same")  # stored values count even if no page covers the crossing
        own = {*facets.owed(), *path.loader.SUPPLIES}
        return cls(
            promised=promises(path),
            withdrawn=withdrawals(path),
            must_run=frozenset(promises(path, without=("rng",))),
            from_artifact=frozenset(f for f in promises(at_home) if f not in own and f in path.use.COMPARES),
            relevant=path.use.COMPARES,
        )


def promises(path, without=()):
    """{facet: link or None}: what format and loader together promise.

    Promised are the facets that the format carries and the loader restores, and the facets that the user's code
    supplies; not those that the documentation of either withdraws. Facets that follow from promised ones are promised
    too. A model that draws random numbers has a promised trajectory only if the random state is promised. If neither a
    page nor the loader covers the crossing, only what the user's code supplies is promised. ``without``: traits to
    ignore.
    """
    fmt, loader, known = path.fmt, path.loader, path.traits - set(without)
    carried = path.crossing in (*HOME, *fmt.CROSSES, *loader.READS_ACROSS)
    result = {f: link for f, link in fmt.CARRIES.items() if f in loader.RESTORES} if carried else {}
    result.update(dict.fromkeys(loader.SUPPLIES))
    gone = withdrawals(path, without)
    result = {f: link for f, link in result.items() if f not in gone}
    for facet, needs in facets.derived().items():
        if facet not in result and facet not in gone and all(n in result for n in needs):
            result[facet] = next((result[n] for n in needs if result[n]), None)
    if "rewrites" not in known:
        result.pop("graph_rewrite", None)  # nothing was rewritten
    if "rng" not in path.traits:
        result.pop("rng_state", None)  # recurrent layers have seed generators, but such a model draws no numbers
    if ("rng" in known and "rng_state" not in result) or "unrepeatable" in known:
        result.pop("resume_trajectory", None)
    result.update(dict.fromkeys(facets.owed()))
    return {f: link for f, link in result.items() if path.within is None or f in path.within}


def withdrawals(path, without=()):
    """{facet: link}: the promises that the documentation withdraws for such a model, layout and crossing."""
    known, members_here = path.traits - set(without), (path.fmt, path.loader)
    concerned = (w for m in members_here for w in m.WITHDRAWS if w.concerns(known, path.fmt.LAYOUT, path.crossing))
    return {facet: w.link for w in concerned for facet in w.facets}

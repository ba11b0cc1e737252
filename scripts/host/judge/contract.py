"""What a path promises: the format's contract as far as the loader takes it up, for a model, between two runtimes."""

import dataclasses

from host.judge import facets
from host.select.cells import AXES
from host.select.matrix import traits
from host.select.runtimes import Api
from roundtrip import members

#: what an artifact may cross under every contract: nothing, or the way to newer versions
#: (https://www.tensorflow.org/guide/versions)
HOME = ("same", "newer")


@dataclasses.dataclass(frozen=True)
class Path:
    """A path to be judged: its members as its apis have them, and what lies between its runtimes.

    Parameters
    ----------
    cell : host.select.cells.Cell
    versions : (str, str)
        Of the producer's and the consumer's Keras.
    crossing : str
        What lies between the runtimes (host.select.pairs.crossing).
    within : set of str or None
        The facets that can have been promised at all, where another artifact was read before (host.judge.bridge).
    reference_elsewhere : bool or None
        Whether the reference is of another runtime than the consumer; as ``crossing`` says where None.
    """

    cell: tuple
    versions: tuple
    crossing: str = "same"
    within: frozenset | None = None
    reference_elsewhere: bool | None = None

    def __post_init__(self):
        producer, consumer = map(self._api, AXES[::4], self.versions)
        facts = {
            "across": self.crossing != "same" if self.reference_elsewhere is None else self.reference_elsewhere,
            "model": members.member("models", self.cell.model),
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
    """What is promised of a path.

    Parameters
    ----------
    promised : dict
        facet -> link, None where the promise is the user's code or follows from others.
    withdrawn : dict
        facet -> link of the page that takes the promise back.
    must_run : frozenset
        The facets that would be promised if random state did not matter: what must at least run without an exception.
    from_artifact : frozenset
        The facets that the use rests on and whose values come out of the artifact, wherever it is read: without one
        of them nothing is proved.
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
        at_home = dataclasses.replace(path, crossing="same")  # also where no page says that it can be read there
        own = {*facets.owed(), *path.loader.SUPPLIES}
        return cls(
            promised=promises(path),
            withdrawn=withdrawals(path),
            must_run=frozenset(promises(path, without=("rng",))),
            from_artifact=frozenset(f for f in promises(at_home) if f not in own and f in path.use.COMPARES),
            relevant=path.use.COMPARES,
        )


def promises(path, without=()):
    """{facet: link or None} that format and loader together promise.

    The format's contract as far as the loader takes it from the artifact, and what the user's code supplies, less
    what either documentation withdraws for such models; and what follows from these. A model that draws random
    numbers has a promised trajectory only where the random state is promised. Where the artifact crosses what no
    page speaks of, only what the user's code supplies is left. ``without`` are traits that are left aside.
    """
    fmt, loader, known = path.fmt, path.loader, path.traits - set(without)
    carried = path.crossing in HOME or path.crossing in fmt.CROSSES
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
        result.pop("rng_state", None)  # no random number is drawn, though recurrent layers have seed generators
    if "rng" in known and "rng_state" not in result:
        result.pop("resume_trajectory", None)
    result.update(dict.fromkeys(facets.owed()))
    return {f: link for f, link in result.items() if path.within is None or f in path.within}


def withdrawals(path, without=()):
    """{facet: link} of the promises that documentation takes back for such a model, artifact and way."""
    known, members_here = path.traits - set(without), (path.fmt, path.loader)
    said = (w for m in members_here for w in m.WITHDRAWS if w.concerns(known, path.fmt.LAYOUT, path.crossing))
    return {facet: w.link for w in said for facet in w.facets}

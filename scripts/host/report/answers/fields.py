"""Fields of the tables: what happens to the models that were run, by one format, between two runtimes, for one use.

Each model counts once, by the best of the format's usual loaders: a user who knows the format's documentation takes
that one.
"""

import dataclasses

from host.report.answers import effects
from host.select.configuration import USUAL

#: the loaders that a user of a format takes; the first of equals is shown
LOADERS = (*USUAL["loaders"][:2], "build_optimizer_load_weights", *USUAL["loaders"][2:])
#: kind of the headline -> sign; each differs by its shape, not only by its colour
SIGNS = {"works": "✓", "works_but": "◑", "warns": "▼", "silent": "!", "fails": "✕"}
KEY = ("producer", "consumer", "format", "use")


@dataclasses.dataclass(frozen=True)
class Group:
    """The models of a field to which the same happens.

    Parameters
    ----------
    effect : host.report.answers.effects.Effect
    models : tuple of str
        The models' ids.
    cells : tuple of str
        One path for each model: the evidence.
    """

    effect: effects.Effect
    models: tuple
    cells: tuple


@dataclasses.dataclass(frozen=True)
class Field:
    """What happens by one format, from one runtime to another, for one use.

    Parameters
    ----------
    producer, consumer, format, use : str
        Ids.
    groups : tuple of Group
        The largest first, but what works comes first of all.
    """

    producer: str
    consumer: str
    format: str
    use: str
    groups: tuple

    @property
    def models(self):
        """The number of models that were run."""
        return sum(len(group.models) for group in self.groups)

    def number(self, *kinds):
        """The number of models to which one of these kinds of effects happens."""
        return sum(len(group.models) for group in self.groups if group.effect.kind in kinds)

    @property
    def works(self):
        """The number of models for which it works."""
        return self.number(effects.WORKS)

    @property
    def promised(self):
        """The number of models for which the documentation promises what the use is for."""
        return sum(len(group.models) for group in self.groups if group.effect.promised)

    @property
    def headline(self):
        """The group that the field is named after: what works for at least half of the models, else the largest."""
        if 2 * self.number(effects.WORKS, effects.RANDOM) >= self.models:
            return max(self.groups, key=lambda g: (g.effect.kind == effects.WORKS, g.effect.kind == effects.RANDOM))
        return max((g for g in self.groups if g.effect.kind not in (effects.WORKS,)), key=lambda g: len(g.models))

    @property
    def exceptions(self):
        """The groups that are not the headline, the largest first: the field's footnote."""
        return [group for group in self.groups if group is not self.headline]

    @property
    def status(self):
        """A key of SIGNS."""
        effect = self.headline.effect
        if effect.kind == effects.WORKS:
            return "works_but" if len(self.groups) > 1 else "works"
        if effect.kind == effects.RANDOM:
            return "works_but"
        return "fails" if effect.kind == effects.FAILS else "silent" if effect.silent else "warns"

    @property
    def words(self):
        """The field in words: ``works``, ``works, but not for 3 models``, ``silently loses the optimizer state``."""
        if self.headline.effect.kind == effects.RANDOM:
            return "works, but " + self.headline.effect.words
        if self.status == "works_but":
            return "works, but " + _but(self)
        return self.headline.effect.words


def _but(field):
    bad = field.number(effects.FAILS, effects.LOSES)
    if bad:
        return f"not for {bad} of {field.models} models"
    return "restarts the random state of " + (
        "1 model" if field.number(effects.RANDOM) == 1 else f"{field.number(effects.RANDOM)} models"
    )


def fields(cells, loaders=LOADERS, modifier="none"):
    """{(producer, consumer, format, use): Field} of judged cells.

    Parameters
    ----------
    cells : list of dict
        As returned by ``host.report.cells.judge``.
    loaders : sequence of str or None
        The loaders that count; None: all.
    modifier : str
        The modifier of the cells that count.
    """
    best = {}
    for cell in cells:
        ids = cell["cell"]
        if ids["modifier"] != modifier or (loaders and ids["loader"] not in loaders):
            continue
        effect = effects.effect(cell) if ids["use"] in effects.USES else None
        if effect is not None:
            rank = (-effects.KINDS.index(effect.kind), effect.silent, _order(ids["loader"]))
            models = best.setdefault(tuple(ids[axis] for axis in KEY), {})
            models.setdefault(ids["model"], []).append((rank, effect, cell["path"]))
    return {key: Field(*key, _groups(models)) for key, models in best.items()}


def _order(loader):
    return LOADERS.index(loader) if loader in LOADERS else len(LOADERS)


def _groups(models):
    groups = {}
    for model, tries in sorted(models.items()):
        _, effect, path = min(tries)
        key = effect._replace(promised=False)
        effects_, ids, paths = groups.setdefault(key, ([], [], []))
        effects_.append(effect)
        ids.append(model)
        paths.append(path)
    made = [Group(_promised(some), tuple(ids), tuple(paths)) for some, ids, paths in groups.values()]
    return tuple(sorted(made, key=lambda g: (g.effect.kind != effects.WORKS, -len(g.models), g.effect.words)))


def _promised(some):
    """One effect for all: promised if it is for most of them."""
    return some[0]._replace(promised=2 * sum(e.promised for e in some) > len(some))

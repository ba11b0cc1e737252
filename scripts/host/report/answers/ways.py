"""Ways around: for the models that a field fails for, other formats and loaders that were run and worked."""

from typing import NamedTuple

from host.report.answers import effects
from host.report.answers.fields import LOADERS

#: formats that a reader is pointed to first, where they work for as many models
FORMATS = ("keras_archive", "saved_model", "h5", "weights_h5", "weights_checkpoint", "tf_checkpoint")


class Way(NamedTuple):
    """Another format or loader between the same runtimes, for the same use.

    Parameters
    ----------
    format, loader : str
        Ids.
    works : int
        The number of models, of those that the field fails for, for which it works.
    of : int
        The number of these models that were run in this way.
    cell : str
        The path of one cell that worked: the evidence.
    """

    format: str
    loader: str
    works: int
    of: int
    cell: str


def ways(cells, modifier="none"):
    """What ``around`` reads: {(producer, consumer, use): {(format, loader): {model: (works, path)}}}."""
    tried = {}
    for cell in cells:
        ids = cell["cell"]
        effect = effects.effect(cell) if ids["use"] in effects.USES and ids["modifier"] == modifier else None
        if effect is not None:
            question = tried.setdefault((ids["producer"], ids["consumer"], ids["use"]), {})
            models = question.setdefault((ids["format"], ids["loader"]), {})
            models[ids["model"]] = (effect.kind == effects.WORKS, cell["path"])
    return tried


def around(field, tried):
    """The best Way around what a field fails for; None if nothing fails, or no way that was run works.

    The best one works for the most of these models, then takes the same format, then a usual loader.

    Parameters
    ----------
    field : host.report.answers.fields.Field
    tried : dict
        As returned by ``ways``.
    """
    failing = {m for g in field.groups if g.effect.kind in (effects.FAILS, effects.LOSES) for m in g.models}
    found = []
    for (format_, loader), models in tried.get((field.producer, field.consumer, field.use), {}).items():
        run = {model: models[model] for model in sorted(failing & set(models))}
        good = [path for works, path in run.values() if works]
        if good:
            found.append(Way(format_, loader, len(good), len(run), good[0]))
    return min(found, key=lambda way: _rank(way, field), default=None)


def _rank(way, field):
    usual = way.loader in LOADERS
    known = FORMATS.index(way.format) if way.format in FORMATS else len(FORMATS)
    return (-way.works, way.format != field.format, not usual, known, way.format, way.loader)

"""The matrix: every cell that the configuration selects and the members' declarations allow.

Compatibility is set algebra on what members declare. Excluded combinations are listed with a reason; axes that do not
matter for the reason are ``*``.
"""

import functools

from host.select.cells import AXES, KINDS, Cell
from host.select.runtimes import Runtime


def traits(model, modifier=None):
    """A model's declared traits, ``twin`` where it has one, and those that a modifier adds."""
    return set(model.TRAITS) | ({"twin"} if model.TWIN else set()) | set(modifier.TRAITS if modifier else ())


def rejected(member, model):
    """The member's reason for rejecting the model, or None."""
    for trait in sorted(traits(model) & set(member.REJECTS)):
        return member.REJECTS[trait]
    if not getattr(model, "TRAITS_ARE_KNOWN", True):
        return None
    for trait in sorted(set(getattr(member, "REQUIRES", {})) - traits(model)):
        return member.REQUIRES[trait]
    return None


def expand(blocks, known):
    """All cells of a list of blocks, and the excluded combinations.

    Parameters
    ----------
    blocks : list of dict
        Axis (plural) -> list of ids, as resolved by ``host.select.configuration``; of a user's model, the model.
        ``consumers`` is {producer: [consumers]}; a producer without an entry is its own consumer.
    known : dict
        {id: Runtime}, as returned by ``host.select.runtimes.known``.

    Returns
    -------
    cells : list of Cell
        In order, without duplicates.
    excluded : list of dict
        The axes (``*`` for those that do not matter) and ``reason``.
    """
    cells, excluded = {}, {}

    @functools.cache
    def misfit(axes, members_here):
        """Why these members do not fit together, or None. A reason is added to ``excluded`` once."""
        reason = CHECKS[axes](*members_here)
        if reason:
            ids = {axis: m.id if isinstance(m, Runtime) else m.ID for axis, m in zip(axes, members_here, strict=True)}
            excluded[tuple(ids.get(axis, "*") for axis in AXES)] = reason
        return reason

    for block in blocks:
        paths = [{}]
        for axis in AXES:
            due = [axes for axes in CHECKS if axes[-1] == axis]
            extended = ({**path, axis: m} for path in paths for m in _choices(block, axis, path, known))
            paths = [p for p in extended if not any(misfit(axes, tuple(p[a] for a in axes)) for axes in due)]
        for path in paths:
            cells[Cell(*(m.id if isinstance(m, Runtime) else m.ID for m in path.values()))] = None
    return list(cells), [dict(zip(AXES, key, strict=True), reason=reason) for key, reason in excluded.items()]


def _choices(block, axis, path, known):
    """The choices on an axis, given those on the axes before it; formats and loaders as declared for their runtime."""
    if axis == "producer":
        return [known[r] for r in block["producers"]]
    if axis == "consumer":
        producer = path["producer"].id
        return [known[r] for r in block.get("consumers", {}).get(producer, [producer])]
    runtime = path.get("consumer", path["producer"])
    return [runtime.member(KINDS[axis], n) if isinstance(n, str) else n for n in block[KINDS[axis]]]


def _supplied(model, consumer, loader):
    """A loader that builds the model from code needs code that the consumer can run."""
    return consumer.lacks(model, "model") if "architecture" in loader.SUPPLIES else None


def _reads(fmt, loader):
    if fmt.LAYOUT not in loader.READS:
        return f"{loader.TITLE} does not read {fmt.TITLE}"
    return None if loader.IS_LOADER else f"{loader.TITLE} reads artifacts that the user brings, and no others"


def _modified(modifier, loader):
    missing = sorted(set(loader.REQUIRES_MODIFIER) - set(modifier.TRAITS))
    return loader.REQUIRES_MODIFIER[missing[0]] if missing else None


def _gives(loader, use):
    missing = sorted(set(use.NEEDS) - set(loader.GIVES))
    return f"{loader.TITLE} gives nothing to {' or '.join(missing)}" if missing else None


#: axes -> function that returns why members of these axes do not fit together, or None; checked at the last of the axes
CHECKS = {
    ("producer", "model"): lambda producer, model: producer.lacks(model, "model"),
    ("producer", "modifier"): lambda producer, modifier: producer.lacks(modifier, "modifier"),
    ("model", "modifier"): lambda model, modifier: rejected(modifier, model),
    ("producer", "format"): lambda producer, fmt: producer.lacks(fmt, "format"),
    ("model", "format"): lambda model, fmt: rejected(fmt, model),
    ("format", "loader"): _reads,
    ("consumer", "loader"): lambda consumer, loader: consumer.lacks(loader, "loader"),
    ("model", "loader"): lambda model, loader: rejected(loader, model),
    ("modifier", "consumer"): lambda modifier, consumer: consumer.lacks(modifier, "modifier"),
    ("modifier", "loader"): _modified,
    ("model", "consumer", "loader"): _supplied,
    ("loader", "use"): _gives,
    ("consumer", "use"): lambda consumer, use: consumer.lacks(use, "use"),
    ("model", "use"): lambda model, use: rejected(use, model),
}

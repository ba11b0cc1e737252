"""The matrix: every path that the selection names and the members' declared facts allow.

Compatibility is set algebra on what members declare; what does not fit is listed with its reason, at the
first axis where it fails (the axes beyond are ``*``).
"""

import collections
import itertools

from packaging.specifiers import SpecifierSet

from roundtrip import members

AXES = ("producer", "model", "modifier", "format", "consumer", "loader", "use")
#: axis -> kind of member; producer and consumer are runtimes
KINDS = {"model": "models", "modifier": "modifiers", "format": "formats", "loader": "loaders", "use": "uses"}

Cell = collections.namedtuple("Cell", AXES)


class Runtime:
    """An environment opened through one api, with the facts that members are matched against.

    Parameters
    ----------
    environment : dict
        What ``host.environment.load`` returns.
    api : str
    """

    def __init__(self, environment, api):
        self.environment, self.api = environment["id"], api
        self.id = f"{self.environment}-{api}"
        declared = environment["apis"][api]
        self.module, self.version = declared["module"], declared["version"]
        self.variables = declared.get("variables", {})
        self.tensorflow = environment["tensorflow"]
        self.packages = set(environment["packages"])
        self.arguments = f"--api {api} --module {self.module}"
        self.python = f"results/environments/{self.environment}/venv/bin/python"
        self.preload = f"tensorflow,{self.module}"
        self.assignments = " ".join(f"{k}={v}" for k, v in sorted(self.variables.items()))

    def contains(self, versions):
        """Whether this api's Keras is in a range of versions; "" is all of them."""
        return not versions or SpecifierSet(versions).contains(self.version, prereleases=True)

    def as_it_is_here(self, member):
        """The member with what it declares for this api alone worked in."""
        return members.in_api(member, self.api, self.contains)

    def lacks(self, member, what):
        """Why this runtime has no such member, or None."""
        if self.api not in member.APIS:
            return getattr(member, "EXCLUDED", {}).get(self.api) or f"{self.api} has no {what} {member.ID}"
        wanted = member.APIS[self.api]
        if not self.contains(wanted):
            return f"{what} {member.ID} needs {self.module} {wanted}, {self.environment} has {self.version}"
        missing = sorted(set(getattr(member, "PACKAGES", ())) - self.packages)
        if missing:
            return f"{what} {member.ID} needs {', '.join(missing)}, which {self.environment} does not install"
        return None


def traits(model):
    """A model's declared traits, and ``twin`` where it has one."""
    return set(model.TRAITS) | ({"twin"} if model.TWIN else set())


def rejected(member, model):
    """The member's reason for rejecting the model, or None."""
    for trait in sorted(traits(model) & set(member.REJECTS)):
        return member.REJECTS[trait]
    for trait in sorted(set(getattr(member, "REQUIRES", {})) - traits(model)):
        return member.REQUIRES[trait]
    return None


def runtimes(environments):
    """{id: Runtime} of all environments and their apis."""
    found = (Runtime(e, api) for e in environments.values() for api in e["apis"])
    return {r.id: r for r in found}


def expand(blocks, known):
    """All cells of a list of blocks, and what was left out.

    Parameters
    ----------
    blocks : list of dict
        Axis (plural) -> list of ids, completed by ``host.config`` (``all`` resolved).
    known : dict
        What ``runtimes`` returns.

    Returns
    -------
    cells : list of Cell, without repeats, in order
    excluded : list of dict, the axes (``*`` where not reached) and ``reason``
    """
    cells, excluded = {}, {}

    def leave_out(reason, **axes):
        excluded.setdefault(tuple(axes.get(axis, "*") for axis in AXES), reason)

    for block in blocks:
        chosen = {kind: [members.member(kind, m) for m in block[kind]] for kind in members.KINDS}
        for producer in (known[r] for r in block["producers"]):
            formats = [producer.as_it_is_here(f) for f in chosen["formats"]]
            written = [
                (model, modifier, fmt)
                for model, modifier, fmt in itertools.product(chosen["models"], chosen["modifiers"], formats)
                if _can_write(producer, model, modifier, fmt, leave_out)
            ]
            for consumer in (known[r] for r in consumers(block, producer.id)):
                loaders = [consumer.as_it_is_here(x) for x in chosen["loaders"]]
                for fmt, loader in itertools.product(formats, loaders):
                    if not _can_read(producer, consumer, fmt, loader, leave_out):
                        continue
                    for model, modifier in [(m, o) for m, o, f in written if f is fmt]:
                        for use in chosen["uses"]:
                            cell = Cell(producer.id, model.ID, modifier.ID, fmt.ID, consumer.id, loader.ID, use.ID)
                            reason = _misfit(consumer, model, loader, use)
                            if reason:
                                leave_out(reason, **cell._asdict())
                            else:
                                cells[cell] = None
    return list(cells), [dict(zip(AXES, key, strict=True), reason=reason) for key, reason in excluded.items()]


def consumers(block, producer):
    """The runtimes that read what ``producer`` wrote: itself, or those that the block pairs it with."""
    return block.get("consumers") or [producer]


def _can_write(producer, model, modifier, fmt, leave_out):
    reason = producer.lacks(model, "model")
    if reason:
        leave_out(reason, producer=producer.id, model=model.ID)
        return False
    reason = producer.lacks(modifier, "modifier") or rejected(modifier, model)
    if reason:
        leave_out(reason, producer=producer.id, model=model.ID, modifier=modifier.ID)
        return False
    reason = producer.lacks(fmt, "format")
    if reason:
        leave_out(reason, producer=producer.id, format=fmt.ID)
        return False
    reason = rejected(fmt, model)
    if reason:
        leave_out(reason, producer=producer.id, model=model.ID, modifier=modifier.ID, format=fmt.ID)
    return not reason


def _can_read(producer, consumer, fmt, loader, leave_out):
    if producer.lacks(fmt, "format"):
        return False
    if fmt.LAYOUT not in loader.READS:
        leave_out(f"{loader.TITLE} does not read {fmt.TITLE}", format=fmt.ID, loader=loader.ID)
        return False
    reason = consumer.lacks(loader, "loader")
    if reason:
        leave_out(reason, format=fmt.ID, consumer=consumer.id, loader=loader.ID)
    return not reason


def _misfit(consumer, model, loader, use):
    missing = sorted(set(use.NEEDS) - set(loader.GIVES))
    if missing:
        return f"{loader.TITLE} gives nothing to {' or '.join(missing)}"
    lacking = consumer.lacks(use, "use") or ("architecture" in loader.SUPPLIES and consumer.lacks(model, "model"))
    if lacking:
        return lacking
    return rejected(loader, model) or rejected(use, model)

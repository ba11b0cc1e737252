"""The path of a brought artifact, as contracts read it: who wrote it is what it states about itself."""

import dataclasses

from packaging.version import Version

from host.select.runtimes import Api
from roundtrip import members


@dataclasses.dataclass(frozen=True)
class BroughtPath:
    """What a contract reads of a path (host.judge.contract.Path), for an artifact whose code nobody has."""

    fmt: object
    loader: object
    use: object
    traits: frozenset
    crossing: str
    within: frozenset | None = None

    @classmethod
    def of(cls, cell, about, versions):
        api = cell.consumer.rpartition("-")[2]
        declared = members.member("formats", cell.format)
        only = next(iter(declared.APIS)) if len(declared.APIS) == 1 and "architecture" in declared.CARRIES else api
        writer = about["api"] or (api if api in declared.APIS else only)
        consumer = Api(api, versions[0])
        home = writer if writer in declared.APIS else next(iter(declared.APIS))
        fmt = Api(home, (about["api"] and about["version"]) or versions[0]).member("formats", cell.format)
        use = members.member("uses", cell.use)
        traits = frozenset(about["traits"])
        crossing = between(writer, api, about["version"], versions)
        return cls(fmt, consumer.member("loaders", cell.loader), use, traits, crossing)


def between(writer, reader, version, versions):
    """The crossing (host.select.pairs.crossing), from the versions that a file states.

    Keras called itself 2.2.4-tf in several releases of TensorFlow: such a version says nothing.
    """
    if writer != reader:
        return f"{writer}-{reader}"
    own = Version(versions[1] if writer == "tf1" else versions[0])
    stated = Version(version) if version and not version.endswith("-tf") else own
    if stated > own:
        return "older"
    return "major" if stated.major != own.major and writer == "tf1" else "newer"

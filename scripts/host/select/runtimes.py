"""Runtimes: an environment used through one of its apis, with the facts that members are matched against."""

import functools
import os
import shlex

from packaging.specifiers import SpecifierSet

from roundtrip import members


class Api:
    """A programming interface, at one version of its Keras (or of TensorFlow, if its module is part of TensorFlow)."""

    def __init__(self, api, version):
        self.api, self.version = api, version

    def contains(self, versions):
        """Whether the version is in a range; "" is every version."""
        return not versions or SpecifierSet(versions).contains(self.version, prereleases=True)

    @functools.cache  # noqa: B019 - apis live as long as the process
    def member(self, kind, name):
        """A member, with its declarations for this api applied; each call returns the same object."""
        member = members.member(kind, name)
        return members.in_api(member, self.api, self.contains) if kind in ("formats", "loaders") else member


class Runtime(Api):
    """An environment used through one api, with the facts that members are matched against.

    Parameters
    ----------
    environment : dict
        As returned by ``host.environments.declared.load``.
    api : str
    own : bool
        Whether the user brings the environment.
    """

    def __init__(self, environment, api, own=False):
        declared = environment["apis"][api]
        super().__init__(api, declared["version"])
        self.environment, self.module = environment["id"], declared["module"]
        self.id = f"{self.environment}-{api}"
        self.variables = declared.get("variables", {})
        self.backend = self.variables.get("KERAS_BACKEND", "tensorflow")
        self.tensorflow = environment["tensorflow"]
        self.own = own
        self.packages = set(environment["packages"])
        # words for a shell, which an environment's file must not write into: its name, its variables
        self.arguments = f"--runtime {shlex.quote(self.id)} --module {self.module}"
        self.folder = shlex.quote(f"results/environments/{self.environment}")
        self.python = shlex.quote(
            environment.get("interpreter") or f"results/environments/{self.environment}/venv/bin/python"
        )
        self.preload = f"tensorflow,{self.module}"
        self.assignments = " ".join(f"{k}={shlex.quote(v)}" for k, v in sorted(self.variables.items()))
        #: the params of a step in one dict, because Snakemake inspects each params function again for every job
        self.step = {k: getattr(self, k) for k in ("arguments", "folder", "python", "preload", "assignments")}

    def lacks(self, member, what):
        """Why this runtime cannot use a member, or None. ``what`` is its kind, for the text."""
        if self.api not in member.APIS:
            return getattr(member, "EXCLUDED", {}).get(self.api) or f"{self.api} has no {what} {member.ID}"
        wanted = member.APIS[self.api]
        if not self.contains(wanted):
            return f"{what} {member.ID} needs {self.module} {wanted}, {self.environment} has {self.version}"
        backends = getattr(member, "BACKENDS", ())
        if backends and self.backend not in backends:
            return (
                f"{what} {member.ID} needs the backend {' or '.join(backends)}, {self.environment} has {self.backend}"
            )
        missing = sorted(set(getattr(member, "PACKAGES", ())) - self.packages)
        if missing:
            return f"{what} {member.ID} needs {', '.join(missing)}, which {self.environment} does not install"
        unset = [name for name in getattr(member, "VARIABLES", ()) if name not in os.environ]
        return f"{what} {member.ID} needs the environment variable {', '.join(unset)}" if unset else None


def known(environments, own=()):
    """{id: Runtime} of all environments and their apis; ``own`` are the ids of environments that the user brings."""
    opened = (Runtime(e, api, e["id"] in own) for e in environments.values() for api in e["apis"])
    return {r.id: r for r in opened}


def preferred(runtimes):
    """Of {id: Runtime}, those of the user's environments; all, if there are none.

    Of these, the defaults are chosen for the models and artifacts that the user brings.
    """
    return {id_: runtime for id_, runtime in runtimes.items() if runtime.own} or runtimes

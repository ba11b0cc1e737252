"""Runtimes: made up, as tests of the matrix need them, and those that envs/ declares."""

from helpers.places import ROOT
from host.environments import declared
from host.select import runtimes

ENVIRONMENT = {
    "id": "tf2.21",
    "tensorflow": "2.21.0",
    "packages": {"keras": "3.15.1", "tf-keras": "2.21.0"},
    "apis": {
        "keras3": {"module": "keras", "version": "3.15.1", "variables": {"KERAS_BACKEND": "tensorflow"}},
        "keras2": {"module": "tf_keras", "version": "2.21.0", "variables": {}},
    },
}
RUNTIMES = runtimes.known({"tf2.21": ENVIRONMENT})
MODULES = {"keras3": "keras", "keras2": "tensorflow.keras", "keras2_graph": "tensorflow.keras", "tf1": "tensorflow"}


def versions(tensorflow, keras=None, **apis):
    """An environment whose apis have these versions."""
    return {
        "id": keras or f"tf{tensorflow}",
        "tensorflow": tensorflow,
        "packages": {},
        "apis": {api: {"module": MODULES[api], "version": version} for api, version in apis.items()},
    }


def environments(glob="*.yaml"):
    """{id: environment} of the files in envs/."""
    return {path.stem: declared.load(path) for path in sorted((ROOT / "envs").glob(glob))}

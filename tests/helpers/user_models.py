"""The models of tests/user_models, as users write them, in a folder outside of the repository and with their data."""

import hashlib
import shutil

import numpy as np

from helpers.places import ROOT

SOURCE = ROOT / "tests/user_models"


def copy(folder):
    """The models in a folder, with data that the repository does not hold."""
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    random = np.random.default_rng(5)
    features = random.normal(size=(300, 12))
    np.savez(folder / "churn/churn.npz", x=features, y=(features[:, :1] > 0).astype(float))
    np.savetxt(folder / "vae/signals.csv", random.normal(size=(300, 32)).round(3), delimiter=",")
    return folder


def listing(folder):
    """{path: digest} of every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

"""The checkout's folders, and the built environment that tests on TensorFlow need."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts"
ENVIRONMENT = "tf2.21"
PYTHON = ROOT / "results/environments" / ENVIRONMENT / "venv/bin/python"
DATA = ROOT / "results/data/digits.npz"

#: a mark for what runs inside the environment, on the data
needs_tensorflow = pytest.mark.skipif(
    not (PYTHON.exists() and DATA.exists()), reason=f"the environment {ENVIRONMENT} is not built here: make builds it"
)

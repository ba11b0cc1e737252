"""What an edit reruns: dry runs after a small matrix of TensorFlow 1 and of a model with a twin has run."""

import os

import pytest

import workplace

CONFIG = """
epochs: {before: 5, after: 1}
matrix:
  - producers: [tf2.21-keras2]
    models: [mlp_functional]
    formats: [h5, keras_archive]
    loaders: [load_model]
    uses: [inference, transfer_model, transfer_twin]
  - producers: [tf2.21-tf1]
    models: [sum_threshold]
    formats: [frozen_graph, saver_v2]
    loaders: [flask_server, import_graph_def, build_restore]
    uses: [inference, serve_http]
"""


@pytest.fixture(scope="module")
def place():
    """A copy of the project in which the matrix has run."""
    with workplace.workplace() as found:
        found.share_environments(["tf2.21"])
        (found.folder / "config/config.yaml").write_text(CONFIG)
        found.snakemake(cores="all")
        yield found


def planned(place):
    """{rule: jobs} of a dry run, without what every run of another rule brings along."""
    jobs = place.planned()
    return {rule: n for rule, n in jobs.items() if rule not in ("all", "total", "report")}


def test_a_second_run_does_nothing(place):
    assert place.planned() == {}


@pytest.mark.parametrize(
    ("file", "jobs"),
    [
        # mlp_functional's transfer_twin by both formats, and none of its four other cells
        ("roundtrip/models/mlp_subclassed.py", {"load_artifact": 2, "verify_path": 2}),
        # flask_server's one cell, not those of the other loaders of TensorFlow 1
        ("roundtrip/serving.py", {"load_artifact": 1, "verify_path": 1}),
        ("serve.py", {"load_artifact": 1, "verify_path": 1}),
        ("roundtrip/frozen_model.py", {"load_artifact": 1, "verify_path": 1}),
        ("roundtrip/loaders/flask_server.py", {"load_artifact": 1, "verify_path": 1}),
        ("roundtrip/uses/transfer_twin.py", {"load_artifact": 2, "verify_path": 2}),
        # a package is opened with each of its modules
        ("roundtrip/uses/__init__.py", {"load_artifact": 9, "verify_path": 9}),
        # one engine: the cells of its api alone
        (
            "roundtrip/engines/session.py",
            {"train_model": 1, "save_artifact": 2, "load_artifact": 3, "verify_path": 3},
        ),
    ],
)
def test_an_edit_reruns_what_opens_the_file(place, file, jobs):
    path = place.folder / "scripts" / file
    before, times = path.read_bytes(), path.stat()
    path.write_bytes(before + b"\n# edited\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # contents decide, not times
    try:
        assert planned(place) == jobs
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert place.planned() == {}

"""The artifact between two steps: its own files, stray files of a save, and the copy that a loader reads."""

import types

import pytest

from host.judge.facets import files
from roundtrip import artifact, members
from roundtrip.loaders import only_file
from roundtrip.record import write_json
from roundtrip.records.seal import sealed

FORMATS = members.names("formats")


def lay(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)


def fmt(name):
    return members.member("formats", name)


def test_keras_3_4_0_leaves_the_weights_beside_the_archive(tmp_path):
    """https://github.com/keras-team/keras/issues/19921: a fact of the save, and in no loader's way."""
    folder, facts = tmp_path / "artifact", {}
    lay(folder, "model.keras", "model.weights.h5")
    artifact.write_facts(facts, str(folder), fmt("keras_archive"))
    assert facts["strays"] == ["model.weights.h5"]
    assert {f["path"] for f in facts["files"]} == {"model.keras", "model.weights.h5"}
    write_json(str(tmp_path / "manifest.json"), sealed(facts))
    with artifact.moved(str(tmp_path / "manifest.json"), str(tmp_path)) as moved:
        assert moved.startswith(str(tmp_path / "moved-"))
        assert only_file(moved) == f"{moved}/model.keras"
    assert not list(tmp_path.glob("moved-*"))


def test_a_stray_is_seen_and_named():
    manifest = {"files": [{"path": "model.keras"}, {"path": "model.weights.h5"}]}
    pair = types.SimpleNamespace(manifest=manifest, path=types.SimpleNamespace(fmt=fmt("keras_archive")))
    result = files.compare(pair)
    assert result.status == "different" and result.detail == ["model.weights.h5: not explained by the format"]
    assert "not explained" in files.explained(manifest["files"], fmt("keras_archive"))[1]["explanation"]


def test_what_lies_in_a_folder_of_the_format_goes_with_it(tmp_path):
    """A new TensorFlow may put into a SavedModel what no page explains yet, and need it."""
    lay(tmp_path, "model/saved_model.pb", "model/news.pb", "model.tmp")
    assert artifact.strays(str(tmp_path), fmt("saved_model")) == ["model.tmp"]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_that_a_format_declares_is_a_stray(name, tmp_path):
    declared = {**fmt(name).FILES, **fmt(name).OPTIONAL_FILES, **{f"{f}/x": "" for f in fmt(name).EMPTY}}
    lay(tmp_path, *[path.replace("[0-9]", "1").replace("?", "0").replace("*", "1") for path in declared])
    assert artifact.strays(str(tmp_path), fmt(name)) == []

"""What an artifact that the user brings is: told by content, named in errors, copied under the readers' names."""

import json
import re
import zipfile

import h5py
import numpy as np
import pytest
from helpers.places import ROOT

from host import schemas
from host.brought import contents, detect, take
from host.brought.magic import TABLE
from host.select import brought
from roundtrip.record import read_json

CONFIG = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"name": "d"}}]}}


def h5(path, **attributes):
    with h5py.File(path, "w") as f:
        for name, value in attributes.items():
            f.attrs[name] = value
        f.create_group("layers" if not attributes else "model_weights")
    return path


def archive(path, config=CONFIG, version="3.15.1"):
    with zipfile.ZipFile(path, "w") as f:
        f.writestr("config.json", json.dumps(config))
        f.writestr("metadata.json", json.dumps({"keras_version": version}))
    return path


def checkpoint(folder, name="model.ckpt", meta=True, objects=False):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.index").write_bytes((b"_CHECKPOINTABLE_OBJECT_GRAPH" if objects else b"") + b"x" * 20 + TABLE)
    (folder / f"{name}.data-00000-of-00001").write_bytes(b"1234")
    if meta:
        (folder / f"{name}.meta").write_bytes(b"\x0a\x02hi")
    return folder


def saved_model(folder, graph=b"\x08\x01\x12\x00", **files):
    folder.mkdir(parents=True)
    (folder / "saved_model.pb").write_bytes(graph)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_formats_are_told_by_content_whatever_the_name(tmp_path):
    files = {
        h5(tmp_path / "really_hdf5.keras", model_config="{}"): "h5",
        archive(tmp_path / "really_zip.h5"): "keras_archive",
        h5(tmp_path / "old.hdf5", layer_names=[b"a"]): "weights_h5_legacy",
        h5(tmp_path / "new.bin"): "weights_h5",
    }
    for name, content, fmt in (
        ("m.tflite", b"\x1c\0\0\0TFL3....", "litert"),
        ("m.onnx", b"\x08\x07\x12\x04me", "onnx"),
        ("f.pb", b"\x0a\x10node", "frozen_graph"),
        ("f.pbtxt", b'node {\n name: "x"\n}', "frozen_graph"),
        ("model-v1.ckpt", b"x" * 30 + TABLE, "saver_no_meta_graph"),
    ):
        (tmp_path / name).write_bytes(content)
        files[tmp_path / name] = fmt
    assert {path.name: detect.detect(path).format for path in files} == {p.name: fmt for p, fmt in files.items()}


def test_a_name_that_a_keras_would_refuse_is_replaced_and_that_is_said(tmp_path):
    found = detect.detect(h5(tmp_path / "really_hdf5.keras", model_config="{}"))
    assert list(found.files) == ["model.h5"] and "refuses the name, not the content" in found.note
    assert detect.detect(h5(tmp_path / "plain.h5", model_config="{}")).note == ""
    assert list(detect.detect(archive(tmp_path / "zip.h5")).files) == ["model.keras"]


def test_a_saved_model_is_found_from_its_parent_its_file_and_by_its_newest_version(tmp_path):
    for version in ("2", "10"):
        saved_model(tmp_path / "served" / version)
    parent = detect.detect(tmp_path / "served")
    assert parent.format == "saved_model_builder" and str(parent.files["model/saved_model.pb"]).endswith(
        "10/saved_model.pb"
    )
    assert "folder 10, of 2 versions" in parent.note
    assert detect.detect(tmp_path / "served/2/saved_model.pb").files["model/saved_model.pb"].parent.name == "2"
    assert detect.detect(saved_model(tmp_path / "keras", b"\x08\x01\x12_tf_keras_model")).format == "saved_model"


@pytest.mark.parametrize(
    "name", ["", "model.ckpt", "model.ckpt.index", "model.ckpt.meta", "model.ckpt.data-00000-of-00001"]
)
def test_a_checkpoint_is_found_from_each_of_its_names(tmp_path, name):
    found = detect.detect(checkpoint(tmp_path / "c") / name)
    assert found.format == "saver_v2" and len(found.files) == 3


def test_checkpoints_of_objects_and_of_several_steps(tmp_path):
    assert detect.detect(checkpoint(tmp_path / "o", "ckpt-1", False, True) / "ckpt-1").format == "tf_checkpoint"
    folder = checkpoint(checkpoint(tmp_path / "many", "model-1"), "model-10")
    assert len(detect.detect(folder / "model-1").files) == 3, "model-10 is another checkpoint"
    with pytest.raises(detect.Unsupported, match="several checkpoints"):
        detect.detect(folder)
    (folder / "checkpoint").write_text('model_checkpoint_path: "C:\\\\runs\\\\model-10"\n')
    found = detect.detect(folder)
    assert all("model-10" in name for name in found.files) and "Windows" in found.note


def test_a_list_of_files(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(CONFIG))
    weights = h5(tmp_path / "w.h5", layer_names=[b"d"])
    found = detect.detect([str(tmp_path / "a.json"), str(weights)])
    assert found.format == "json_weights" and set(found.files) == {"model.json", "weights.h5"}
    parts = sorted(str(p) for p in checkpoint(tmp_path / "c").iterdir())
    assert detect.detect(parts).format == "saver_v2"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p / "nothing.h5", "there is no"),
        (lambda p: h5(p / "data.h5", author="me"), "an HDF5 file that Keras did not write"),
        (lambda p: (p / "m.pt").write_bytes(b"\x80\x02ccopy_reg") and p / "m.pt", "it is a pickle"),
        (lambda p: (p / "m.h5").write_bytes(b"version https://git-lfs.github.com/spec/v1") and p / "m.h5", "Git LFS"),
        (lambda p: (p / "a.json").write_text(json.dumps(CONFIG)) and p / "a.json", "architecture without weights"),
        (lambda p: (checkpoint(p / "c") / "model.ckpt.index").unlink() or p / "c/model.ckpt", "lacks its .index"),
        (
            lambda p: saved_model(p / "d", b"\x08\x01\x12" + "\N{REPLACEMENT CHARACTER}".encode() * 9),
            "converted as if it were",
        ),
        (lambda p: h5(p / "w.weights.h5"), "weights alone.*add `build"),
    ],
)
def test_what_is_not_supported_names_the_users_file_and_key(tmp_path, make, words):
    config = {"artifacts": {"mine": {"path": str(make(tmp_path)), "trusted": False}}}
    with pytest.raises(schemas.ConfigError, match=r"mine.yaml, artifacts\.mine") as error:
        brought.cells(brought.resolve(config, "mine.yaml"), config, RUNTIMES, "mine.yaml")
    assert re.search(words, str(error.value)), error.value


def test_a_link_out_of_the_folder_is_no_part_of_the_artifact(tmp_path):
    saved_model(tmp_path / "s").joinpath("assets").symlink_to("/etc/hostname")
    with pytest.raises(detect.Unsupported, match="link that leaves"):
        detect.detect(tmp_path / "s")


def runtime(id_):
    from host.select.runtimes import Runtime

    environment, api = id_.rsplit("-", 1)
    version = {"keras3": "3.15.1"}.get(api, "2.21.0")
    declared = {"id": environment, "apis": {api: {"version": version, "module": "keras"}}, "tensorflow": "2.21.0"}
    return Runtime({**declared, "packages": ["onnx", "onnxruntime", "ai-edge-litert"]}, api)


RUNTIMES = {id_: runtime(id_) for id_ in ("tf2.21-keras3", "tf2.21-keras2", "tf2.21-tf1", "tf2.21-keras2_graph")}


def cells_of(path, **more):
    config = {"artifacts": {"mine": {"path": str(path), "trusted": False, **more.pop("entry", {})}}, **more}
    return brought.cells(brought.resolve(config, "mine.yaml"), config, RUNTIMES, "mine.yaml")


def test_only_a_file_that_states_compile_arguments_is_asked_to_resume(tmp_path):
    cells, excluded = cells_of(h5(tmp_path / "a.h5", model_config=json.dumps(CONFIG)))
    assert {c.use for c in cells} == {"inference"}
    assert any("states no compile arguments" in row["reason"] for row in excluded)
    h5(tmp_path / "b.h5", model_config=json.dumps(CONFIG), training_config=json.dumps({"loss": "mse"}))
    cells, _ = cells_of(tmp_path / "b.h5")
    assert {(c.loader, c.consumer) for c in cells if c.use == "resume"} == {
        (loader, consumer) for loader in ("load_model", "rescue") for consumer in ("tf2.21-keras3", "tf2.21-keras2")
    }


def test_the_configurations_selections_choose_the_cells(tmp_path):
    path = archive(tmp_path / "a.keras")
    chosen, _ = cells_of(path, consumers="tf2.21-keras3", loaders=["load_model"], uses="inference")
    assert [(c.consumer, c.loader, c.use) for c in chosen] == [("tf2.21-keras3", "load_model", "inference")]
    (tmp_path / "o.py").write_text("")
    with_code, _ = cells_of(path, entry={"custom_objects": str(tmp_path / "o.py")})
    without, excluded = cells_of(path)
    assert {c.loader for c in with_code} - {c.loader for c in without} == {"load_model_custom_objects"}
    assert any("needs `custom_objects`" in row["reason"] for row in excluded)
    with pytest.raises(schemas.ConfigError, match="choose tf2.21-keras2"):
        cells_of(path, consumers="tf2.21-keras2_graph")


def test_paths_are_relative_to_the_file_that_names_them(tmp_path, monkeypatch):
    (tmp_path / "place").mkdir()
    archive(tmp_path / "place/a.keras")
    (tmp_path / "place/mine.yaml").write_text("artifacts: {}")
    monkeypatch.chdir(tmp_path)
    files = schemas.Files({"place/mine.yaml": {"artifacts": {}}})
    items = brought.resolve({"artifacts": {"a": {"path": "a.keras", "trusted": False}}}, files)
    assert items["a"]["files"] == {"model.keras": str(tmp_path / "place/a.keras")}


def test_the_name_of_a_model_is_refused(tmp_path):
    config = {"artifacts": {"mlp_functional": {"path": str(archive(tmp_path / "a.keras"))}}}
    with pytest.raises(schemas.ConfigError, match="name of a model"):
        brought.resolve(config, "mine.yaml")


def test_the_copy_and_what_the_file_states(tmp_path):
    foreign = {"class_name": "Mine", "module": "my.code", "registered_name": "my>Mine", "config": {"name": "m"}}
    config = {
        "class_name": "Sequential",
        "module": "keras",
        "config": {"layers": [foreign]},
        "compile_config": {"loss": "mse"},
    }
    np.savez(tmp_path / "in.npz", x=np.ones(3))
    entry = {"path": str(archive(tmp_path / "a.keras", config)), "trusted": False, "inputs": str(tmp_path / "in.npz")}
    item = brought.resolve({"artifacts": {"a": entry}}, "mine.yaml")["a"]
    take.take(item, str(tmp_path / "out"))
    manifest = read_json(str(tmp_path / "out/manifest.json"))
    assert [f["path"] for f in manifest["files"]] == ["model.keras"]
    about = manifest["brought"]
    assert (about["api"], about["version"], about["custom"]) == ("keras3", "3.15.1", ["Mine"])
    assert about["traits"] == ["custom_unregistered"] and about["layers"] == [["Mine", "m"]]
    assert about["compiled"] == {"loss": "mse"}
    assert read_json(str(tmp_path / "out/item.json"))["inputs"] == "inputs.npz"
    assert (tmp_path / "out/inputs.npz").exists()


def test_traits_of_a_lambda_and_of_kerass_own_classes():
    own = {"class_name": "Dense", "module": "keras.layers", "registered_name": None, "config": {"name": "d"}}
    assert contents.traits({"config": {"layers": [own]}}, None) == []
    assert contents.traits({"config": {"layers": [{"class_name": "Lambda", "config": {}}]}}, None) == ["lambda"]


def test_the_version_of_tensorflow_that_a_graph_states(tmp_path):
    graph = b"\x08\x01\x12\x20\x0a\x10\x2a\x061.15.2\x32\x07unknown"
    assert (
        take.tensorflow_version({"model/saved_model.pb": saved_model(tmp_path / "s", graph) / "saved_model.pb"})
        == "1.15.2"
    )


def test_pretrained_is_answered_with_the_new_key():
    with pytest.raises(schemas.ConfigError, match="`artifacts`"):
        schemas.validate({"matrix": [], "pretrained": [{"id": "a", "path": "b"}]}, "config", "mine.yaml")


def test_the_example_expects_what_numpy_computes():
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_artifacts", ROOT / "artifacts/make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    items = schemas.load_yaml(ROOT / "config/artifacts.example.yaml")["artifacts"]
    expecting = {id_: item for id_, item in items.items() if "expected" in item}
    assert {id_.split("_")[0] for id_ in expecting} == {name.split("_")[0] for name in make.COMPUTES}
    for id_, item in expecting.items():
        compute = next(f for name, f in make.COMPUTES.items() if id_.startswith(name))
        computed = compute(**{name.removesuffix(":0"): np.array(v, "float32") for name, v in item["inputs"].items()})
        expected = {name.removesuffix(":0"): value for name, value in item["expected"].items()}
        assert set(computed) == set(expected)
        for name, value in computed.items():
            np.testing.assert_allclose(value, expected[name], rtol=1e-6)

"""The reader of Keras' saving library, on files written by hand: layers, order, optimizers, damage, what is not its."""

import io
import json
import sys
import zipfile

import h5py
import numpy as np
import pytest
from helpers.places import SCRIPTS

sys.path.insert(0, str(SCRIPTS))

from rescue.archive import read_archive  # noqa: E402
from rescue.archive_kind import is_archive  # noqa: E402
from rescue.held import Unreadable  # noqa: E402


def layer(kind, name, module="keras.layers", **config):
    return {"module": module, "class_name": kind, "config": {"name": name, **config}, "name": name}


def model(*layers, kind="Functional", name="model"):
    return {"class_name": kind, "config": {"name": name, "layers": list(layers)}, "name": name}


def numbers(count, start=0, shape=(3, 2)):
    return [np.full(shape, start + i, "float32") for i in range(count)]


def hdf5(contents, names=()):
    """The bytes of an HDF5 file: {path of an object: list of arrays}, {path: name}."""
    data = io.BytesIO()
    with h5py.File(data, "w") as file:
        for path, arrays in contents.items():
            group = file.create_group(path + "/vars" if path else "vars")
            if path in names:
                group.attrs["name"] = names[path]
            for i, array in enumerate(arrays):
                group[str(i)] = array
    return data.getvalue()


def archive(path, config, weights, version="3.8.0", **files):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", json.dumps({"keras_version": version}))
        file.writestr("config.json", json.dumps(config))
        file.writestr("model.weights.h5", weights)
        for name, data in files.items():
            file.writestr(name, data)
    return path


def seen(held):
    return [(w.layer, w.path, float(np.ravel(w.value)[0])) for w in held.weights]


def test_layers_have_the_names_and_the_order_of_the_config(tmp_path):
    inner = model(layer("Dense", "deep"), name="block")
    config = model(
        layer("InputLayer", "in"),
        layer("Dense", "second"),
        layer("Add", "sum", module="keras.src.ops.numpy"),
        inner,
        layer("pkg>Dense", "first"),
    )
    contents = {
        "layers/dense": numbers(2),
        "layers/dense_1": numbers(1, 7),
        "layers/functional/layers/dense": numbers(1, 9),
    }
    held = read_archive(archive(tmp_path / "a.keras", config, hdf5({"layers/input_layer": [], **contents})))
    assert held.ordered and held.keras == "3.8.0" and held.kind == "archive" and not held.damage
    assert held.config == {key: config[key] for key in ("class_name", "config")}
    assert seen(held) == [
        (("second",), "layers/dense/vars/0", 0),
        (("second",), "layers/dense/vars/1", 1),
        (("block", "deep"), "layers/functional/layers/dense/vars/0", 9),
        (("first",), "layers/dense_1/vars/0", 7),
    ]


def test_layers_inside_of_layers(tmp_path):
    cells = [layer("GRUCell", "gru_a"), layer("GRUCell", "gru_b")]
    stacked = layer("RNN", "stacked", cell=layer("StackedRNNCells", "cells", cells=cells))
    config = model(stacked, layer("TimeDistributed", "each", layer=layer("Dense", "wrapped")))
    contents = {"layers/rnn/cell/cells/gru_cell": numbers(1), "layers/rnn/cell/cells/gru_cell_1": numbers(1, 1)}
    contents["layers/time_distributed/layer"] = numbers(1, 2)
    held = read_archive(archive(tmp_path / "a.keras", config, hdf5(contents)))
    assert held.ordered
    assert [w.layer for w in held.weights] == [
        ("stacked", "cells", "gru_a"),
        ("stacked", "cells", "gru_b"),
        ("each", "wrapped"),
    ]


def test_keras_2_12_counts_a_layer_with_weights_twice_and_windows_writes_backslashes(tmp_path):
    config = model(layer("Dense", "a"), layer("Dense", "b"), layer("Dropout", "d"), layer("Dense", "c"))
    place = "_layer_checkpoint_dependencies\\"
    contents = {place + "dense": numbers(1), place + "dense_2": numbers(1, 1), place + "dense_4": numbers(1, 2)}
    contents.update({place + "dropout": [], "optimizer": numbers(1, 5)})
    weights = hdf5({path: arrays for path, arrays in contents.items()})
    backslashes = io.BytesIO()
    with h5py.File(io.BytesIO(weights)) as old, h5py.File(backslashes, "w") as new:
        for name in old:
            old.copy(name + "/vars", new, name=name + "\\vars")
    held = read_archive(archive(tmp_path / "a.keras", config, backslashes.getvalue(), version="2.12.0"))
    assert held.ordered and [w.layer for w in held.weights] == [("a",), ("b",), ("c",)]
    assert [w.value[0, 0] for w in held.weights] == [0, 1, 2] and len(held.optimizer) == 1
    assert held.weights[1].path == "_layer_checkpoint_dependencies/dense_2/vars/0"
    assert held.facts["current paths"][held.weights[2].path] == "layers/dense_2/vars/0"


@pytest.mark.parametrize(
    "contents, names, version",
    [
        # Keras 2 did not count a layer that it had written elsewhere: which Dense is this?
        ({"layers/dense": numbers(1)}, {}, "2.15.0"),
        ({"layers/dense": numbers(1), "layers/dense_1": numbers(1), "layers/gate": numbers(1)}, {}, "3.8.0"),
        # the file names another layer at this place than the config
        ({"layers/dense": numbers(1), "layers/dense_1": numbers(1)}, {"layers/dense": "b"}, "3.8.0"),
        ({"layers/dense": numbers(1), "layers/dense_1": numbers(1), "extra": numbers(1)}, {}, "3.8.0"),
    ],
)
def test_the_order_is_unknown_if_a_group_does_not_fit_the_config(tmp_path, contents, names, version):
    config = model(layer("Dense", "a"), layer("Dense", "b"))
    held = read_archive(archive(tmp_path / "a.keras", config, hdf5(contents, names), version))
    assert not held.ordered and len(held.weights) == len(contents)


def test_the_optimizers_variables_are_in_numeric_order_and_the_inner_ones_apart(tmp_path):
    contents = {
        "": [],
        "layers/dense": numbers(1),
        "optimizer": numbers(12),
        "optimizer/inner_optimizer": numbers(11, 50),
    }
    contents.update(
        {"metrics/mean": numbers(2), "layers/functional/optimizer": numbers(3), "_loss_tracker": numbers(1)}
    )
    contents.update({"optimizer/other": numbers(1), "layers/functional/metrics/mean": numbers(2)})
    config = model(layer("Dense", "a"), model(name="inner")) | {"compile_config": {"optimizer": "adam"}}
    held = read_archive(archive(tmp_path / "a.keras", config, hdf5(contents)))
    assert [v.value[0, 0] for v in held.optimizer] == list(range(12))
    assert [v.value[0, 0] for v in held.inner] == list(range(50, 61))
    assert held.facts == {"metrics": 5, "variables of other optimizers": 4} and held.compiled == {"optimizer": "adam"}
    assert len(held.weights) == 1


def test_weights_alone_have_the_names_that_they_state_and_no_order(tmp_path):
    path = tmp_path / "m.weights.h5"
    contents = {"layers/block": numbers(1), "layers/block/attend": numbers(1, 1), "again": numbers(1, 2)}
    path.write_bytes(hdf5(contents, {"layers/block": "block_1", "layers/block/attend": "attention"}))
    held = read_archive(path)
    assert {w.path: w.layer for w in held.weights} == {
        "again/vars/0": (),
        "layers/block/vars/0": ("block_1",),
        "layers/block/attend/vars/0": ("block_1", "attention"),
    }
    assert not held.ordered and held.kind == "weights" and held.config is None


def test_vocabularies_are_among_the_weights(tmp_path):
    config = model(layer("StringLookup", "words"), layer("Dense", "a"))
    weights = hdf5({"layers/string_lookup": [], "layers/dense": numbers(1)})
    name = "assets/layers/string_lookup/vocabulary.txt"
    held = read_archive(archive(tmp_path / "a.keras", config, weights, **{name: "ü\nb"}))
    assert held.ordered and [(w.path, w.layer) for w in held.weights][0] == (name, ("words",))
    assert held.weights[0].value.tolist() == ["ü", "b"]


def test_bfloat16_keeps_its_values(tmp_path):
    values = np.array([1.5, -2.25, 1e30], "float32")
    bits = (values.view("uint32") >> 16).astype("uint16")
    path = tmp_path / "m.weights.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset(
            "layers/dense/vars/0", data=(values.view("uint32") >> 16).astype("uint16").view("V2")
        )
        data.attrs["dtype"] = "bfloat16"
    (weight,) = read_archive(path).weights
    assert weight.value.astype("float32").tolist() == (bits.astype("uint32") << 16).view("float32").tolist()


def test_an_unzipped_archive_and_the_folder_of_backup_and_restore(tmp_path):
    (tmp_path / "d/assets/layers/lookup").mkdir(parents=True)
    (tmp_path / "d/assets/layers/lookup/vocabulary.txt").write_text("a")
    (tmp_path / "d/config.json").write_text(json.dumps(model(layer("Dense", "a"), layer("Lookup", "b"))))
    (tmp_path / "d/model.weights.h5").write_bytes(hdf5({"layers/dense": numbers(1), "layers/lookup": []}))
    held = read_archive(tmp_path / "d")
    assert is_archive(tmp_path / "d") and held.ordered and [w.layer for w in held.weights] == [("a",), ("b",)]

    backup = tmp_path / "b"
    backup.mkdir()
    (backup / "latest.weights.h5.bkp").write_bytes(hdf5({"layers/dense": numbers(1, 3)}))
    (backup / "training_metadata.json.bkp").write_text('{"epoch": 3, "batch": 0}')
    held = read_archive(backup)
    assert held.kind == "backup" and held.facts["epoch"] == 3 and held.weights[0].value[0, 0] == 3
    (backup / "latest.weights.h5").write_bytes(hdf5({"layers/dense": numbers(1, 4)}))
    (backup / "training_metadata.json").write_text('{"epoch": 4, "batch": 0}')
    held = read_archive(backup)
    assert held.facts["epoch"] == 4 and held.weights[0].value[0, 0] == 4


def test_shards_are_read_together_and_a_missing_one_is_named(tmp_path):
    (tmp_path / "m_0.weights.h5").write_bytes(hdf5({"layers/dense": numbers(1), "optimizer": numbers(2)}))
    with h5py.File(tmp_path / "m_1.weights.h5", "w") as file:
        file["optimizer/vars/2"] = np.float32(2)
    index = {"metadata": {}, "weight_map": {"/layers/dense/vars": "m_0.weights.h5"}}
    index["weight_map"]["/optimizer/vars"] = ["m_0.weights.h5", "m_1.weights.h5"]
    (tmp_path / "m.weights.json").write_text(json.dumps(index))
    for path in (tmp_path, tmp_path / "m.weights.json"):
        held = read_archive(path)
        assert is_archive(path) and len(held.optimizer) == 3 and float(held.optimizer[2].value) == 2
    (tmp_path / "m_1.weights.h5").unlink()
    for path in (tmp_path, tmp_path / "m.weights.json"):
        with pytest.raises(Unreadable, match="m_1.weights.h5"):
            read_archive(path)
        held = read_archive(path, damaged=True)
        assert len(held.optimizer) == 2 and [where for where, _ in held.damage] == ["m_1.weights.h5"]


BIG = {f"layers/dense_{i}" if i else "layers/dense": numbers(2, 10 * i, (40, 30)) for i in range(6)}
BIG_CONFIG = model(*(layer("Dense", f"d{i}") for i in range(6)))


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_truncated_archive_gives_what_is_left_and_never_a_wrong_value(tmp_path, part, compression):
    whole = archive(tmp_path / "whole.keras", BIG_CONFIG, hdf5(BIG))
    if compression == zipfile.ZIP_DEFLATED:
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "z.keras", "w", compression) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
        whole = tmp_path / "z.keras"
    expected = {w.path: w.value.tobytes() for w in read_archive(whole).weights}
    data = whole.read_bytes()
    path = tmp_path / "cut.keras"
    path.write_bytes(data[: int(len(data) * part)])
    assert is_archive(path)
    with pytest.raises(Unreadable, match="cut.keras"):
        read_archive(path)
    held = read_archive(path, damaged=True)
    assert held.damage and all(expected[w.path] == w.value.tobytes() for w in held.weights)
    if part >= 0.5 and compression == zipfile.ZIP_STORED:
        assert 0 < len(held.weights) <= 12 and held.weights[0].layer == ("d0",)
        assert part < 0.99 or len(held.weights) >= 11


def test_a_changed_byte_is_seen_by_the_zips_checksum(tmp_path):
    path = archive(tmp_path / "a.keras", BIG_CONFIG, hdf5(BIG))
    data = bytearray(path.read_bytes())
    at = data.index(np.float32(50).tobytes() * 20)
    data[at + 1] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(Unreadable, match="CRC"):
        read_archive(path)
    held = read_archive(path, damaged=True)
    assert len(held.weights) == 12 and "CRC" in held.damage[0][1]


def test_one_unreadable_dataset_costs_only_itself(tmp_path):
    path = tmp_path / "m.weights.h5"
    with h5py.File(path, "w") as file:
        file["layers/dense/vars/0"] = np.ones(3)
        file.create_dataset("layers/dense/vars/1", data=np.arange(5000.0), chunks=(5000,), compression="gzip")
        chunk = file["layers/dense/vars/1"].id.get_chunk_info(0)
    with open(path, "r+b") as file:
        file.seek(chunk.byte_offset + 10)
        file.write(b"\xff" * 200)
    with pytest.raises(Unreadable, match="layers/dense/vars/1"):
        read_archive(path)
    held = read_archive(path, damaged=True)
    assert [w.path for w in held.weights] == ["layers/dense/vars/0"]
    assert [where for where, _ in held.damage] == ["layers/dense/vars/1"]


def test_what_other_writers_wrote_is_not_its(tmp_path):
    with h5py.File(tmp_path / "old.keras", "w") as file:  # TensorFlow 2.11's save("x.keras")
        file.attrs["model_config"] = "{}"
        file["model_weights/dense/dense/kernel:0"] = np.ones(2)
    with h5py.File(tmp_path / "old.weights.h5", "w") as file:
        file.attrs["layer_names"] = [b"dense"]
        file["dense/dense/kernel:0"] = np.ones(2)
    np.savez(tmp_path / "a.npz", a=1)
    (tmp_path / "empty.keras").write_bytes(b"")
    (tmp_path / "a.json").write_text("[1]")
    (tmp_path / "folder").mkdir()
    for name in ("old.keras", "old.weights.h5", "a.npz", "empty.keras", "a.json", "folder", "missing"):
        assert is_archive(tmp_path / name) is False, name
    with pytest.raises(Unreadable, match="did not write it"):
        read_archive(tmp_path / "a.npz")

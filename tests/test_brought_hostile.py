"""Files that are made to break what looks at them before any job starts: an error that names them, or a finding.

Never a traceback, never a hang, never gigabytes of memory, and nothing is read beside the file.
"""

import json
import os
import re
import resource
import signal
import time
import zipfile

import h5py
import numpy as np
import pytest

from host import inspection, schemas
from host.brought import apart, bounded, contents
from host.brought.magic import TABLE
from host.select import brought
from warmstep import sandbox

#: seconds and bytes that looking at any of these files may take
SECONDS, MEMORY = 20, 1_500_000_000
LARGE = 200_000_000
GIGABYTES = 10_000_000_000
CONFIG = {"class_name": "Sequential", "config": {"layers": []}}
DEEP = '{"class_name": "Sequential", "config": ' + '{"config": ' * 200_000 + "1" + "}" * 200_001
needs_sandbox = pytest.mark.skipif(sandbox.missing() is not None, reason=f"no sandbox here: {sandbox.missing()}")


def sparse(path, begin, size=GIGABYTES, end=b""):
    """A file that is large, and takes no disk."""
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as f:
        f.write(begin)
        f.truncate(size)
        f.seek(size - len(end))
        f.write(end)
    return path


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as f:
        for name, content in members.items():
            f.writestr(f"{name}.json", content)
    return path


def zip_bomb(path):
    """Half a megabyte that unpacks to half a gigabyte of JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as f, f.open("config.json", "w") as config:
        config.write(b'{"class_name": "' + b"x" * 100)
        for _ in range(500):
            config.write(bytes(1_000_000))
    return path


def lying(path):
    """An archive whose member declares one byte, and unpacks to more."""
    content = archive(path, config=json.dumps(CONFIG) + " " * 5_000_000).read_bytes()
    real = (5_000_000 + len(json.dumps(CONFIG))).to_bytes(4, "little")
    path.write_bytes(content.replace(real, (1).to_bytes(4, "little")))
    return path


def encrypted(path):
    content = bytearray(archive(path, config=json.dumps(CONFIG)).read_bytes())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        content[content.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    path.write_bytes(content)
    return path


def h5(path, config, **more):
    with h5py.File(path, "w") as f:
        f.attrs["model_config"] = config
        for name, link in more.items():
            f[name] = link
    return path


def large_attribute(path, variable=False):
    """A configuration of 200 MB: a text of that size, or one that lies elsewhere in the file."""
    with h5py.File(path, "w", libver="latest") as f:
        f.create_group("model_weights")
        dtype = h5py.string_dtype() if variable else f"S{LARGE}"
        f.attrs.create("model_config", "{" + " " * (LARGE - 1) if variable else b"{", dtype=dtype)
    return path


def linked_from(path, target):
    """An HDF5 file that is told by the names of its entries, of which one leads to another file."""
    with h5py.File(path, "w") as f:
        f["vars"] = h5py.ExternalLink(str(target), "/x")
    return path


def folder(path, **files):
    path.mkdir()
    for name, content in files.items():
        (path / name.replace("__", ".")).write_bytes(content)
    return path


def pipe(path):
    os.mkfifo(path)
    return path


#: name -> (a function that makes the file, what the error says; None where there is a cell, and the readers decide)
FILES = {
    "ten gigabytes of JSON": (lambda p: sparse(p / "a.json", b'{"class_name": 1'), "10,000,000,000 bytes: no config"),
    "deep JSON": (lambda p: (p / "a.json").write_text(DEEP) and p / "a.json", "nested too deep"),
    "JSON of no model": (lambda p: (p / "a.json").write_text("{}") and p / "a.json", "JSON without a Keras model"),
    "YAML": (lambda p: (p / "a.yaml").write_text("a: &a [*a]") and p / "a.yaml", "cannot|can be told by its content"),
    "zip bomb": (lambda p: zip_bomb(p / "a.keras"), "500,000,116 bytes: no configuration"),
    "lying zip": (lambda p: lying(p / "a.keras"), "cannot be read|damaged"),
    "encrypted zip": (lambda p: encrypted(p / "a.keras"), "encrypted"),
    "half a zip": (lambda p: (p / "a.keras").write_bytes(b"PK\x03\x04" + bytes(99)) and p / "a.keras", "damaged zip"),
    "deep archive": (lambda p: archive(p / "a.keras", config=DEEP), None),
    "a list as config": (lambda p: archive(p / "a.keras", config="[1]", metadata='{"keras_version": 3}'), None),
    "deep HDF5": (lambda p: h5(p / "a.h5", "{}", deep=h5py.SoftLink("/deep")), None),
    "numbers as config": (lambda p: h5(p / "a.h5", np.arange(9)), None),
    "half an HDF5": (lambda p: (p / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(99)) and p / "a.h5", "nable to"),
    "large attribute": (lambda p: large_attribute(p / "a.h5"), "200,000,000 bytes: no configuration"),
    "large text": (lambda p: large_attribute(p / "a.h5", variable=True), "no configuration|allocation failed"),
    "link to a pipe": (lambda p: linked_from(p / "a.h5", pipe(p / "pipe")), "weights alone"),
    "pipe": (lambda p: pipe(p / "a.h5"), "there is no"),
    "large SavedModel": (lambda p: sparse(p / "s/saved_model.pb", b"\x08\x01\x12").parent, "no graph has more"),
    "large state": (
        lambda p: sparse(folder(p / "c", **{"m-1__index": TABLE, "m-2__index": TABLE}) / "checkpoint", b"mo").parent,
        "no configuration",
    ),
    "large index": (
        lambda p: sparse(folder(p / "c", **{"m__data-00000-of-00001": b"x"}) / "m.index", b"x", end=TABLE).parent,
        "no index",
    ),
}  # fmt: skip


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_looking_at_it_ends_soon_with_an_error_that_names_it_or_with_cells(tmp_path, name, trusted):
    make, words = FILES[name]
    path, children = make(tmp_path), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    begin = time.monotonic()
    config = {"artifacts": {"mine": {"path": str(path), "trusted": trusted}}}
    if words is None:
        assert brought.resolve(config, "mine.yaml")["mine"]["files"]
    else:
        with pytest.raises(schemas.ConfigError, match=r"mine.yaml, artifacts\.mine") as error:
            items = brought.resolve(config, "mine.yaml")
            brought.cells(items, config, {}, "mine.yaml")
        assert re.search(words, str(error.value)), error.value
    assert time.monotonic() - begin < SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < max(MEMORY, children * 1024 + 1)


def test_a_library_that_takes_too_much_memory_before_any_size_is_known_is_an_error(tmp_path):
    """HDF5 takes the memory for a large attribute when it is asked for the attributes' names."""
    path = large_attribute(tmp_path / "a.h5")
    with pytest.raises(bounded.Unsupported, match="memory|allocat"):
        apart.run(lambda: contents.stated("h5", {"model.h5": path}), None, memory=50_000_000)


@needs_sandbox
def test_what_is_told_of_a_file_is_told_by_the_file_and_those_beside_it_alone(tmp_path):
    """A library that a file has taken over could read no other."""
    secret = tmp_path / "elsewhere/secret"
    secret.parent.mkdir()
    secret.write_text("secret")
    (tmp_path / "a").mkdir()
    assert apart.run(lambda: secret.read_text(), None) == "secret"
    for forbidden in (secret.read_text, lambda: (tmp_path / "a/new").write_text("x"), lambda: os.kill(os.getppid(), 0)):
        with pytest.raises(bounded.Unsupported, match="Permission denied|not permitted"):
            apart.run(forbidden, [str(tmp_path / "a")])
    assert not (tmp_path / "a/new").exists()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), "ended by SIGSEGV"),
        (lambda: time.sleep(600), "cannot be read in 1 seconds"),
        (lambda: len(bytearray(2_000_000_000)), "memory"),
        (lambda: "x" * (apart.ANSWER + 1), "longer than 100,000,000 bytes"),
        (lambda: {}["key"], "KeyError"),
    ],
)
def test_whatever_happens_to_the_one_that_looks_is_an_error(function, words):
    begin = time.monotonic()
    with pytest.raises(bounded.Unsupported, match=words) as error:
        apart.run(function, [], seconds=1 if "seconds" in words else 60)
    assert error.value.remedy and time.monotonic() - begin < SECONDS


def test_what_a_config_states_that_is_not_what_keras_writes_is_left_out():
    odd = {"config": {"layers": [3, {"class_name": ["x"], "config": {"name": 5}}, {"config": 1}]}}
    assert contents.layers(odd) == [[None, None]]
    assert contents.layers({"config": {"layers": "text"}}) == contents.layers([1]) == []
    deep = inner = {"class_name": "Sequential", "config": []}
    for _ in range(5000):
        inner["config"].append({"class_name": "Model", "config": []})
        inner = inner["config"][0]
    assert len(contents.layers(deep)) == 5000


def found(path):
    return {door["what"] for door in inspection.inspect(str(path))}


def test_an_hdf5_whose_groups_are_reached_by_many_paths_is_inspected_once(tmp_path):
    """Forty groups, each with two links to the next: 2**40 paths. And one that is its own parent."""
    with h5py.File(tmp_path / "a.h5", "w") as f:
        here = f.create_group("0")
        for _ in range(40):
            inner = here.create_group("a")
            here["b"] = inner
            here = inner
        here["up"] = f["0"]
        here["bad"] = h5py.ExternalLink("/etc/hosts.h5", "/x")
        deep = f.create_group("/".join("d" * 1) + "/deep")
        for _ in range(3000):
            deep = deep.create_group("d")
        deep["worse"] = h5py.SoftLink("/0")
    begin = time.monotonic()
    assert found(tmp_path / "a.h5") == {"external link", "soft link"}
    assert time.monotonic() - begin < SECONDS


def test_yaml_whose_lists_hold_each_other_is_inspected_once(tmp_path):
    """Ten to the ninth entries by references ("billion laughs"), and a list within itself."""
    lines = ["a0: &a0 {class_name: Lambda, config: {name: l}}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    (tmp_path / "a.yaml").write_text("\n".join([*lines, "self: &self [*self]"]))
    begin = time.monotonic()
    assert found(tmp_path / "a.yaml") == {"Lambda layer"}
    assert time.monotonic() - begin < SECONDS


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.pb", "a.onnx", "a.tflite", "checkpoint"])
def test_a_file_of_gigabytes_is_not_read_by_the_inspection(tmp_path, name):
    begin = b'model_checkpoint_path: "a"\n' if name == "checkpoint" else b"\x1c\0\0\0TFL3" if "lite" in name else b"{"
    assert found(sparse(tmp_path / name, begin)) == {"not inspected"}

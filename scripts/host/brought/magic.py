"""What a single file is, by its content; by its name only where the content does not tell."""

import zipfile

import h5py

from host.brought.bounded import content, parsed

#: the last bytes of a table of LevelDB: the index of a checkpoint V2, or a whole checkpoint V1
#: https://github.com/google/leveldb/blob/main/doc/table_format.md
TABLE = bytes.fromhex("57fb808b247547db")
#: what is known, but is no artifact of TensorFlow or Keras
FOREIGN = {
    b"\x80\x02": "a pickle",
    b"\x80\x03": "a pickle",
    b"\x80\x04": "a pickle",
    b"\x80\x05": "a pickle",
    b"\x93NUMPY": "a single NumPy array",
    b"\x1f\x8b": "a gzip archive: unpack it first",
    b"version https://git-lfs": "a pointer of Git LFS, not the file itself: `git lfs pull` gets it",
}


def kind_of(path):
    """One of the words below, or a sentence's part for what is not supported, after ``not ``.

    ``h5``, ``weights_h5``, ``weights_h5_legacy``, ``keras_archive``, ``table`` (a checkpoint's), ``saved_model``,
    ``graph``, ``litert``, ``onnx``, ``architecture`` (JSON), ``data`` (a checkpoint's).
    """
    with path.open("rb") as f:
        head = f.read(64)
        f.seek(max(0, path.stat().st_size - 8))
        tail = f.read(8)
    for test in (_foreign, _hdf5, _zip, _flat, _json, _protobuf):
        kind = test(path, head)
        if kind:
            return kind
    if tail == TABLE:
        return "table"
    return "data" if ".data-" in path.name else "not an artifact that can be told by its content"


def _foreign(path, head):
    return next((f"not supported: it is {what}" for start, what in FOREIGN.items() if head.startswith(start)), None)


def _hdf5(path, head):
    if not head.startswith(b"\x89HDF\r\n\x1a\n"):
        return None
    with h5py.File(path, "r") as f:
        if "model_config" in f.attrs:
            return "h5"
        if "layer_names" in f.attrs or "layer_names0" in f.attrs:
            return "weights_h5_legacy"
        # the names alone: to ask for an entry would follow a link into another file
        if {"layers", "_layer_checkpoint_dependencies", "optimizer", "vars"} & set(f):
            return "weights_h5"
    return "not supported: an HDF5 file that Keras did not write (no model_config, no layer_names, no layers)"


def _zip(path, head):
    if not head.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.replace("\\", "/") for name in archive.namelist()]
    except zipfile.BadZipFile as error:
        return f"not supported: it is a damaged zip archive ({error})"
    if "config.json" in names:
        return "keras_archive"
    inside = "a PyTorch file" if any(n.endswith("data.pkl") for n in names) else "a zip without config.json: unpack it"
    return f"not supported: it is {inside}"


def _flat(path, head):
    return "litert" if head[4:8] == b"TFL3" else None


def _json(path, head):
    if not head.lstrip().startswith(b"{"):
        return None
    config = parsed(content(path))
    if config is None:
        return "not supported: JSON that cannot be parsed, or is nested too deep" if path.suffix == ".json" else None
    return "architecture" if {"class_name", "config"} <= set(config) else "not supported: JSON without a Keras model"


def _protobuf(path, head):
    """By the first fields. ONNX and SavedModel begin with a number (version), a GraphDef with a node or versions.

    https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (ModelProto),
    https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/saved_model.proto
    """
    if path.suffix in (".pb", ".pbtxt") and (path.name.startswith("saved_model.") or head.startswith(b"\x08\x01\x12")):
        return "saved_model"
    if head[:1] == b"\x08" and path.suffix == ".onnx":
        return "onnx"
    if path.suffix == ".meta":
        return "meta"
    graph = head[:1] in (b"\x0a", b"\x12", b"\x22") or head.lstrip().startswith((b"node {", b"node{", b"library {"))
    return "graph" if graph and path.suffix in (".pb", ".pbtxt") else None

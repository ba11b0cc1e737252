"""What a file itself states: its arrays by name and what they are for, read by h5py, zipfile or TensorFlow's reader.

None of these is a reader that is judged. An entry is {"name", "value", "role"}; roles: ``weight``, ``optimizer``,
``rng``, ``other`` (counters, metrics: nothing is held against them).
"""

import glob
import io
import os
import zipfile

import h5py
import numpy as np

ENDING = "/.ATTRIBUTES/VARIABLE_VALUE"


def arrays(ctx, fmt, path):
    """The entries of an artifact; empty for a format that no reader beside the judged ones reads."""
    read = READERS.get(fmt)
    return list(read(ctx, path)) if read else []


def legacy_h5(ctx, path):
    """Keras 2's HDF5: a group for each layer, whose attribute lists its weights in order."""
    with h5py.File(path, "r") as f:
        root = f["model_weights"] if "model_weights" in f else f
        for layer in listed(root, "layer_names"):
            for position, name in enumerate(listed(root[layer], "weight_names")):
                entry = {"name": name, "value": local(root[layer][name]), "role": "weight"}
                yield dict(entry, layer=layer, position=position)
        group = f.get("optimizer_weights")
        for name in listed(group, "weight_names") if group is not None else ():
            yield {"name": name, "value": local(group[name]), "role": "optimizer"}


def weights_h5(ctx, path):
    """Keras 3's ``.weights.h5``: ``vars/0``, ``vars/1``, ... in a group for each layer."""
    with h5py.File(path, "r") as f:
        for name in sorted_paths(f):
            value = local(f[name])  # Keras stores bfloat16 as two bytes without a meaning
            yield {"name": name, "value": value, "role": "other" if value.dtype.kind == "V" else role_of_path(name)}


def archive(ctx, path):
    with zipfile.ZipFile(path) as f:
        held = [n for n in f.namelist() if n.endswith(".weights.h5")]
        content = io.BytesIO(f.read(held[0])) if held else None
    return weights_h5(ctx, content) if content else ()


def local(dataset):
    """The values of a dataset. Raises ValueError if they lie in another file."""
    if dataset.external or dataset.is_virtual:
        raise ValueError("%s lies outside the file" % dataset.name)
    return np.array(dataset)


def listed(group, name):
    """The texts of an attribute, which Keras splits into ``name0``, ``name1``, ... if it is large."""
    found = group.attrs.get(name)
    if found is None:
        parts = (group.attrs.get("%s%d" % (name, i)) for i in range(len(group.attrs)))
        found = [x for part in parts if part is not None for x in part]
    return [x.decode("utf-8") if isinstance(x, bytes) else str(x) for x in found]


def sorted_paths(f):
    """The paths of all datasets named by a number below ``vars``, in natural order."""
    found = []

    def visit(name, value):
        parts = name.replace("\\", "/").split("/")
        if isinstance(value, h5py.Dataset) and parts[-1].isdigit() and parts[-2:-1] == ["vars"]:
            found.append((parts[:-2], int(parts[-1]), name))

    f.visititems(visit)
    return [name for _, _, name in sorted(found)]


def role_of_path(name):
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "optimizer":
        return "optimizer"
    if any("seed_generator" in part or part == "random_generator" for part in parts):
        return "rng"
    outside = parts[0] in ("vars", "metrics") or "metric" in parts[0] or "metrics" in parts
    return "other" if outside and parts[0] != "vars" else "weight"


def checkpoint(ctx, path):
    """A checkpoint or the variables of a SavedModel, V1 or V2, by names or by objects."""
    prefix = prefix_of(path)
    if prefix is None:
        return
    reader = ctx.v1.train.load_checkpoint(prefix)
    full, shapes = full_names(reader), reader.get_variable_to_shape_map()
    for key in sorted(shapes):
        if key == "_CHECKPOINTABLE_OBJECT_GRAPH" or key.endswith(".ATTRIBUTES/OBJECT_CONFIG_JSON"):
            continue
        value = reader.get_tensor(key)
        yield {"name": full.get(key) or key, "value": np.array(value), "role": role_of_key(key, bool(full))}


def prefix_of(path):
    """The checkpoint in a folder, or the variables of the SavedModel; None if there is none."""
    if os.path.isfile(path):
        return path
    for place in (os.path.join(path, "variables", "variables"), os.path.join(path, "*")):
        found = sorted(glob.glob(glob.escape(path) + place[len(path) :] + ".index"))
        if found:
            return found[0][: -len(".index")]
    if os.path.exists(os.path.join(path, "saved_model.pb")):
        return None
    single = sorted(
        f for f in glob.glob(os.path.join(glob.escape(path), "*")) if not f.endswith((".meta", "checkpoint"))
    )
    return single[0] if len(single) == 1 and os.path.isfile(single[0]) else None


def full_names(reader):
    """{key: the variable's own name} of a checkpoint of objects; empty for one by names."""
    if not reader.has_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"):
        return {}
    from tensorflow.core.protobuf import trackable_object_graph_pb2

    graph = trackable_object_graph_pb2.TrackableObjectGraph()
    graph.ParseFromString(reader.get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"))
    return {a.checkpoint_key: a.full_name for node in graph.nodes for a in node.attributes if a.full_name}


def role_of_key(key, by_objects):
    """A checkpoint by names does not say which variables are an optimizer's."""
    if not by_objects:
        return "weight"
    if ".OPTIMIZER_SLOT" in key or "optimizer/" in key:
        return "optimizer"
    return (
        "weight" if key.endswith(ENDING) and "keras_api/metrics" not in key and "save_counter" not in key else "other"
    )


READERS = {
    "h5": legacy_h5,
    "weights_h5_legacy": legacy_h5,
    "weights_h5": weights_h5,
    "keras_archive": archive,
    "keras_directory": lambda ctx, path: weights_h5(ctx, os.path.join(path, "model.weights.h5")),
    "saved_model": checkpoint,
    "export": checkpoint,
    "saved_model_builder": checkpoint,
    "saver_v1": checkpoint,
    "saver_v2": checkpoint,
    "saver_no_meta_graph": checkpoint,
    "tf_checkpoint": checkpoint,
    "json_weights": lambda ctx, path: of_json_weights(ctx, path),
}


def of_json_weights(ctx, path):
    (weights,) = glob.glob(os.path.join(glob.escape(path), "*.h5"))
    return (weights_h5 if weights.endswith(".weights.h5") else legacy_h5)(ctx, weights)

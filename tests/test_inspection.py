"""What a file could run, read or write is listed, without loading it (host.inspection)."""

import io
import json
import os
import pickle
import re
import struct
import subprocess
import sys
import zipfile

import flatbuffers
import h5py
import numpy as np
import pytest
from helpers.places import PYTHON, SCRIPTS, needs_tensorflow

from host import inspection
from host.inspection import operations
from host.inspection.messages import CLASSES

BYTECODE = ["4wEAAAA", None, None]


def kinds(path, **options):
    """{what: [where and why]}."""
    found = {}
    for door in inspection.inspect(str(path), **options):
        found.setdefault(door["what"], []).append(f"{door['where']} {door['why']}")
    return found


def keras3(class_name, config, module="keras.layers", registered_name=None):
    layer = {"module": module, "class_name": class_name, "config": config, "registered_name": registered_name}
    return {"module": "keras", "class_name": "Functional", "config": {"name": "net", "layers": [layer]}}


@pytest.mark.parametrize(
    ("config", "what", "words"),
    [
        (keras3("Lambda", {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "4w"}}}),
         "Lambda layer", "(l)"),
        ({"class_name": "Sequential", "config": [{"class_name": "Lambda", "config": {"function": BYTECODE}}]},
         "Lambda layer", "bytecode"),
        (keras3("TFOpLambda", {"function": "io.write_file"}), "TFOpLambda layer", "io.write_file"),
        (keras3("system", "id", module="os"), "foreign module", "imports os"),
        (keras3("Popen", {}, module="keras_evil"), "foreign module", "imports keras_evil"),
        (keras3("Mine", {}, None, "my>Mine"), "custom class", "my>Mine"),
        (keras3("TorchModuleWrapper", {"module": "gASV"}), "TorchModuleWrapper layer", "pickled"),
        (keras3("TFSMLayer", {"filepath": "/x/y"}), "TFSMLayer layer", "SavedModel"),
        (keras3("StringLookup", {"vocabulary": "/etc/passwd"}), "file that is read", "/etc/passwd"),
        (keras3("Dense", {"units": 2_000_000_000}), "shape bomb", "units"),
        (keras3("InputLayer", {"batch_shape": [None, 100000, 100000]}), "shape bomb", "batch_shape"),
    ],
)  # fmt: skip
def test_a_configuration(tmp_path, config, what, words):
    """The same in each place where Keras keeps it."""
    (tmp_path / "model.json").write_text(json.dumps(config))
    with h5py.File(tmp_path / "model.h5", "w") as f:
        f.attrs["model_config"] = json.dumps(config)
    with zipfile.ZipFile(tmp_path / "model.keras", "w") as f:
        f.writestr("config.json", json.dumps(config))
    metadata = CLASSES["SavedMetadata"]()
    metadata.nodes.add(metadata=json.dumps(config).encode())
    (tmp_path / "keras_metadata.pb").write_bytes(metadata.SerializeToString())
    for name in ("model.json", "model.h5", "model.keras", "keras_metadata.pb"):
        found = kinds(tmp_path / name)
        assert any(words in line for line in found[what]), (name, found)


def test_a_usual_configuration_has_no_doors(tmp_path):
    config = keras3("Dense", {"name": "d", "units": 64, "activation": "relu", "dtype": "float32", "seed": 2**31})
    (tmp_path / "model.json").write_text(json.dumps(config))
    assert kinds(tmp_path) == {}


def save(path, message):
    path.write_bytes(message.SerializeToString())


def node(graph, op, name="n", *inputs, **attributes):
    made = graph.add(name=name.encode(), op=op.encode(), input=[i.encode() for i in inputs])
    for key, value in attributes.items():
        made.attr.add(key=key.encode()).value.s = value.encode()
    return made


def constant(graph, name, value):
    tensor = node(graph, "Const", name).attr.add(key=b"value").value.tensor
    tensor.string_val.append(value.encode())


@pytest.mark.parametrize("name", ["saved_model.pb", "model.meta", "graph.pb", "saved_model.pbtxt"])
def test_an_operation_in_a_graph_and_in_its_functions(tmp_path, name):
    messages = {"saved_model": "SavedModel", "model": "MetaGraphDef", "graph": "GraphDef"}
    message = CLASSES[messages[name.partition(".")[0]]]()
    meta_graph = message.meta_graphs.add() if "SavedModel" in message.DESCRIPTOR.name else message
    graph = meta_graph.graph_def if "graph_def" in meta_graph.DESCRIPTOR.fields_by_name else meta_graph
    constant(graph.node, "path", "/somewhere/else")
    node(graph.node, "WriteFile", "w", "path", "content")
    node(graph.node, "MatMul", "harmless", "path")
    function = graph.library.function.add()
    function.signature.name = b"inner"
    node(function.node_def, "EagerPyFunc", "py")
    node(function.node_def, "PrintV2", "file", output_stream="file:///written")
    node(function.node_def, "PrintV2", "console", output_stream="stderr")
    if name.endswith("txt"):
        from google.protobuf import text_format

        (tmp_path / name).write_text(text_format.MessageToString(message))
    else:
        save(tmp_path / name, message)
    found = kinds(tmp_path)
    assert set(found) == {"WriteFile", "EagerPyFunc", "PrintV2"}
    assert "graph: w" in found["WriteFile"][0] and "/somewhere/else" in found["WriteFile"][0]
    assert "function inner: py" in found["EagerPyFunc"][0]
    assert "/written" in found["PrintV2"][0] and len(found["PrintV2"]) == 1


def test_a_saver_is_one_door_unless_its_path_is_fixed(tmp_path):
    graph = CLASSES["GraphDef"]()
    for number, op in enumerate(("ShardedFilename", "SaveV2", "RestoreV2", "MergeV2Checkpoints")):
        node(graph.node, op, f"n{number}", "argument")
    save(tmp_path / "a.pb", graph)
    assert {what: len(lines) for what, lines in kinds(tmp_path).items()} == {"saver": 1}
    constant(graph.node, "fixed", "/home/user/.bashrc")
    node(graph.node, "SaveV2", "evil", "fixed")
    save(tmp_path / "a.pb", graph)
    assert "/home/user/.bashrc" in kinds(tmp_path)["SaveV2"][0]


def test_an_asset_and_a_tensor_of_a_saved_model(tmp_path):
    model = CLASSES["SavedModel"]()
    meta_graph = model.meta_graphs.add()
    meta_graph.asset_file_def.add(filename=b"../../secret.txt")
    huge = node(meta_graph.graph_def.node, "Fill", "huge").attr.add(key=b"shape").value.shape
    for size in (1 << 20, 1 << 20):
        huge.dim.add(size=size)
    user_object = meta_graph.object_graph_def.nodes.add().user_object
    user_object.metadata = json.dumps(keras3("Lambda", {"name": "old"})).encode()
    save(tmp_path / "saved_model.pb", model)
    found = kinds(tmp_path)
    assert set(found) == {"path that leaves the folder", "shape bomb", "Lambda layer"}
    assert "../../secret.txt" in found["path that leaves the folder"][0]


def test_an_onnx_model(tmp_path):
    model = CLASSES["OnnxModel"]()
    tensor = model.graph.initializer.add(name=b"w", dims=[1 << 20, 1 << 20])
    tensor.external.add(key=b"location", value=b"../../etc/passwd")
    model.graph.node.add(op_type=b"Conv")
    inner = model.graph.node.add(op_type=b"If").attribute.add().g
    inner.node.add(op_type=b"Run", domain=b"evil.ops")
    save(tmp_path / "model.onnx", model)
    found = kinds(tmp_path)
    assert set(found) == {"external data", "shape bomb", "custom operation"}
    assert "outside of the folder" in found["external data"][0] and "evil.ops" in found["custom operation"][0]


def test_values_of_an_onnx_model_that_lie_elsewhere_wherever_they_are_kept(tmp_path):
    model = CLASSES["OnnxModel"]()

    def outside(tensor, name):
        tensor.name = name
        tensor.external.add(key=b"location", value=b"/etc/" + name)

    attribute = model.graph.node.add(op_type=b"Constant").attribute.add()
    outside(attribute.tensors.add(), b"listed")
    outside(attribute.sparse_tensor.values, b"sparse")
    outside(model.graph.sparse_initializer.add().indices, b"indices")
    outside(model.training.add().algorithm.initializer.add(), b"training")
    save(tmp_path / "model.onnx", model)
    found = kinds(tmp_path)
    assert set(found) == {"external data"} and len(found["external data"]) == 4
    for name in ("listed", "sparse", "indices", "training"):
        assert any(f"/etc/{name}, outside" in line for line in found["external data"])


def test_onnx_operations_that_do_more_than_compute_and_a_models_own_functions(tmp_path):
    model = CLASSES["OnnxModel"]()
    context = model.graph.node.add(op_type=b"EPContext", domain=b"com.microsoft")
    context.attribute.add(name=b"ep_cache_context", s=b"../../secret.bin")
    model.functions.add(name=b"Mine", domain=b"my.own").node.add(op_type=b"PythonOp", domain=b"com.microsoft")
    model.graph.node.add(op_type=b"Mine", domain=b"my.own")
    model.graph.node.add(op_type=b"Gelu", domain=b"com.microsoft")
    save(tmp_path / "model.onnx", model)
    found = kinds(tmp_path)
    assert set(found) == {"EPContext", "PythonOp"} and "../../secret.bin" in found["EPContext"][0]


def lite(path, codes=(), group=None, shape=()):
    """Write a TensorFlow Lite model: operator codes as (custom code, builtin code), a file of values, a tensor."""
    builder = flatbuffers.Builder()

    def table(slots, **fields):
        builder.StartObject(slots)
        for slot, (add, value) in fields.items():
            add(int(slot[1:]), value, 0)
        return builder.EndObject()

    def vector(items, prepend):
        builder.StartVector(4, len(items), 4)
        for item in reversed(items):
            prepend(item)
        return builder.EndVector()

    offset, text = builder.PrependUOffsetTRelativeSlot, builder.CreateString
    old, new = builder.PrependInt8Slot, builder.PrependInt32Slot
    named = [(text(name), number) for name, number in codes]
    made = [table(4, _0=(old, min(number, 127)), _1=(offset, name), _3=(new, number)) for name, number in named]
    listed = vector(made, builder.PrependUOffsetTRelative)
    dims = vector(shape, builder.PrependInt32)
    tensors = vector([table(1, _0=(offset, dims))], builder.PrependUOffsetTRelative)
    subgraphs = vector([table(1, _0=(offset, tensors))], builder.PrependUOffsetTRelative)
    name = [text(group)] if group else []
    groups = vector([table(1, _0=(offset, n)) for n in name], builder.PrependUOffsetTRelative)
    builder.Finish(table(10, _1=(offset, listed), _2=(offset, subgraphs), _8=(offset, groups)), b"TFL3")
    path.write_bytes(builder.Output())
    return path


def test_a_lite_model(tmp_path):
    codes = [("FlexWriteFile", 32), ("FlexAddV2", 32), ("Mine", 32), ("TFLite_Detection_PostProcess", 32), ("", 0),
             ("not custom", 9)]  # fmt: skip
    found = kinds(lite(tmp_path / "model.tflite", codes, "../../weights.bin", [1 << 20, 1 << 20]))
    assert set(found) == {"WriteFile", "Flex operation", "custom operation", "external data", "shape bomb"}
    assert "it writes files" in found["WriteFile"][0] and "FlexAddV2" in found["Flex operation"][0]
    assert len(found["custom operation"]) == 1 and "Mine" in found["custom operation"][0]
    assert "../../weights.bin, outside of the folder" in found["external data"][0]
    assert kinds(lite(tmp_path / "usual.tflite", [("", 3), ("", 9)], None, [1, 224, 224, 3])) == {}
    lite(tmp_path / "renamed.bin", [("FlexReadFile", 32)])
    assert set(kinds(tmp_path / "renamed.bin")) == {"ReadFile"}


def test_a_lite_model_that_is_made_to_break_its_reader(tmp_path):
    """Damage at every place, and lists that overlap: a small file that states more items than memory can hold."""
    content = lite(tmp_path / "a.tflite", [("FlexWriteFile", 32)] * 3, "w.bin", [2, 2]).read_bytes()
    for position in range(len(content)):
        for byte in (0, 0x7F, 0xFF):
            (tmp_path / "a.tflite").write_bytes(content[:position] + bytes([byte]) + content[position + 1 :])
            kinds(tmp_path / "a.tflite")
    start = content.index(struct.pack("<3i", 2, 2, 2), 8)  # the shape: its length, and its sizes
    (tmp_path / "a.tflite").write_bytes(content[:start] + struct.pack("<I", 1 << 31) + content[start + 4 :])
    assert "a list of 2,147,483,648 items" in kinds(tmp_path / "a.tflite")["not inspected"][0]


CONVERT = """
import sys, tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema
import flatbuffers
folder = sys.argv[1]
@tf.function(input_signature=[tf.TensorSpec((2, 2), tf.float32)])
def f(x):
    tf.io.write_file('/somewhere', 'x')
    return x * 2, tf.io.read_file('/etc/hostname')
converter = tf.lite.TFLiteConverter.from_concrete_functions([f.get_concrete_function()])
converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS, tf.lite.OpsSet.SELECT_TF_OPS]
converter.allow_custom_ops = True
content = converter.convert()
open(folder + '/flex.tflite', 'wb').write(content)
model = schema.ModelT.InitFromPackedBuf(content, 0)
model.operatorCodes[0].customCode = b'Mine'
model.externalBufferGroups = [schema.ExternalBufferGroupT()]
model.externalBufferGroups[0].name = b'/etc/values.bin'
builder = flatbuffers.Builder()
builder.Finish(model.Pack(builder), b'TFL3')
open(folder + '/elsewhere.tflite', 'wb').write(builder.Output())
"""


@needs_tensorflow
def test_lite_models_that_tensorflow_itself_wrote(tmp_path):
    done = subprocess.run([PYTHON, "-c", CONVERT, tmp_path], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert set(kinds(tmp_path / "flex.tflite")) == {"WriteFile", "ReadFile"}
    found = kinds(tmp_path / "elsewhere.tflite")
    assert "Mine" in found["custom operation"][0] and "/etc/values.bin, outside" in found["external data"][0]


def test_hdf5_that_leads_elsewhere(tmp_path):
    with h5py.File(tmp_path / "other.hdf5", "w") as f:
        f["x"] = np.zeros(4)
    with h5py.File(tmp_path / "model.weights.h5", "w") as f:
        f["g/inner/w"] = np.zeros(4)
        f.create_dataset("g/external", (4,), "f4", external=[("/etc/passwd", 0, 16)])
        f["g/link"] = h5py.ExternalLink("/etc/hosts.h5", "/x")
        f["g/soft"] = h5py.SoftLink("/g/inner")
        f["g/loop"] = f["g"]
        layout = h5py.VirtualLayout((4,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.hdf5"), "x", (4,))
        f.create_virtual_dataset("virtual", layout)
        f["references"] = np.array([f["g"].ref], h5py.ref_dtype)
        f.create_dataset("bomb", (1 << 40,), "f4", chunks=(1024,))
    found = kinds(tmp_path / "model.weights.h5")
    wanted = {"external storage": "/etc/passwd", "external link": "/etc/hosts.h5", "soft link": "/g/inner",
              "virtual dataset": "other.hdf5", "references": "/references", "shape bomb": "/bomb"}  # fmt: skip
    assert set(found) == set(wanted)
    for what, words in wanted.items():
        assert words in found[what][0]


def test_zip_archives(tmp_path, monkeypatch):
    def archive(name, entries):
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as f:
            for entry, content in entries.items():
                f.writestr(entry, content)

    names = ["../up", "/absolute", "C:\\windows", "a/../../up", "fine/..name"]
    archive("leaves.keras", dict.fromkeys(names, b""))
    lines = kinds(tmp_path / "leaves.keras")["path that leaves the archive"]
    assert [any(f": {name} " in line for line in lines) for name in names] == [True] * 4 + [False]
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    archive("link.keras", {link: b"/etc/passwd"})
    assert "/etc/passwd" in kinds(tmp_path / "link.keras")["link in an archive"][0]
    archive("bomb.keras", {"zeros": bytes(200_000_000)})
    assert set(kinds(tmp_path / "bomb.keras")) == {"zip bomb"}
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as f:
        f.writestr("evil.pkl", pickle.dumps(os.system))
    archive("assets.keras", {"assets/inner.zip": inner.getvalue()})
    assert "system" in kinds(tmp_path / "assets.keras")["pickle"][0]


class Call:
    def __reduce__(self):
        return os.system, ("exit 1",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_are_listed_and_not_loaded(tmp_path, protocol):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps([Call(), np.float32], protocol))
    (line,) = kinds(tmp_path)["pickle"]
    assert re.search(r"(posix|nt)\.system", line)


def test_numpy_files(tmp_path):
    np.save(tmp_path / "objects.npy", np.array([Call(), None]), allow_pickle=True)
    np.savez(tmp_path / "archive.npz", fine=np.zeros(3), objects=np.array([{}, 1]))
    np.save(tmp_path / "fine.npy", np.zeros(3))
    with open(tmp_path / "bomb.npy", "wb") as f:
        np.lib.format.write_array_header_1_0(f, {"descr": "<f4", "fortran_order": False, "shape": (1 << 40,)})
    found = kinds(tmp_path)
    assert {line.split(" ")[0] for line in found["pickle"]} == {"objects.npy", "archive.npz:"}
    assert len(found["shape bomb"]) == 1 and len(found) == 2


def test_links_checkpoints_and_yaml(tmp_path):
    folder = tmp_path / "artifact"
    folder.mkdir()
    (folder / "inside").symlink_to("checkpoint")
    (folder / "outside").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    (folder / "checkpoint").write_text('model_checkpoint_path: "/elsewhere/model-3"\n')
    (folder / "model.yaml").write_text("class_name: !!python/object/apply:os.system [id]\n")
    found = kinds(folder)
    assert set(found) == {"link that leaves the folder", "no regular file", "path that leaves the folder",
                          "object in YAML"}  # fmt: skip
    assert "/etc/passwd" in found["link that leaves the folder"][0]


def test_a_prefix_of_a_checkpoint_is_inspected_file_by_file(tmp_path):
    graph = CLASSES["MetaGraphDef"]()
    node(graph.graph_def.node, "PyFunc")
    save(tmp_path / "model-3.meta", graph)
    (tmp_path / "model-3.index").write_bytes(b"x")
    (tmp_path / "other.pb").write_bytes(b"\xff")
    assert set(kinds(tmp_path / "model-3")) == {"PyFunc"}


def test_a_file_without_a_name_that_tells_is_looked_at_as_its_format(tmp_path):
    graph = CLASSES["GraphDef"]()
    node(graph.node, "ReadFile")
    save(tmp_path / "model", graph)
    assert kinds(tmp_path / "model") == {}
    assert set(kinds(tmp_path / "model", format_="frozen_graph")) == {"ReadFile"}


@pytest.mark.parametrize("ending", ["h5", "keras", "pb", "json", "npy", "pkl", "onnx", "yaml", "tflite"])
def test_a_damaged_file_is_a_door_and_no_error(tmp_path, ending):
    name = f"a.{ending}"
    begin = {"a.h5": b"\x89HDF\r\n\x1a\n", "a.npy": b"\x93NUMPY\x01"}.get(name, b"{[\xff")
    (tmp_path / name).write_bytes(begin + b"\xfe\x01[{" * 50)
    assert set(kinds(tmp_path)) >= {"not inspected"}


def test_deep_json_ends(tmp_path):
    (tmp_path / "a.json").write_text('{"config": ' * 20000 + "1" + "}" * 20000)
    assert set(kinds(tmp_path)) == {"not inspected"}


def test_a_module_of_the_command_line(tmp_path):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(Call()))
    command = [sys.executable, "-m", "host.inspection", str(tmp_path)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(SCRIPTS)}, capture_output=True, text=True)
    assert done.returncode == 0 and "system" in done.stdout


#: names of arguments that are files, folders, addresses; and those that only look alike
FILES = re.compile(
    r"file|path|dir(ectory)?$|logdir|address|url|db_uri|prefix$|prefixes$|output_stream|data_source|region"
)
ALIKE = {"executor_type", "direction", "counter_prefix", "host_mlir_module"}
#: prints to a file: looked at apart
APART = {operations.PRINTS}
ASK = """
import tensorflow as tf
from tensorflow.core.framework import op_def_pb2
from tensorflow.python.client import pywrap_tf_session as s
ops = op_def_pb2.OpList()
ops.ParseFromString(s.TF_GetBuffer(s.TF_GetAllOpList()))
for op in ops.op:
    texts = [a.name for a in op.input_arg if a.type == 7]
    texts += [a.name for a in op.attr if a.type in ("string", "list(string)")]
    print("OP", op.name, *texts)
"""


@needs_tensorflow
def test_every_operation_of_tensorflow_that_takes_a_file_is_known():
    done = subprocess.run([PYTHON, "-c", ASK], capture_output=True, text=True, timeout=300)
    listed = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("OP ")]
    assert len(listed) > 1500, done.stderr[-2000:]
    taking = {op for op, *texts in listed if any(FILES.search(t) for t in texts if t not in ALIKE)}
    assert len(taking) > 60 and "WriteFile" in taking
    assert taking - set(operations.DOORS) - APART == set()

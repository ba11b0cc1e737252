"""The protocol buffers of TensorFlow and ONNX, as far as the inspection reads them; other fields are skipped.

Field numbers: https://github.com/tensorflow/tensorflow/tree/master/tensorflow/core (framework, protobuf) and
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Texts are read as bytes, for a file may hold any.
"""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

#: message -> {field: (number, type)}; a type in capitals is a message, a list has many
MESSAGES = {
    "SavedModel": {"meta_graphs": (2, ["MetaGraphDef"])},
    "MetaGraphDef": {
        "graph_def": (2, "GraphDef"),
        "asset_file_def": (6, ["AssetFileDef"]),
        "object_graph_def": (7, "SavedObjectGraph"),
    },
    "AssetFileDef": {"filename": (2, "bytes")},
    "SavedObjectGraph": {"nodes": (1, ["SavedObject"])},
    "SavedObject": {"user_object": (4, "SavedUserObject")},
    "SavedUserObject": {"identifier": (1, "bytes"), "metadata": (3, "bytes")},
    "GraphDef": {"node": (1, ["NodeDef"]), "library": (2, "FunctionDefLibrary")},
    "FunctionDefLibrary": {"function": (1, ["FunctionDef"])},
    "FunctionDef": {"signature": (1, "OpDef"), "node_def": (3, ["NodeDef"])},
    "OpDef": {"name": (1, "bytes")},
    "NodeDef": {"name": (1, "bytes"), "op": (2, "bytes"), "input": (3, ["bytes"]), "attr": (5, ["Attribute"])},
    "Attribute": {"key": (1, "bytes"), "value": (2, "AttrValue")},
    "AttrValue": {"s": (2, "bytes"), "shape": (7, "TensorShapeProto"), "tensor": (8, "TensorProto")},
    "TensorShapeProto": {"dim": (2, ["Dim"])},
    "Dim": {"size": (1, "int64")},
    "TensorProto": {
        "tensor_shape": (2, "TensorShapeProto"),
        "tensor_content": (4, "bytes"),
        "string_val": (8, ["bytes"]),
    },
    "SavedMetadata": {"nodes": (1, ["MetadataObject"])},
    "MetadataObject": {"node_path": (3, "bytes"), "identifier": (4, "bytes"), "metadata": (5, "bytes")},
    "OnnxModel": {
        "graph": (7, "OnnxGraph"),
        "opset_import": (8, ["OnnxOpset"]),
        "training": (20, ["OnnxTraining"]),
        "functions": (25, ["OnnxFunction"]),
    },
    "OnnxOpset": {"domain": (1, "bytes"), "version": (2, "int64")},
    "OnnxTraining": {"initialization": (1, "OnnxGraph"), "algorithm": (2, "OnnxGraph")},
    "OnnxFunction": {"name": (1, "bytes"), "node": (7, ["OnnxNode"]), "domain": (10, "bytes")},
    "OnnxGraph": {
        "node": (1, ["OnnxNode"]),
        "name": (2, "bytes"),
        "initializer": (5, ["OnnxTensor"]),
        "sparse_initializer": (15, ["OnnxSparse"]),
    },
    "OnnxNode": {
        "name": (3, "bytes"),
        "op_type": (4, "bytes"),
        "attribute": (5, ["OnnxAttribute"]),
        "domain": (7, "bytes"),
    },
    "OnnxAttribute": {
        "name": (1, "bytes"),
        "s": (4, "bytes"),
        "t": (5, "OnnxTensor"),
        "g": (6, "OnnxGraph"),
        "tensors": (10, ["OnnxTensor"]),
        "graphs": (11, ["OnnxGraph"]),
        "sparse_tensor": (22, "OnnxSparse"),
        "sparse_tensors": (23, ["OnnxSparse"]),
    },
    "OnnxSparse": {"values": (1, "OnnxTensor"), "indices": (2, "OnnxTensor")},
    "OnnxTensor": {"dims": (1, ["int64"]), "name": (8, "bytes"), "raw_data": (9, "bytes"), "external": (13, ["Entry"])},
    "Entry": {"key": (1, "bytes"), "value": (2, "bytes")},
}
PACKAGE = "inspection"
FIELD = descriptor_pb2.FieldDescriptorProto
SCALARS = {"bytes": FIELD.TYPE_BYTES, "int64": FIELD.TYPE_INT64}


def _classes():
    file = descriptor_pb2.FileDescriptorProto(name=f"{PACKAGE}.proto", package=PACKAGE, syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, type_) in fields.items():
            many, type_ = isinstance(type_, list), type_[0] if isinstance(type_, list) else type_
            added = message.field.add(name=field, number=number, label=3 if many else 1)
            added.type = SCALARS.get(type_, FIELD.TYPE_MESSAGE)
            if type_ not in SCALARS:
                added.type_name = f".{PACKAGE}.{type_}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {n: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{n}")) for n in MESSAGES}


CLASSES = _classes()

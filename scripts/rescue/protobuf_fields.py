"""Protocol buffers read by field number, and the few messages of TensorFlow that a checkpoint and a SavedModel hold.

The names of TensorFlow's own generated modules change between versions, and Keras' metadata message is in Keras. The
numbers of the fields never change: https://protobuf.dev/programming-guides/encoding/
"""

from rescue.held import Unreadable

#: the fields of TrackableObjectGraph and SavedObjectGraph:
#: https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/trackable_object_graph.proto
_GRAPH_NODES, _NODE_CHILDREN, _NODE_ATTRIBUTES, _NODE_SLOTS = 1, 1, 2, 3


class GraphNode(object):
    """A node of an object graph: ``children`` (name, id), ``attributes`` {name: (full name, key)}, ``slots``."""

    def __init__(self):
        self.children, self.attributes, self.slots = [], {}, []

    def child(self, name):
        """The id of the child, or None."""
        return dict(self.children).get(name)


def _protobuf_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _protobuf_steps(data):
    at = 0
    while at < len(data):
        tag, at = _protobuf_varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, at = _protobuf_varint(data, at)
        else:
            size = {1: 8, 5: 4}.get(kind)
            if kind == 2:
                size, at = _protobuf_varint(data, at)
            if size is None or at + size > len(data):
                raise Unreadable("a protocol buffer ends in the middle of field %d" % number)
            value, at = data[at : at + size], at + size
        yield number, value


def protobuf_fields(data):
    """{number: list of values}: int for a varint, bytes for everything else."""
    fields = {}
    try:
        for number, value in _protobuf_steps(data):
            fields.setdefault(number, []).append(value)
    except IndexError as error:
        raise Unreadable("no protocol buffer: %s" % error) from error
    return fields


def protobuf_text(fields, number):
    """The string field, "" if it is not set."""
    return fields.get(number, [b""])[-1].decode("utf-8")


def _protobuf_number(fields, number):
    return fields.get(number, [0])[-1]


def object_graph_of_bytes(data):
    """List of GraphNode, from the bytes of a TrackableObjectGraph."""
    nodes = []
    for raw in protobuf_fields(data).get(_GRAPH_NODES, []):
        fields, node = protobuf_fields(raw), GraphNode()
        for child in map(protobuf_fields, fields.get(_NODE_CHILDREN, [])):
            node.children.append((protobuf_text(child, 2), _protobuf_number(child, 1)))
        for attribute in map(protobuf_fields, fields.get(_NODE_ATTRIBUTES, [])):
            names = protobuf_text(attribute, 2) or None, protobuf_text(attribute, 3)
            node.attributes[protobuf_text(attribute, 1)] = names
        for slot in map(protobuf_fields, fields.get(_NODE_SLOTS, [])):
            node.slots.append((_protobuf_number(slot, 1), protobuf_text(slot, 2), _protobuf_number(slot, 3)))
        nodes.append(node)
    return nodes


def root_metadata_of_saved_model(data):
    """The text of the root's Keras metadata in a saved_model.pb of TensorFlow before 2.5, or "".

    https://github.com/tensorflow/tensorflow/blob/v2.4.0/tensorflow/core/protobuf/saved_object_graph.proto
    """
    for meta_graph in protobuf_fields(data).get(2, []):
        for graph in protobuf_fields(meta_graph).get(7, []):
            root = protobuf_fields(protobuf_fields(graph).get(1, [b""])[0])
            for user_object in map(protobuf_fields, root.get(4, [])):
                return protobuf_text(user_object, 3)
    return ""


def root_metadata_of_keras(data):
    """The text of the root's metadata in a keras_metadata.pb, or "".

    https://github.com/keras-team/tf-keras/blob/master/tf_keras/protobuf/saved_metadata.proto
    """
    for node in map(protobuf_fields, protobuf_fields(data).get(1, [])):
        if protobuf_text(node, 3) == "root":
            return protobuf_text(node, 5)
    return ""


def variable_order(data):
    """{name: rank} of the variables, in the order of their creation, from the bytes of a MetaGraph.

    ``collection_def`` holds a VariableDef for each variable:
    https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/meta_graph.proto
    """
    for entry in map(protobuf_fields, protobuf_fields(data).get(4, [])):
        if protobuf_text(entry, 1) == "variables":
            collection = protobuf_fields(entry[2][0])
            listed = [raw for part in collection.get(2, []) for raw in protobuf_fields(part).get(1, [])]
            names = [protobuf_text(protobuf_fields(raw), 1) for raw in listed]
            return {name.split(":")[0]: rank for rank, name in enumerate(names)}
    return {}

"""A frozen graph as a function of nested lists; the server's clients need no TensorFlow."""

import numpy as np

from roundtrip.runtime import v1_of

#: the names of other JSON values, by Python type
WORDS = {"str": "a string", "bool": "true or false", "dict": "an object", "NoneType": "null"}


class BadRequest(ValueError):
    """An error in the client's request; the message is sent to the client."""


class FrozenModel(object):
    """A frozen graph, imported under a prefix, in a session that several threads may run at once.

    Parameters
    ----------
    path : str
    input_name, output_name : str
        Tensor names as they were before freezing.
    """

    def __init__(self, path, input_name, output_name, prefix="prefix"):
        import tensorflow as tf

        v1 = v1_of(tf)
        graph_def = v1.GraphDef()
        with open(path, "rb") as f:
            content = f.read()
        try:
            graph_def.ParseFromString(content)
        except Exception as error:  # protobuf raises exceptions of several classes
            raise ValueError("%s is not a GraphDef: %s" % (path, error)) from None
        graph = v1.Graph()
        with graph.as_default():
            v1.import_graph_def(graph_def, name=prefix)
        self.input = graph.get_tensor_by_name("%s/%s" % (prefix, input_name))
        self.output = graph.get_tensor_by_name("%s/%s" % (prefix, output_name))
        self.session = v1.Session(graph=graph)

    def __call__(self, x):
        """The results for ``x``, nested lists of numbers, as nested lists. Raises BadRequest."""
        rows = as_array(x, self.input.dtype.as_numpy_dtype)
        if not self.input.get_shape().is_compatible_with(rows.shape):
            raise BadRequest("x has the shape %s, %s is needed" % (shape(rows.shape), self.shape()))
        return self.session.run(self.output, {self.input: rows}).tolist()

    def shape(self):
        return shape(self.input.get_shape().as_list())


def shape(dims):
    """The shape as text, e.g. ``(n, 10)``; n stands for an unknown dimension."""
    return "(%s)" % ", ".join("n" if d is None else str(d) for d in dims)


def as_array(x, dtype):
    """Nested lists of numbers as an array. Raises BadRequest for other values and for numbers that are not finite."""
    if not isinstance(x, list) or not x:
        raise BadRequest("x must be a list of rows, and not empty")
    pending = [x]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            raise BadRequest("x must hold numbers, and holds %s" % WORDS.get(type(value).__name__, "something else"))
    try:
        array = np.array(x, np.float64)
    except OverflowError:
        raise BadRequest("x holds a number that is too large") from None
    except (ValueError, TypeError):
        raise BadRequest("the rows of x differ in length") from None
    with np.errstate(all="ignore"):
        converted = array.astype(dtype)
    if not np.isfinite(array).all() or (converted.dtype.kind == "f" and not np.isfinite(converted).all()):
        raise BadRequest("x must hold finite numbers")
    if converted.dtype.kind in "iu" and (converted != array).any():
        raise BadRequest("x must hold %s" % converted.dtype.name)
    return converted

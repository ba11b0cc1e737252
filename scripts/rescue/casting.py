"""A value of the file with the dtype that it has in the model."""

import numpy as np

from rescue.layers import Refused


def cast(value, like, path):
    """The value with the dtype of ``like``. Raises Refused where a number would change."""
    if value.dtype == like.dtype:
        return np.ascontiguousarray(value).reshape(like.shape)
    if value.dtype.kind == "V" and value.dtype.itemsize == like.dtype.itemsize:  # bfloat16, which NumPy does not know
        return value.view(like.dtype).reshape(like.shape)
    new = value.astype(like.dtype)
    if not np.array_equal(new.astype(value.dtype), value, equal_nan=value.dtype.kind == "f"):
        raise Refused(
            "%s is %s in the file and %s in the model: its value would change" % (path, value.dtype, like.dtype)
        )
    return new.reshape(like.shape)

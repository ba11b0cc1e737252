"""Inputs for a model that nobody explains: those that the user gives, else made up until the model takes them."""

import collections
import itertools
import os
import re

import numpy as np

#: the sizes that a dimension gets whose size is not stated, in the order in which they are tried
SIZES = (4, 16, 32, 64, 100, 128, 224, 256, 299, 512, 784, 8, 2, 1)
#: of images and other arrays of rank 4 and more, whose convolutions need room
ROOMY = (32, 64, 96, 128, 224, 256, 299, 512)
#: the ranks that are tried where not even the rank is stated
SHAPES = ([None], [None, None], [], [None, None, 3], [None, None, None, 3], [None, None, None])
MOST = 4000000  # elements of one input
_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0c"
    b"IDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)
#: texts that are tried in turn: words, numbers as text, an empty tf.train.Example, a picture of one point
TEXTS = ((b"the first sentence", b"another, with numbers: 42"), (b"1.5", b"2.5"), (b"", b""), (_PNG, _PNG))


class Needed(Exception):
    """Inputs are needed: none could be made, or those that are given do not fit."""


def bare(name):
    """A tensor's name without ``:0``."""
    return name[:-2] if name.endswith(":0") else name


def given(item, specs, folder):
    """{name: array}: the user's inputs for {name: [shape, dtype]}; None if there are none. Raises Needed.

    By name; if no name fits, by order, because signatures, tensors and Keras name one input in three ways.
    """
    values = values_of(item.get("inputs"), folder)
    if not values:
        return None
    names = {bare(name): name for name in specs}
    if not set(values) & set(names) and len(values) == len(specs):
        values = dict(zip(names, values.values()))
    missing = sorted(set(names) - set(values))
    if missing:
        raise Needed("no value is given for %s; given: %s" % (", ".join(missing), ", ".join(sorted(values))))
    return {name: cast(values[short], specs[name], short) for short, name in names.items()}


def values_of(entry, folder):
    """{bare name: value} of a mapping, or of the ``.npz`` that the host has copied beside the manifest."""
    if isinstance(entry, str):
        with np.load(os.path.join(folder, entry)) as arrays:
            entry = dict(arrays)
    return {bare(name): value for name, value in (entry or {}).items()}


def cast(value, spec, name):
    """A given value as an array of the input's dtype. Raises Needed if a value would change."""
    if text_is(spec[1]):
        flat = np.array(value, dtype=object)
        encoded = [x.encode("utf-8") if isinstance(x, str) else bytes(x) for x in flat.ravel()]
        return np.array(encoded, dtype=object).reshape(flat.shape)
    try:
        array = np.array(value)
        result = array.astype(spec[1])
    except (TypeError, ValueError, OverflowError) as error:
        raise Needed("the value given for %s does not fit %s: %s" % (name, spec[1], error)) from error
    if result.dtype.kind in "iub" and array.size and not (result == array).all():
        raise Needed("the value given for %s does not fit %s" % (name, spec[1]))
    return result


def text_is(dtype):
    return dtype in ("string", "object", "str")


def determined(specs):
    """Whether the shapes and dtypes leave nothing to try: all dimensions but the first are stated, and all are floats.

    Integers and texts may have a meaning (a class, a word, a picture) that a model insists on.
    """
    return all(
        shape is not None and None not in shape[1:] and str(dtype).startswith(("float", "bfloat"))
        for shape, dtype in specs.values()
    )


def hints(messages):
    """The sizes that errors speak of, the commonest first: what a model wanted is often in its words."""
    found = collections.Counter(int(n) for text in messages for n in re.findall(r"(?<![\w.])\d{1,4}(?![\w.])", text))
    wanted = [n for n, _ in found.most_common() if 2 < n < 5000]
    return [n // 2 for n in wanted if not n % 2][:6] + wanted[:12]


def candidates(specs, sizes=None):
    """Yield {name: array}, one after the other: each could satisfy a model with these {name: [shape, dtype]}."""
    specs = {name: specs[name] for name in sorted(specs)}
    texts = TEXTS if any(text_is(dtype) for _, dtype in specs.values()) else TEXTS[:1]
    seen = set()
    for ranks in shapes_of(specs):
        roomy = any(len(shape) >= 4 for shape in ranks.values())
        for text, batch, size in itertools.product(texts, (2, 1), sizes or (ROOMY if roomy else SIZES)):
            shapes = {name: filled(shape, batch, size) for name, shape in ranks.items()}
            key = (tuple(shapes.values()), text)
            if key not in seen and all(np.prod(shape) <= MOST for shape in shapes.values()):
                seen.add(key)
                yield {n: made(s, specs[n][1], k, text) for k, (n, s) in enumerate(shapes.items())}


def shapes_of(specs):
    """{name: shape} with the stated ranks; one after the other if ranks are not stated, each input by itself."""
    choices = [SHAPES[:4] if shape is None else [shape] for shape, _ in specs.values()]
    return [dict(zip(specs, chosen)) for chosen in itertools.islice(itertools.product(*choices), 64)]


def filled(shape, batch, size):
    """A shape without unknown dimensions: the first of them is the batch."""
    return tuple((batch if i == 0 else size) if d is None else int(d) for i, d in enumerate(shape))


def made(shape, dtype, position, text):
    """An array that is the same for every route: quarters from -0.75 to 0.75, integers from 0 to 2, or texts.

    ``position`` shifts the numbers, so that inputs that change places are seen.
    """
    count = (np.arange(int(np.prod(shape, dtype=np.int64))) + position).reshape(shape)
    if text_is(dtype):
        return np.array([text[i % len(text)] for i in count.ravel()], dtype=object).reshape(shape)
    if dtype == "uint8":
        return (count * 37 % 256).astype("uint8")
    kind = "f" if dtype == "bfloat16" else np.dtype(dtype).kind
    return (count % 3 if kind in "iub" else (count % 7 - 3) / 4.0).astype("float32" if dtype == "bfloat16" else dtype)


def turned(array):
    """An array of the same shape and dtype with other values in the same range; texts stay."""
    kind = array.dtype.kind if array.size else ""
    if kind == "f":
        return -array
    if kind == "b":
        return ~array
    return array.max() - array if kind and kind in "iu" else array

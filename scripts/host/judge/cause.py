"""Why a reader refused an artifact: the cause in the user's terms, which is often not the first line of the error."""

import json
import pathlib
import re

#: read by host.select.sources
DEPENDS = ("host/judge/ops_since.json",)
#: classes of Keras 2 that Keras 3 does not have: https://keras.io/guides/migrating_to_keras_3/
_GONE = (
    "TFOpLambda",
    "SlicingOpLambda",
    "LocallyConnected1D",
    "LocallyConnected2D",
    "CuDNNLSTM",
    "CuDNNGRU",
    "ThresholdedReLU",
    "RandomHeight",
    "RandomWidth",
    "DenseFeatures",
    "ClassMethod",
    "InstanceMethod",
)
_UNKNOWN_CLASS = re.compile(
    r"Unknown (?:layer|loss function|metric function|loss|metric|optimizer|regularizer|initializer|object|"
    r"activation function|constraint|decay|\w+): ['\"]?([\w>.]+)|Could not (?:locate|find) class ['\"]([\w>.]+)|"
    r"Could not locate function ['\"]([\w>.<]+)|cannot find (?:class|function) ['\"]([\w>.]+)",
    re.IGNORECASE,
)
_UNKNOWN_OP = re.compile(r"Op type not registered '(\w+)'|No OpKernel was registered to support Op '(\w+)'")
_UNKNOWN_ATTRIBUTE = re.compile(r"NodeDef mentions attr '(\w+)' not in Op<name=(\w+)")
_CUSTOM_OP = re.compile(r"unresolved custom op: (\w+)|Select TensorFlow op\(s\), included in the given model")
#: kinds of models, whose configs differ between versions of Keras
_KINDS = ("Sequential", "Functional", "Model")
_MODULE = re.compile(r"module ['\"]([\w.]+)['\"] could not be|No module named ['\"]?([\w.]+)")


class Cause:
    """``text``: a sentence; ``withdraws``: whether the documentation promises nothing in this case."""

    def __init__(self, text, withdraws=False):
        self.text, self.withdraws = text, withdraws


def of(error, about, others_read):
    """The Cause of an error (facts of a record) of an artifact (``brought`` of its manifest); None if none is known.

    ``others_read``: whether another reader made a Keras model of it, without custom objects.
    """
    if error.get("type") == "Unfit":  # roundtrip.loaders.Unfit: what the loader's documentation excludes
        return Cause(error["message"].rstrip(".") + ".", True)
    message = f"{error.get('message') or ''}\n{error.get('traceback') or ''}"
    return next(filter(None, (find(message, about, others_read) for find in FINDERS)), None)


def missing_class(message, about, others_read):
    named = _UNKNOWN_CLASS.search(message)
    name = next(filter(None, named.groups())) if named else None
    if name is None and about["custom"] and re.search(r"custom|register|Unknown|locate|deserializ", message):
        name = ", ".join(about["custom"])
    if name is None:
        return None
    if name in _GONE:
        return Cause(f"{name} is a class of Keras 2 that this Keras does not have.")
    if name in _KINDS:
        return Cause(f"This Keras does not make a {name} of a config that another version wrote.")
    if others_read:
        return Cause(f"This Keras does not know {name}; another reader of this run does.")
    if about.get("custom_given"):
        return Cause(f"It needs {name}, which the file of `custom_objects:` does not define or register so.", True)
    words = f"It needs the custom class or function {name}: name the file that defines it in `custom_objects:`."
    return Cause(words, True)


def newer_op(message, about, others_read):
    named = _UNKNOWN_OP.search(message)
    if not named:
        attribute = _UNKNOWN_ATTRIBUTE.search(message)
        words = "Its op {1} has the attribute {0}, which this TensorFlow does not know: a newer one wrote it."
        return Cause(words.format(*attribute.groups()) + written(about), True) if attribute else None
    op = next(filter(None, named.groups()))
    since = since_when(op)
    when = (
        f", which TensorFlow has since {since}"
        if since
        else ", which is none of TensorFlow itself (tf.contrib, a custom op)"
    )
    return Cause(f"It needs the op {op}{when}; this one does not have it.{written(about)}", True)


def custom_op(message, about, others_read):
    named = _CUSTOM_OP.search(message)
    words = f"the op {named[1]}, which is none of LiteRT's own" if named and named[1] else "ops of TensorFlow (Flex)"
    return Cause(f"It needs {words}: its interpreter has to be built with it.", True) if named else None


def written(about):
    return f" The file was written by TensorFlow {about['version']}." if about["version"] and not about["api"] else ""


def since_when(op):
    """The first release that has an op, of those in ops_since.json, and the one before; None for an op of none."""
    table = json.loads(pathlib.Path(__file__).with_name("ops_since.json").read_text("utf-8"))
    releases = table["releases"]
    version = next((version for version, ops in table["since"].items() if op in ops), None)
    return version and f"{version} ({releases[releases.index(version) - 1]} lacks it)"


def backslashes(message, about, others_read):
    """Files of Windows: in a `.keras`, in its weights, in the file `checkpoint`."""
    inside = [
        name for name in (*about["sources"], message) if re.search(r"(layers|_layer_checkpoint_dependencies)\\+", name)
    ]
    if inside or ("backslashes" in about["note"] and re.search(r"NotFound|not find|Unable to|no checkpoint", message)):
        return Cause(
            "It was written on Windows: the paths in it have backslashes, which this system does not take apart."
        )
    return None


def no_model(message, about, others_read):
    if re.search(r"No model (config )?found in|No model_config", message):
        return Cause("The file holds weights alone, and no model: bring its architecture too, or `build:`.", True)
    if re.search(
        r"File format not supported.*legacy SavedModel|Keras 3 only supports V3 `\.keras` files", message, re.S
    ):
        return Cause("Keras 3 does not read a SavedModel by load_model, and says so.", True)
    return None


def missing_module(message, about, others_read):
    named = _MODULE.search(message)
    name = next(filter(None, named.groups())) if named else None
    if name is None or name.split(".")[0] in ("keras", "tf_keras", "tensorflow"):
        return None
    return Cause(f"It needs the module {name}, which is not installed there.", True)


def lambda_layer(message, about, others_read):
    if (
        re.search(r"safe_mode|unsafe deserialization|marshal|bad marshal data|lambda", message, re.I)
        and "lambda" in about["traits"]
    ):
        return Cause(
            "It holds a Lambda layer, whose code lies in the file; no page promises that it loads elsewhere.", True
        )
    return None


FINDERS = (newer_op, custom_op, lambda_layer, missing_class, backslashes, no_model, missing_module)

"""``saved_model_cli show --all`` and ``run --input_exprs``: the loader reads the text that the tool prints.

For a brought artifact, inputs and outputs pass through files (``--inputs``, ``--outdir``): the text has eight digits of
each number, and of a large array only its ends.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, WEIGHTS, Unfit, _serving, only_file
from roundtrip.withdrawals import Withdrawal

LINK = "https://www.tensorflow.org/guide/saved_model#details_of_the_savedmodel_command_line_interface"

TITLE = "saved_model_cli show and run"
APIS = {"tf1": ""}
READS = ("saved_model_v1", "saved_model_v1_frozen")
RESTORES = CALLABLES
READS_BROUGHT = ("saved_model", "export", "saved_model_builder")
GIVES = ("predict", "signature")
STARTS_PROCESSES = True
#: it is there "to inspect and execute a SavedModel"
WITHDRAWS = (Withdrawal(("architecture",) + WEIGHTS, LINK),)

_SIGNATURE = re.compile(r"^signature_def\['(.+)'\]:$")
_TENSOR = re.compile(r"^(inputs|outputs)\['(.+)'\] tensor_info:$")
_FIELD = re.compile(r"^(dtype|shape|name): (.*)$")
#: TensorFlow's names of dtypes whose names in NumPy are others
_DTYPES = {"DT_FLOAT": "float32", "DT_DOUBLE": "float64", "DT_HALF": "float16"}


def load(ctx, artifact):
    folder = only_file(artifact)
    shown = cli("show", "--dir", folder, "--all")
    signatures = parse_signatures(shown)
    return Loaded(predict=lambda x: run(folder, signatures, x), signatures=signatures, facts={"shown": shown})


def read(ctx, path):
    signatures = parse_signatures(cli("show", "--dir", path, "--all"))
    name = _serving.chosen(signatures, ctx.item)
    parts = signatures[name]
    if not parts["inputs"]:
        raise Unfit("saved_model_cli runs no signature without inputs, and %s has none" % name)
    return Loaded(
        takes=parts["inputs"], call=lambda values: by_files(path, name, parts["outputs"], values), signatures=signatures
    )


def by_files(path, signature, outputs, values):
    """{output: array} of a signature, whose inputs and outputs pass through .npy files."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: os.path.join(folder, "input_%d.npy" % i) for i, name in enumerate(sorted(values))}
        for name, file in files.items():
            np.save(file, values[name].astype("S") if values[name].dtype == object else values[name])
        given = ";".join("%s=%s" % item for item in sorted(files.items()))
        command = ["--tag_set", "serve", "--signature_def", signature, "--inputs", given]
        cli("run", "--dir", path, *(command + ["--outdir", folder, "--overwrite"]))
        # an array of strings is one of objects; what wrote it ran in this step too, and may do no more than it
        return {name: np.load(os.path.join(folder, name + ".npy"), allow_pickle=True) for name in outputs}


def cli(*arguments):
    """The output of the environment's saved_model_cli. Raises RuntimeError with its messages if it fails."""
    tool = os.path.join(os.path.dirname(sys.executable), "saved_model_cli")
    done = subprocess.Popen([sys.executable, tool] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = (stream.decode("utf-8", "replace") for stream in done.communicate())
    if done.returncode:
        raise RuntimeError("saved_model_cli %s: exit code %d\n%s" % (arguments[0], done.returncode, err[-4000:]))
    return out


def parse_signatures(text):
    """{signature: {"inputs": {name: [shape, dtype]}, "outputs": ...}} from the output of ``show --all``."""
    found, tensor = {}, None
    for line in text.splitlines():
        signature, part, field = (pattern.match(line.strip()) for pattern in (_SIGNATURE, _TENSOR, _FIELD))
        if signature:
            found[signature.group(1)] = {"inputs": {}, "outputs": {}}
            latest = found[signature.group(1)]
        elif part and found:
            tensor = latest[part.group(1)][part.group(2)] = [None, None]
        elif field and tensor is not None:
            if field.group(1) == "dtype":
                tensor[1] = _DTYPES.get(field.group(2), field.group(2)[len("DT_") :].lower())
            elif field.group(1) == "shape":
                tensor[0] = parse_shape(field.group(2))
    return {name: parts for name, parts in found.items() if not name.startswith("__")}


def parse_shape(text):
    """``(-1, 10)`` -> [None, 10]; None if the rank is unknown."""
    if text == "unknown_rank":
        return None
    return [None if int(n) < 0 else int(n) for n in re.findall(r"-?\d+", text)]


def run(folder, signatures, inputs):
    """The only output of serving_default, from the printed text, in which floats have eight digits."""
    parts = signatures["serving_default"]
    (argument,), ((result, (_, dtype)),) = parts["inputs"], parts["outputs"].items()
    expression = "%s=%s" % (argument, json.dumps(np.asarray(inputs).tolist()))
    command = ["--tag_set", "serve", "--signature_def", "serving_default", "--input_exprs", expression]
    return parse_result(cli("run", "--dir", folder, *command), result, dtype)


def parse_result(text, result, dtype):
    """The array printed after ``Result for output key <result>:``."""
    printed = text.split("Result for output key %s:" % result, 1)[1]
    words = re.sub(r"(?<=[\w.])\s+(?=[-\w])", ",", re.sub(r"\s*\]\s*\[", "],[", printed.strip()))
    values = json.loads(re.sub(r"(\d)\.(?=\D|$)", r"\1.0", words.replace("True", "true").replace("False", "false")))
    return np.array(values, dtype)

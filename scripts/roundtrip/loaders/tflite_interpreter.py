"""``tf.lite.Interpreter``: the interpreter inside TensorFlow, called by tensors in their order."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES

TITLE = "tf.lite.Interpreter"
APIS = {"keras3": "", "keras2": ">=1.14", "tf1": ">=1.14"}
BACKENDS = ("tensorflow",)
READS = ("litert",)
RESTORES = CALLABLES
GIVES = ("predict",)
LINK = "https://www.tensorflow.org/api_docs/python/tf/lite/Interpreter"


def read(ctx, path):
    return loaded(ctx.tf.lite.Interpreter(model_path=path))


def loaded(interpreter):
    """The Loaded of an interpreter; a dimension that is not fixed is resized to that of the inputs."""
    interpreter.allocate_tensors()
    takes, gives = interpreter.get_input_details(), interpreter.get_output_details()

    def call(values):
        for x in takes:
            value = values[x["name"]]
            if tuple(x["shape"]) != value.shape:
                interpreter.resize_tensor_input(x["index"], value.shape)
        interpreter.allocate_tensors()
        for x in takes:
            interpreter.set_tensor(x["index"], values[x["name"]])
        interpreter.invoke()
        return {x["name"]: interpreter.get_tensor(x["index"]) for x in gives}

    facts = {part: {x["name"]: spec(x) for x in all_} for part, all_ in (("inputs", takes), ("outputs", gives))}
    return Loaded(takes=facts["inputs"], call=call, keep=interpreter, signatures={"tensors": facts})


def spec(details):
    shape = details.get("shape_signature", details["shape"])
    dtype = details["dtype"].__name__
    return [[int(d) if d >= 0 else None for d in shape], "string" if dtype == "bytes_" else dtype]

"""The interpreter of ``ai_edge_litert``, called by the signature in the file."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, _serving, only_file, tflite_interpreter

TITLE = "LiteRT interpreter"
APIS = {"keras3": ""}
READS = ("litert",)
RESTORES = CALLABLES
GIVES = ("predict", "signature")
PACKAGES = ("ai-edge-litert",)


def load(ctx, artifact):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=only_file(artifact))
    interpreter.allocate_tensors()
    name = _serving.only(interpreter.get_signature_list())
    runner = interpreter.get_signature_runner(name)
    takes, gives = runner.get_input_details(), runner.get_output_details()

    def predict(inputs):
        feed = _serving.named(ctx, sorted(takes), inputs)
        outputs = runner(**{name: value.numpy() for name, value in feed.items()})
        return _serving.unnamed(ctx, {name: outputs[name] for name in sorted(outputs)})

    facts = {name: {"inputs": described(takes), "outputs": described(gives)}}
    return Loaded(predict=predict, keep=interpreter, signatures=facts)


def described(details):
    """The signature's shape has -1 where a dimension is not fixed."""
    return {
        name: [
            [int(d) if d >= 0 else None for d in x["shape_signature"]],
            "string" if x["dtype"].__name__ == "bytes_" else x["dtype"].__name__,
        ]
        for name, x in details.items()
    }


def read(ctx, path):
    from ai_edge_litert.interpreter import Interpreter

    return tflite_interpreter.loaded(Interpreter(model_path=path))

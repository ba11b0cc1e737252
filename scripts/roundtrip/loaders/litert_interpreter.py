"""``ai_edge_litert``'s interpreter, by the signature that the file holds."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, _serving, only_file

TITLE = "LiteRT interpreter"
APIS = {"keras3": ""}
READS = ("litert",)
RESTORES = CALLABLES
GIVES = ("predict", "signature")
PACKAGES = ("ai_edge_litert",)


def load(ctx, artifact):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=only_file(artifact))
    interpreter.allocate_tensors()
    name = _serving.only(interpreter.get_signature_list())
    runner = interpreter.get_signature_runner(name)
    takes, gives = runner.get_input_details(), runner.get_output_details()

    def predict(inputs):
        feed = _serving.named(ctx, sorted(takes), inputs)
        return _serving.unnamed(ctx, runner(**{name: value.numpy() for name, value in feed.items()}))

    facts = {name: {"inputs": described(takes), "outputs": described(gives)}}
    return Loaded(predict=predict, keep=interpreter, signatures=facts)


def described(details):
    """The signature's shape has -1 where a dimension is not fixed."""
    return {
        name: [[int(d) if d >= 0 else None for d in x["shape_signature"]], x["dtype"].__name__]
        for name, x in details.items()
    }

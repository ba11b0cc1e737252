"""``onnxruntime.InferenceSession(path).run``."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES, _serving, only_file

TITLE = "onnxruntime"
APIS = {"keras3": ""}
READS = ("onnx",)
RESTORES = CALLABLES
GIVES = ("predict", "signature")
PACKAGES = ("onnxruntime",)


def load(ctx, artifact):
    import onnxruntime

    session = onnxruntime.InferenceSession(only_file(artifact), providers=["CPUExecutionProvider"])
    takes, gives = session.get_inputs(), session.get_outputs()

    def predict(inputs):
        feed = _serving.named(ctx, [x.name for x in takes], inputs)
        results = session.run(None, {name: value.numpy() for name, value in feed.items()})
        return _serving.unnamed(ctx, dict(zip((x.name for x in gives), results)))

    facts = {"onnx": {"inputs": described(takes), "outputs": described(gives)}}
    return Loaded(predict=predict, keep=session, signatures=facts)


def described(arguments):
    """ONNX names a dimension that is not fixed, and says ``tensor(float)`` for float32."""
    names = {"tensor(float)": "float32", "tensor(double)": "float64"}
    return {
        x.name: [
            [d if isinstance(d, int) else None for d in x.shape],
            names.get(x.type, x.type[len("tensor(") : -1]),
        ]
        for x in arguments
    }


def read(ctx, path):
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    takes, gives = described(session.get_inputs()), described(session.get_outputs())

    def call(values):
        return dict(zip(gives, session.run(list(gives), values)))

    return Loaded(takes=takes, call=call, keep=session, signatures={"onnx": {"inputs": takes, "outputs": gives}})

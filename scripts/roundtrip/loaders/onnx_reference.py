"""``onnx.reference.ReferenceEvaluator``: the evaluator of the ONNX package itself, written in NumPy."""

from roundtrip.loaded import Loaded
from roundtrip.loaders import CALLABLES

TITLE = "ONNX' reference evaluator"
APIS = {"keras3": ""}
READS = ("onnx",)
RESTORES = CALLABLES
GIVES = ("predict",)
PACKAGES = ("onnx",)
LINK = "https://onnx.ai/onnx/api/reference.html"


def read(ctx, path):
    import onnx
    from onnx.reference import ReferenceEvaluator

    model = onnx.load(path)
    session = ReferenceEvaluator(model)
    own = {x.name for x in model.graph.initializer}  # before version 4 of ONNX, weights are listed as inputs too
    takes = {x.name: spec(onnx, x) for x in model.graph.input if x.name not in own}
    gives = {x.name: spec(onnx, x) for x in model.graph.output}

    def call(values):
        return dict(zip(gives, session.run(list(gives), values)))

    return Loaded(takes=takes, call=call, keep=session, signatures={"onnx": {"inputs": takes, "outputs": gives}})


def spec(onnx, value):
    tensor = value.type.tensor_type
    shape = [d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else None for d in tensor.shape.dim]
    dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    return [shape if tensor.HasField("shape") else None, "string" if dtype.kind == "O" else dtype.name]

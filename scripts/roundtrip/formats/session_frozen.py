"""A frozen graph of Keras' session: what the outputs need, the variables as constants.

Nodes that only training needs are left out, and so are the swaps between forward and backward pass: those
between two ops of the forward pass are part of what the outputs need. No documentation speaks of them.
"""

from roundtrip.formats import path, promise

TITLE = "frozen graph of Keras' session"
APIS = {"keras2_graph": ""}
CARRIES = promise(
    ("predictions",),
    "https://www.tensorflow.org/api_docs/python/tf/compat/v1/graph_util/convert_variables_to_constants",
)
FILES = {"frozen_model.pb": "a GraphDef: ops and constants, nothing to train"}


def save(ctx, model, folder):
    session = ctx.keras.backend.get_session()
    outputs = [t.op.name for t in model.outputs]
    definition = session.graph.as_graph_def(add_shapes=True)
    frozen = ctx.rt.v1.graph_util.convert_variables_to_constants(session, definition, outputs)
    with open(path(folder, "frozen_model.pb"), "wb") as f:
        f.write(frozen.SerializeToString())

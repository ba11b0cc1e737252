"""A frozen graph of Keras' session: only the nodes that the outputs need, with variables as constants.

Nodes for training are left out, and so are swap nodes between the forward and the backward pass. Swap nodes between
two ops of the forward pass stay in the graph. No documentation mentions swap nodes in frozen graphs.
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

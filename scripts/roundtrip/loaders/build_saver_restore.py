"""Build the model from its code, make its train function, then ``Saver().restore(session, latest)`` by names."""

from roundtrip.formats import session_saver
from roundtrip.lms.trace import make_train_function
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, FROM_CODE
from roundtrip.withdrawals import Withdrawal

TITLE = "code + Saver.restore, Keras' session"
APIS = {"keras2_graph": ""}
READS = ("session_saver",)
RESTORES = ("weights", "non_trainable_state", "optimizer_state")
SUPPLIES = FROM_CODE
GIVES = EVERYTHING
#: restore "requires a session in which the graph was launched": the graph is the code's
WITHDRAWS = (Withdrawal(("graph_rewrite",), session_saver._SAVER),)


def load(ctx, artifact):
    model = ctx.build()
    make_train_function(model)
    restore(ctx, artifact)
    return Loaded(model)


def restore(ctx, artifact):
    ctx.rt.v1.train.Saver().restore(ctx.keras.backend.get_session(), ctx.rt.v1.train.latest_checkpoint(artifact))

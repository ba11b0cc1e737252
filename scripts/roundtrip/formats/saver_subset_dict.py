"""``Saver({"name": variable})``: variables under names that the user chooses, here the trainable variables."""

from roundtrip.formats import _saver, promise

TITLE = "Saver, dict of variables"
APIS = {"tf1": ""}
CARRIES = promise(("weights",), _saver.SAVER)
FILES = _saver.files("my_test_model-1000")


def chosen(model):
    """{name in the checkpoint: variable}; restoring needs the same names."""
    return {"renamed/" + v.op.name: v for v in model.trainable_variables()}


def save(ctx, model, folder):
    _saver.save(ctx, model, folder, "my_test_model", {"var_list": chosen(model)}, global_step=1000)

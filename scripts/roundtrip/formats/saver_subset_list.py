"""``Saver([w1, w2])``: a list of variables, here the trainable ones, without those of the optimizer."""

from roundtrip.formats import _saver, promise

TITLE = "Saver, list of variables"
APIS = {"tf1": ""}
CARRIES = promise(("weights",), _saver.SAVER)
FILES = _saver.files("my_test_model-1000")


def chosen(model):
    return model.trainable_variables()


def save(ctx, model, folder):
    _saver.save(ctx, model, folder, "my_test_model", {"var_list": chosen(model)}, global_step=1000)

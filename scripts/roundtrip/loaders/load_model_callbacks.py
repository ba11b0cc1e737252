"""``load_model(path, callbacks=[...])``, an option of PowerAI's Keras that TensorFlow never had, by public functions.

The loader builds and compiles the model, makes its train function, and calls ``set_model`` of each callback. Only then
does it load the weights and the optimizer's weights, because loading needs a running session. Nothing in TensorFlow
is patched.
"""

import json

import h5py

from roundtrip.lms.trace import make_train_function
from roundtrip.loaded import Loaded
from roundtrip.loaders import EVERYTHING, LAMBDA, WHOLE_MODEL, _rewriting, only_file
from roundtrip.runtime import version_tuple
from roundtrip.withdrawals import Withdrawal

TITLE = "load_model with callbacks"
APIS = {"keras2_graph": ""}
READS = ("h5",)
RESTORES = WHOLE_MODEL
SUPPLIES = ("graph_rewrite",)
GIVES = EVERYTHING
WITHDRAWS = (Withdrawal(RESTORES, LAMBDA, trait="lambda", elsewhere=True),)
LINK = _rewriting.CLAIM


def load(ctx, artifact):
    rewriter = getattr(ctx.modifier, "rewriter", None)
    callbacks = [rewriter(ctx).callback(ctx.keras)] if rewriter else []
    return Loaded(load_model(ctx, only_file(artifact), callbacks))


def load_model(ctx, path, callbacks):
    keras, objects = ctx.keras, ctx.custom_objects()
    with h5py.File(path, "r") as f:
        model = keras.models.model_from_json(text(f.attrs["model_config"]), custom_objects=objects)
        arguments = compile_arguments(keras, json.loads(text(f.attrs["training_config"])), objects)
        # metrics' names have their outputs' names in them already; TensorFlow 2.4 does not know the argument, 2.8 does
        if version_tuple(ctx.tf.__version__) >= (2, 5):
            arguments["from_serialized"] = True
        model.compile(**arguments)
        make_train_function(model)
        for callback in callbacks:
            callback.set_model(model)
        model.load_weights(path)
        if "optimizer_weights" in f:
            group = f["optimizer_weights"]
            model.optimizer.set_weights([group[text(name)][()] for name in group.attrs["weight_names"]])
    return model


def compile_arguments(keras, config, objects):
    """``compile``'s arguments from a file's training_config; losses and metrics may be nested, or plain names."""
    found = {
        "optimizer": keras.optimizers.deserialize(config["optimizer_config"], custom_objects=objects),
        "loss": revived(config.get("loss"), keras.losses, objects),
        "loss_weights": config.get("loss_weights"),
    }
    for name in ("metrics", "weighted_metrics"):
        found[name] = revived(config.get(name), keras.metrics, objects)
    if config.get("sample_weight_mode"):
        found["sample_weight_mode"] = config["sample_weight_mode"]
    return found


def revived(value, module, objects):
    """Deserialize the objects at any depth of lists and dicts."""
    if isinstance(value, dict) and "class_name" in value:
        return module.deserialize(value, custom_objects=objects)
    if isinstance(value, dict):
        return {k: revived(v, module, objects) for k, v in value.items()}
    if isinstance(value, list):
        return [revived(v, module, objects) for v in value]
    return value


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value

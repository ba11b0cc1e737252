"""Which variables of a checkpoint are weights and which the optimizer's: graphs that are written here by hand."""

import pytest
from helpers.protobuf import Variable, message, object_graph

from rescue.held import Unreadable
from rescue.layer_names import layers_of_config, layers_of_path
from rescue.named_variables import NamedVariables
from rescue.object_graph import ObjectGraph, graph_of_keys
from rescue.optimizer_nodes import OptimizerNodes
from rescue.protobuf_fields import object_graph_of_bytes, protobuf_fields, variable_order

ENDING = "/.ATTRIBUTES/VARIABLE_VALUE"
KERNEL, BIAS, LAST = Variable("a/kernel"), Variable("a/bias"), Variable("b/kernel")
MODEL = {
    "layer-0": {"note": {}},
    "layer_with_weights-0": (first := {"kernel": KERNEL, "bias": BIAS}),
    "layer-1": first,
    "layer-2": {"kernel": LAST},
}


def graph(tree):
    return ObjectGraph(object_graph_of_bytes(object_graph(tree)))


def names(found):
    return [found.names(node)[0] for _, node in found.weights]


def optimizer_of(found):
    return OptimizerNodes(found, found.optimizers[0][1])


def test_slots_before_2_11_state_their_weights_and_follow_the_order_of_creation():
    slots = [(w, s, Variable(f"Adam/{w.name}/{s}")) for s in ("m", "v") for w in (LAST, KERNEL, BIAS)]
    optimizer = {"decay": Variable("Adam/decay"), "iter": Variable("Adam/iter"), "slots": slots}
    found = graph({"model": MODEL, "optimizer": optimizer, "save_counter": Variable("save_counter")})
    stated = optimizer_of(found).outer
    assert names(found) == ["a/kernel", "a/bias", "b/kernel"] and found.ordered
    assert [s.name for s in stated[:4]] == ["Adam/iter", "Adam/a/kernel/m", "Adam/a/bias/m", "Adam/b/kernel/m"]
    assert [s.slot for s in stated] == [None, "m", "m", "m", "v", "v", "v", None]
    assert stated[1].of == "model/layer_with_weights-0/kernel" + ENDING
    assert stated[-1].name == "decay" and optimizer_of(found).inner == [] and list(found.counters) == ["save_counter"]


def test_a_checkpoint_since_2_11_lists_the_variables_and_beside_them_the_learning_rate():
    iteration = Variable("iteration")
    listed = {str(n): Variable(f"m/{n}") for n in (1, 10, 11, 2)}
    optimizer = {"_variables": {"0": iteration, **listed}, "_iterations": iteration, "_learning_rate": Variable("lr")}
    stated = optimizer_of(graph({"model": MODEL, "opt": optimizer})).outer
    assert [s.name for s in stated] == ["iteration", "m/1", "m/2", "m/10", "m/11", "learning_rate"]


@pytest.mark.parametrize("counter", ["iterations", "_iterations"])
def test_lists_of_slots_in_keras_3_state_slot_and_weight(counter):
    """Two variables have one name, as Adafactor's do: only the list and its index tell them apart."""
    one, two, iteration = Variable("adafactor/bias"), Variable("adafactor/bias"), Variable("adafactor/iteration")
    optimizer = {
        "_variables": {"0": iteration, "1": one, "2": two},
        "_trainable_variables": {"0": KERNEL, "1": LAST},
        counter: iteration,
        "_momentums": {"0": one, "1": two},
    }
    model = {"_operations": {"0": {"_kernel": KERNEL}, "1": {"_kernel": LAST}}}
    stated = optimizer_of(graph({"model": model, "optimizer": optimizer})).outer
    kernels = [f"model/_operations/{n}/_kernel{ENDING}" for n in (0, 1)]
    assert [(s.slot, s.of) for s in stated] == [(None, None), ("momentum", kernels[0]), ("momentum", kernels[1])]


def scaled(inside):
    return {"loss_scale": {"current_loss_scale": Variable("current_loss_scale")}, **inside}


ADAM = {"iter": Variable("Adam/iter"), "slots": [(KERNEL, "m", Variable("Adam/a/kernel/m"))]}


@pytest.mark.parametrize("optimizer", [scaled({"base_optimizer": {}, **ADAM}), scaled({"base_optimizer": ADAM})])
def test_the_loss_scale_of_keras_2_lies_around_the_optimizer(optimizer):
    """TensorFlow 2.4 saves the children of the wrapped optimizer as its own; 2.2 kept them apart."""
    found = optimizer_of(graph({"model": MODEL, "optimizer": optimizer}))
    assert [s.name for s in found.outer] == ["current_loss_scale"]
    assert [s.name for s in found.inner] == ["Adam/iter", "Adam/a/kernel/m"]


def test_the_loss_scale_of_keras_3_holds_the_inner_optimizer():
    step = Variable("loss_scale_optimizer/iteration")
    outer = {"_variables": {"0": step}, "_iterations": step, "inner_optimizer": ADAM}
    found = optimizer_of(graph({"model": MODEL, "optimizer": outer}))
    assert [s.name for s in found.outer] == ["loss_scale_optimizer/iteration"] and found.inner[0].name == "Adam/iter"


def test_metrics_are_counted_and_are_no_weights():
    mean = {"total": Variable("total"), "count": Variable("count")}
    norm = {"mean": Variable("mean"), "count": Variable("count")}
    found = graph({"tracker": mean, "norm": norm, "keras_api": {"metrics": {"0": mean, "1": {"total": Variable("t")}}}})
    assert names(found) == ["mean", "count"] and found.metrics == 2


def test_the_list_of_a_saved_model_orders_what_a_dict_holds():
    right, left = Variable("right"), Variable("left")
    layer = {"branches": {"right": {"kernel": right}, "left": {"kernel": left}}}
    assert not graph({"layer-0": layer}).ordered
    listed = graph({"layer-0": layer, "variables": {"0": left, "1": right}})
    assert listed.ordered and names(listed) == ["left", "right"]


def test_an_export_lists_variables_alone():
    found = graph({"variables": {"0": KERNEL, "1": LAST}, "_all_variables": {"0": Variable("a/kernel")}})
    assert names(found) == ["a/kernel", "b/kernel"]


def test_keys_tell_the_graph_where_its_own_is_lost():
    slot = "model/layer_with_weights-0/kernel/.OPTIMIZER_SLOT/optimizer/m"
    keys = [slot, "optimizer/iter", "model/layer_with_weights-10/kernel", "model/layer_with_weights-0/kernel"]
    found = ObjectGraph(graph_of_keys([key + ENDING for key in keys] + ["_CHECKPOINTABLE_OBJECT_GRAPH"]))
    assert ["/".join(path) for path, _ in found.weights] == [keys[3], keys[2]]
    assert [(s.slot, s.of) for s in optimizer_of(found).outer] == [(None, None), ("m", keys[3] + ENDING)]


def test_keys_of_keras_3_lead_to_weights_through_the_optimizer():
    keys = ["optimizer/_iterations", "optimizer/_variables/1", "optimizer/_trainable_variables/0"]
    found = ObjectGraph(graph_of_keys([key + ENDING for key in keys]))
    assert ["/".join(path) for path, _ in found.weights] == [keys[2]] and len(optimizer_of(found).outer) == 2


def test_names_tell_slots_from_weights():
    shapes = {"dense/kernel": [2, 3], "dense/kernel/Adam": [2, 3], "dense/kernel/Adam_1": [2, 3], "beta1_power": []}
    shapes.update({"training/Adam/dense/kernel/m": [2, 3], "training/Adam/iter": [], "training/Adam/Variable_1": [3]})
    shapes.update(
        {"outer/dense/kernel": [2, 3], "norm/count": [], "Adam/lr": [], "momentum": [], "decay/momentum": [4]}
    )
    named = NamedVariables(shapes, {})
    assert sorted(named.weights) == ["decay/momentum", "dense/kernel", "momentum", "norm/count", "outer/dense/kernel"]
    of = {name: (slot, weight) for name, slot, weight in named.optimizer}
    assert of["dense/kernel/Adam_1"] == ("Adam_1", "dense/kernel")
    assert of["training/Adam/dense/kernel/m"] == ("m", "dense/kernel")
    assert {name for name, kept in of.items() if kept == (None, None)} == {
        "beta1_power",
        "training/Adam/iter",
        "training/Adam/Variable_1",
        "Adam/lr",
    }


def test_a_meta_graph_states_the_order_of_creation():
    definitions = [(1, message((1, name + ":0"))) for name in ("z/kernel", "a/kernel")]
    variables = message((1, "variables"), (2, message((2, message(*definitions)))))
    order = variable_order(message((4, message((1, "losses"))), (4, variables)))
    assert NamedVariables({"a/kernel": [1], "b": [1], "z/kernel": [1]}, order).weights == ["z/kernel", "a/kernel", "b"]


def test_the_config_names_the_layers_and_else_the_variable_does():
    inner = {"class_name": "Sequential", "config": {"name": "tower", "layers": [layer("Input"), layer("top")]}}
    config = {"class_name": "Functional", "config": {"name": "model", "layers": [layer("Input"), inner]}}
    path = ("model", "layer-1", "layer-0", "kernel")
    assert layers_of_path(path, "top/kernel", layers_of_config(config)) == ("tower", "top")
    assert layers_of_path(path, "tower/top/kernel", []) == ("tower", "top")
    cell = ("model", "layer-1", "cell", "cells", "0", "kernel")
    assert layers_of_path(cell, "rnn/stacked/first/kernel", []) == ("rnn",)
    assert layers_of_path(("model", "layer-1", "mean"), "mean", []) == ()
    assert layers_of_path(("model", "layer-1", "kernel"), "model/top/kernel", []) == ()


def layer(name):
    return {"class_name": "InputLayer" if name == "Input" else "Dense", "config": {"name": name}}


def test_the_counters_of_backup_and_restore_are_no_weights():
    found = graph({"model": MODEL, "ckpt_saved_epoch": Variable("epoch"), "_ckpt_saved_batch": Variable("batch")})
    assert list(found.counters) == ["ckpt_saved_epoch", "_ckpt_saved_batch"] and len(found.weights) == 3


def test_a_protocol_buffer_that_is_cut_off_is_unreadable():
    data = message((1, "text"), (2, 300))
    assert protobuf_fields(data) == {1: [b"text"], 2: [300]}
    for cut in (3, len(data) - 1):
        with pytest.raises(Unreadable):
            protobuf_fields(data[:cut])

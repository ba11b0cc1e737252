"""Large model support without TensorFlow: plans on a graph of our own, and the facet's planted false passes."""

import types

import pytest

from host.select import matrix, runtimes
from host.select.cells import Cell
from roundtrip import lms, members
from roundtrip.lms import plan

LATE = (
    "Operation '{name:'grad' ... MatMul(lms/swapin_x_0, y)' was changed by updating input tensor after it was run"
    " by a session. This mutation will have no effect"
)


class Tensor:
    def __init__(self, op, rank=2, dtype="float32"):
        self.op, self.name = op, f"{op.name}:0"
        self.shape = types.SimpleNamespace(ndims=rank, as_list=lambda: [None, 8][:rank])
        self.dtype = types.SimpleNamespace(base_dtype=types.SimpleNamespace(name=dtype, size=4))

    def consumers(self):
        return [op for op in self.op.graph.ops if self in op.inputs]


class Graph:
    """Ops with one output each, as much of them as a plan reads."""

    def __init__(self):
        self.ops = []

    def get_operations(self):
        return self.ops

    def op(self, name, *inputs, kind="MatMul", **tensor):
        made = types.SimpleNamespace(graph=self, name=name, type=kind, _id=len(self.ops), control_inputs=[])
        made.inputs = [i.outputs[0] for i in inputs]
        made.outputs = [Tensor(made, **tensor)]
        self.ops.append(made)
        return made


class Op(types.SimpleNamespace):
    __hash__ = object.__hash__
    __eq__ = object.__eq__


@pytest.fixture
def graph(monkeypatch):
    """A forward pass a, b, c and a backward pass gc, gb, ga, where ga reads a and gb reads b."""
    monkeypatch.setattr(types, "SimpleNamespace", Op)
    g = Graph()
    x = g.op("x", kind="Placeholder")
    a = g.op("net/a", x)
    b = g.op("net/b", a)
    c = g.op("net/c", b)
    gc = g.op("grad/c", c)
    gb = g.op("grad/b", gc, b)
    g.op("grad/a", gb, a)
    return g


def pairs(swaps):
    return [
        (s.tensor.op.name, [c.name for c in group.consumers], group.trigger.name) for s in swaps for group in s.groups
    ]


def test_a_tensor_waits_for_consumers_beyond_the_threshold_and_is_called_back_ahead_of_them(graph):
    assert pairs(plan.make(graph)) == [("net/a", ["grad/a"], "grad/b"), ("net/b", ["grad/b"], "grad/c")]
    farther = plan.make(graph, plan.Parameters(swapout_threshold=3, swapin_ahead=2))
    assert pairs(farther) == [("net/a", ["grad/a"], "grad/c")]


def test_a_plan_changes_nothing_and_says_how_many_bytes_leave(graph):
    before = [(op.name, list(op.inputs)) for op in graph.ops]
    text = "\n".join(plan.lines(plan.make(graph), batch=32))
    assert [(op.name, list(op.inputs)) for op in graph.ops] == before
    assert text.startswith(f"2 tensors leave the device, 2 ways back, {2 * 32 * 8 * 4} bytes a step (batch of 32)")
    assert "net/a:0 (MatMul, 1024 bytes) -> grad/a, called back by grad/b" in text


def test_consumers_of_one_tensor_may_share_a_way_back(graph):
    ops = {op.name: op for op in graph.ops}
    graph.op("grad/again", ops["grad/a"], ops["net/a"])
    own = [p for p in pairs(plan.make(graph)) if p[0] == "net/a"]
    shared = [p for p in pairs(plan.make(graph, plan.Parameters(swapin_groupby=1))) if p[0] == "net/a"]
    assert [p[1] for p in own] == [["grad/a"], ["grad/again"]]
    assert [p[1:] for p in shared] == [(["grad/a", "grad/again"], "grad/b")]


@pytest.mark.parametrize(
    ("parameters", "sources"),
    [
        ({"include_scopes": ("net/a",)}, ["net/a"]),
        ({"exclude_scopes": ("net/a",)}, ["net/b"]),
        ({"exclude_types": ("MatMul",)}, None),
        ({"include_types": ("Conv2D",)}, None),
        ({"min_rank": 3}, None),
        ({"swapout_threshold": 9}, None),
    ],
)
def test_scopes_and_types_choose_and_nothing_to_swap_is_an_error(graph, parameters, sources):
    parameters = plan.Parameters(**parameters)
    if sources is None:
        with pytest.raises(lms.NothingToSwap, match="no tensor of rank"):
            plan.make(graph, parameters)
    else:
        assert [s.tensor.op.name for s in plan.make(graph, parameters)] == sources


def test_an_unknown_scope_and_odd_parameters_are_errors(graph):
    with pytest.raises(lms.UnknownScope, match="nett"):
        plan.make(graph, plan.Parameters(exclude_scopes=("nett",)))
    for odd in ({"swapout_threshold": 0}, {"swapin_ahead": 0}, {"sync_mode": 4}):
        with pytest.raises(ValueError, match="begin at 1"):
            plan.Parameters(**odd)


def lms_cell(path, loader="load_model_callbacks"):
    path.cell = Cell("tf2.21-keras2_graph", "conv_batchnorm", "lms", "h5", "tf2.21-keras2_graph", loader, "resume")
    path.rewrite = {"added": 54, "executed": 54, "unit": "swap nodes"}


def rewritten(executed, added=54, loader="load_model_callbacks", late=False):
    def spoil(path):
        lms_cell(path, loader)
        path.rewrite.update(executed=executed, added=added)
        if late:
            path.diagnostics = [{"source": "stderr", "category": "", "message": LATE}]

    return spoil


def test_an_effective_rewrite_is_kept(judged):
    result = judged(lms_cell, lms_cell)
    assert result["verdict"] == "kept" and "rewritten graph" in result["reason"]
    assert result["facets"]["graph_rewrite"]["rewrite"]["effect"] == "effective"


@pytest.mark.parametrize(("executed", "effect"), [(0, "ineffective"), (53, "partial")])
def test_nodes_that_lie_in_the_graph_and_are_not_executed_prove_nothing(judged, executed, effect):
    """What grappler pruned, or a session that had run did not see: the graph looks the same."""
    result = judged(rewritten(executed), lms_cell)
    assert result["facets"]["graph_rewrite"]["rewrite"]["effect"] == effect
    assert result["verdict"] == "silent_loss"


def test_a_late_rewrite_is_announced_by_the_warning_that_names_a_swap_node_and_by_no_other(judged):
    result = judged(rewritten(30, late=True), lms_cell)
    assert (result["verdict"], result["facets"]["graph_rewrite"]["rewrite"]["warnings"]) == ("degraded", 1)
    other = rewritten(30)

    def attribute(path):
        other(path)
        path.diagnostics = [{"source": "stderr", "category": "", "message": LATE.replace("updating input", "setting")}]

    assert judged(attribute, lms_cell)["verdict"] == "silent_loss"


def test_where_no_rewrite_was_promised_its_loss_still_shows(judged):
    result = judged(rewritten(52, loader="load_model_then_rewrite", late=True), lms_cell)
    assert result["verdict"] == "not_promised_lost" and "rewritten graph" in result["reason"]
    assert not result["facets"]["graph_rewrite"]["promised"]


@pytest.mark.parametrize(("executed", "effect"), [(37, "effective"), (33, "partial"), (27, "partial")])
def test_a_rewrite_in_another_version_is_held_against_what_it_added_there(judged, executed, effect):
    """1.15 adds 29 nodes and executes 27, 2.8 adds 39 and executes 37: 33 are more than 27, and not all."""
    result = judged(rewritten(executed, 39), rewritten(27, 29), crossing="newer")
    assert result["facets"]["graph_rewrite"]["rewrite"]["effect"] == effect


def test_a_rewrite_in_another_version_that_was_warned_of_is_not_effective(judged):
    """1.13's own step has no use for 6 of its nodes; 33 of 39 in 2.8 are too few all the same."""
    facet = judged(rewritten(33, 39, late=True), rewritten(88, 94), crossing="newer")["facets"]["graph_rewrite"][
        "rewrite"
    ]
    assert (facet["effect"], facet["expected"]) == ("partial", 39)
    assert (
        judged(rewritten(37, 39), rewritten(88, 94), crossing="newer")["facets"]["graph_rewrite"]["rewrite"]["effect"]
        == "effective"
    )


def test_nodes_that_an_artifact_brings_are_as_many_in_every_version(judged):
    brought = rewritten(27, 29, loader="session_meta_graph")
    facet = judged(brought, rewritten(27, 29), crossing="newer")["facets"]["graph_rewrite"]["rewrite"]
    assert (facet["effect"], facet["expected"]) == ("effective", 27)


def test_an_lms_that_switched_itself_off_is_no_reference(judged):
    """0 of 0 nodes executed would be as many as in the reference."""
    for reference in (rewritten(0, 0), rewritten(0, 54)):
        result = judged(rewritten(0), reference)
        assert result["verdict"] == "not_reproducible" and "no effect" in result["reason"]

    def unseen(path):
        lms_cell(path)
        path.rewrite = None

    assert judged(unseen, unseen)["verdict"] == "not_reproducible"


def test_a_rewrite_that_was_not_looked_at_is_unproved(judged):
    def unseen(path):
        lms_cell(path)
        path.rewrite = {"error": "RuntimeError: the traced step executed nothing"}

    assert judged(unseen, lms_cell)["verdict"] == "unproved"


def test_without_a_rewriting_modifier_nothing_is_promised_of_it(judged):
    def plain(path):
        lms_cell(path)
        path.cell, path.rewrite = path.cell._replace(modifier="none"), None

    result = judged(plain, plain)
    assert result["verdict"] == "kept" and "graph_rewrite" not in result["facets"]


def test_loaders_that_rewrite_go_with_modifiers_that_do():
    modifiers = {n: members.member("modifiers", n) for n in members.names("modifiers")}
    loaders = [members.member("loaders", n) for n in members.names("loaders")]
    needing = [loader for loader in loaders if loader.REQUIRES_MODIFIER]
    assert {loader.ID for loader in needing} >= {"load_model_then_rewrite", "build_load_weights_then_rewrite"}
    for loader in needing:
        assert set(loader.REQUIRES_MODIFIER) <= {t for m in modifiers.values() for t in m.TRAITS}
        assert matrix._modified(modifiers["none"], loader) and not matrix._modified(modifiers["lms"], loader)


def test_a_modifier_may_need_an_environment_variable(monkeypatch):
    environment = {
        "id": "tf2.21",
        "tensorflow": "2.21.0",
        "packages": {},
        "apis": {"keras2_graph": {"module": "tf_keras", "version": "2.21.0"}},
    }
    runtime = runtimes.Runtime(environment, "keras2_graph")
    monkeypatch.delenv("TFLMS_PATH", raising=False)
    assert "TFLMS_PATH" in runtime.lacks(members.member("modifiers", "tflms"), "modifier")
    monkeypatch.setenv("TFLMS_PATH", "somewhere")
    assert runtime.lacks(members.member("modifiers", "tflms"), "modifier") is None

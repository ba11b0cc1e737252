"""The parts of the TensorFlow 1 routes that need no TensorFlow: declarations, parsing, errors and verdicts."""

import types

import numpy as np
import pytest

from host.judge.contract import Contract, Path
from host.judge.facets import files, http_answers, signatures
from host.select.cells import Cell
from roundtrip import frozen_model, members, serving
from roundtrip.engines import session
from roundtrip.loaders import saved_model_cli

SHOWN = """
MetaGraphDef with tag-set: 'serve' contains the following SignatureDefs:

signature_def['__saved_model_init_op']:
  The given SavedModel SignatureDef contains the following output(s):
    outputs['__saved_model_init_op'] tensor_info:
        dtype: DT_INVALID
        shape: unknown_rank
        name: NoOp

signature_def['serving_default']:
  The given SavedModel SignatureDef contains the following input(s):
    inputs['inputs_1'] tensor_info:
        dtype: DT_FLOAT
        shape: (-1, 10)
        name: Placeholder/inputs_placeholder:0
  The given SavedModel SignatureDef contains the following output(s):
    outputs['output1'] tensor_info:
        dtype: DT_BOOL
        shape: (-1, 1)
        name: Accuracy/predictions:0
  Method name is: tensorflow/serving/predict
"""


def test_what_saved_model_cli_shows():
    assert saved_model_cli.parse_signatures(SHOWN) == {
        "serving_default": {
            "inputs": {"inputs_1": [[None, 10], "float32"]},
            "outputs": {"output1": [[None, 1], "bool"]},
        }
    }


@pytest.mark.parametrize(
    ("printed", "dtype", "values"),
    [
        ("[[False]]\n", "bool", [[False]]),
        ("[[False]\n [ True]]\n", "bool", [[False], [True]]),
        ("[[ 2.5       ]\n [-3.        ]\n [ 4.5e-05   ]]\n", "float32", [[2.5], [-3.0], [4.5e-05]]),
        ("[1 2 3]", "int32", [1, 2, 3]),
        ("[[1. 2.]\n [3. 4.]]", "float32", [[1, 2], [3, 4]]),
        ("8.0", "float32", 8.0),
    ],
)
def test_what_saved_model_cli_prints_for_a_result(printed, dtype, values):
    found = saved_model_cli.parse_result(f"Result for output key y:\n{printed}", "y", dtype)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, np.array(values, dtype))


def test_the_documents_example_is_the_models():
    model = members.member("models", "sum_threshold")
    assert model.EXAMPLES[0] == ([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]], [[False]])
    assert model.EXAMPLES[1][0][1] == [5] * 10 and model.EXAMPLES[1][1] == [[False], [True]]
    assert (model.NAMES["inputs"], model.NAMES["outputs"]) == (
        "Placeholder/inputs_placeholder:0",
        "Accuracy/predictions:0",
    )


def test_its_labels_say_whether_the_sum_is_above_45():
    images = np.random.default_rng(5).integers(0, 256, (300, 28, 28)).astype(np.uint8)
    inputs, targets = members.member("models", "sum_threshold").data(images, np.zeros(300, int))
    assert set(np.unique(inputs)) <= set(range(10))
    np.testing.assert_array_equal(targets > 0, inputs.sum(1, keepdims=True) > 45)
    assert 0.2 < (targets > 0).mean() < 0.8


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"x": [[0, 1', "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100000, "not JSON"),
        (b"[1]", 'key "x"'),
        (b'{"y": 1}', 'key "x"'),
        (b'{"x": [[NaN]]}', "NaN"),
        (b'{"x": [[-Infinity]]}', "-Infinity"),
        (b'{"x": []}', "not empty"),
        (b'{"x": {}}', "list of rows"),
        (b'{"x": [["a"]]}', "a string"),
        (b'{"x": [[true]]}', "true or false"),
        (b'{"x": [[null]]}', "null"),
        (b'{"x": [[1], [1, 2]]}', "length"),
        (b'{"x": [[1e999]]}', "finite"),
        (b'{"x": [[1e40]]}', "finite"),
        (b'{"x": [[' + b"9" * 400 + b"]]}", "too large"),
    ],
)
def test_what_the_server_refuses(body, words):
    with pytest.raises(frozen_model.BadRequest, match=words):
        frozen_model.as_array(serving.parse(body), np.float32)


def test_integers_are_not_rounded():
    np.testing.assert_array_equal(frozen_model.as_array([[1, 2]], np.int32), [[1, 2]])
    with pytest.raises(frozen_model.BadRequest):
        frozen_model.as_array([[1.5]], np.int32)


def test_roles_of_variables():
    trainable = {"w1", "hidden/kernel"}
    found = {name: session.role(name, trainable) for name in (*trainable, "w1/Adam_1", "global_step", "beta1_power")}
    assert found["w1"] == found["hidden/kernel"] == "trainable"
    assert found["w1/Adam_1"] == found["beta1_power"] == "optimizer"
    assert found["global_step"] == "non_trainable"
    assert session.role("Train/beta2_power_1", trainable) == "optimizer"


def status(facet, fmt=None, manifest=(), observed=()):
    """The status of a facet that needs no more than a manifest, an observation and a format."""
    pair = types.SimpleNamespace(manifest=dict(manifest), observed=dict(observed), path=types.SimpleNamespace(fmt=fmt))
    result = facet.compare(pair)
    return result and result.status


def test_a_signature_renamed_is_different():
    given = {"serving_default": {"inputs": {"x": [[None, 10], "float32"]}, "outputs": {"y": [[None, 1], "bool"]}}}
    renamed = {"serving_default": {"inputs": {"z": [[None, 10], "float32"]}, "outputs": {"y": [[None, 1], "bool"]}}}
    manifest = {"signatures": given}
    assert status(signatures, None, manifest, {"all_signatures": given}) == "identical"
    assert status(signatures, None, manifest, {"all_signatures": renamed}) == "different"
    assert status(signatures, None, manifest, {"all_signatures": None}) == "missing"
    assert status(signatures, None, manifest, {}) is None


def test_a_servers_answers_are_a_facet_of_their_own_which_its_code_owes():
    runtime = "tf2.21-tf1"
    cell = Cell(runtime, "sum_threshold", "none", "frozen_graph", runtime, "flask_server", "serve_http")
    promised = Contract.of(Path(cell, ("2.21.0", "2.21.0"))).promised
    assert set(members.member("uses", "serve_http").COMPARES) <= set(promised) and "signatures" not in promised
    for exit_code, expected in ((0, "identical"), (-9, "different")):
        observed = {"http": {"expected": {"exit code": 0}, "found": {"exit code": exit_code}}}
        assert status(http_answers, None, {}, observed) == expected
        assert status(signatures, None, {}, observed) is None


def test_a_variables_folder_that_is_not_empty_is_different():
    fmt = members.member("formats", "saved_model_from_frozen")
    manifest = {"files": [{"path": "model/saved_model.pb"}], "empty_folders": ["model/variables"]}
    assert status(files, fmt, manifest) == "identical"
    assert status(files, fmt, dict(manifest, empty_folders=[])) == "different"
    more = [*manifest["files"], {"path": "model/variables/variables.index"}]
    assert status(files, fmt, dict(manifest, files=more)) == "different"


@pytest.mark.parametrize("name", ["saver_max_to_keep", "saver_every_n_hours", "saver_meta_graph_once_max_to_keep"])
def test_a_checkpoint_too_many_or_too_few_is_different(name):
    fmt = members.member("formats", name)
    paths = [{"path": path} for path in fmt.FILES]
    assert not any("*" in path for path in fmt.FILES), "which checkpoints remain must be said exactly"
    assert status(files, fmt, {"files": paths}) == "identical"
    assert status(files, fmt, {"files": paths[:-1]}) == "different"
    one_more = [*paths, {"path": "my_test_model-1000.index"}]
    assert status(files, fmt, {"files": one_more}) == "different"


def test_no_member_declares_by_accident_what_it_imports():
    """An upper-case name that a member imports becomes one of its declarations, and may exclude its cells."""
    for name in members.names("loaders"):
        for variable in getattr(members.member("loaders", name), "VARIABLES", ()):
            assert variable == variable.upper(), f"{name} needs an environment variable called {variable}"

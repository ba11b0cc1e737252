"""The judge of brought artifacts: what outputs are held against, what the file states, causes; each with its mutant."""

import json

import numpy as np
import pytest

from host.judge import agreement, brought, cause, records
from host.select.cells import Cell
from roundtrip import artifact
from roundtrip.record import Record, write_json

KERAS2, KERAS3, RAW = "tf2.21-keras2/load_model", "tf2.21-keras3/load_model", "tf2.21-keras2/h5_config_load_weights"
ABOUT = {"title": "t", "note": "", "api": "keras2", "version": "2.15.0", "traits": [], "layers": [["Dense", "d"]],
         "compiled": None, "custom": [], "doors": [], "sources": {}, "beside": []}  # fmt: skip
KERNEL = np.arange(6, dtype="float32").reshape(3, 2) / 7


class Route:
    """What a route gives. A test changes it before it is written."""

    def __init__(self, outputs=None, **facts):
        self.outputs = {"y": np.array(outputs, "float32")} if isinstance(outputs, list) else outputs
        self.inputs, self.facts = {"x": np.ones((2, 3), "float32")}, facts
        self.stated = self.state = None

    def weights(self, loaded=KERNEL, stated=KERNEL, role="trainable", variable=None):
        self.state = [*(self.state or []), ("d/kernel", role, loaded)]
        kind = "optimizer" if role == "optimizer" else "weight"
        self.stated = [*(self.stated or []), ("d/d/kernel:0", kind, stated, variable)]
        self.facts.setdefault("layers", [["Dense", "d"]])
        return self

    def write(self, folder, cell):
        record = Record("observed", cell)
        facts = record.facts
        facts.update({"outcome": "loaded", "diagnostics": [], "seconds": {}, **self.facts})
        if facts["outcome"] == "loaded" and self.outputs is not None:
            facts["outputs"] = [dict(record.array(v), name=n) for n, v in self.outputs.items()]
            facts["inputs"] = [dict(record.array(v), name=n) for n, v in self.inputs.items()]
        if self.state:
            facts["state"] = [dict(record.array(v), name=n, role=r) for n, r, v in self.state]
            facts["stated"] = [dict(record.array(v), name=n, role=r, variable=to) for n, r, v, to in self.stated]
        folder.mkdir(parents=True)
        record.write(str(folder), "observed")
        return str(folder / "observed.json")


def failed(message, stage="load", kind="ValueError", outcome="refused"):
    error = {"stage": stage, "type": kind, "message": message, "traceback": f"{kind}: {message}"}
    return Route(outcome=outcome, error=error)


@pytest.fixture
def judge(tmp_path):
    """A function: {route's id: Route}, entries of the artifact -> {route's id: verdict}."""

    def run(routes, use="inference", fmt="h5", about=(), **item):
        first = {"producer": "brought", "model": "mine", "modifier": "none", "format": fmt}
        manifest = Record("manifest", first)
        manifest.facts.update(outcome="done", reproducible=True, files=[], diagnostics=[], seconds={})
        manifest.facts["brought"] = {**ABOUT, **dict(about)}
        manifest.write(str(tmp_path), "manifest")
        write_json(str(tmp_path / "item.json"), {"id": "mine", "format": fmt, "trusted": False, **item})
        cells = {id_: Cell(*first.values(), *id_.split("/"), use) for id_ in routes}
        paths = [
            r.write(tmp_path / cells[id_].consumer / cells[id_].loader / use, cells[id_]._asdict())
            for id_, r in routes.items()
        ]
        found = {}
        for id_, cell in cells.items():
            files = {"manifest": str(tmp_path / "manifest.json"), "observed": paths}
            found[id_] = brought.judge(cell, files, ("3.15.1" if "keras3" in id_ else "2.21.0", "2.21.0"))
            records.write("verdict", str(tmp_path / "verdict.json"), found[id_])
        return found

    return run


def words(found):
    return [v["verdict"] for v in found.values()]


@pytest.mark.parametrize(
    ("outputs", "item", "verdict"),
    [
        ([[1.0], [2.0]], {"y": [[1.0], [2.0]]}, "kept"),
        ([[1.0], [2.0]], {"y": [[1.0], [2.001]]}, "silent_loss"),
        ([[1e-4], [2e-4]], {"y": [[1e-4], [2.2e-4]]}, "silent_loss"),  # below 1, as well
        ([[1.0], [2.0]], {"y": [1.0, 2.0]}, "silent_loss"),  # another shape
        ([[1.0], [np.nan]], {"y": [[1.0], [2.0]]}, "silent_loss"),
        ([[1.0], [2.0]], {"y": [[1.0], [np.inf]]}, "silent_loss"),
        ([[1.0], [np.inf]], {"y": [[1.0], [np.inf]]}, "kept"),
        ([[1.0], [2.0]], {"z": [[1.0], [2.0]]}, "kept"),  # another name for the same tensor
        ([[1.0], [2.0]], {"y": [[1.0], [2.0]], "z": [[3.0]]}, "silent_loss"),  # one output less
    ],
)
def test_a_given_expectation_decides(judge, outputs, item, verdict):
    found = judge({KERAS2: Route(outputs)}, inputs={"x": 1}, expected=item)
    assert words(found) == [verdict], found[KERAS2]["facets"]["predictions"]
    assert "the given expectation" in found[KERAS2]["reason"]


def test_expected_values_that_are_too_small_for_the_tolerance_prove_nothing(judge):
    found = judge({KERAS2: Route([[1e-8], [2e-8]])}, inputs={"x": 1}, expected={"y": [[3e-8], [2e-8]]})
    assert words(found) == ["unproved"] and "too small for the tolerance" in found[KERAS2]["reason"]


def test_a_tolerance_for_each_output():
    tolerance = agreement.Tolerance({"y": {"relative": 0.1}, "z": 0.5})
    assert tolerance.of("y", "float32") == (0.1, agreement.ABSOLUTE)
    assert tolerance.of("z", "float32") == (0.5, 0.0) and agreement.Tolerance(None).of("q", "float32")[0] == 1e-5


def test_another_dtype_is_a_loss_between_routes_but_not_against_what_a_person_wrote_down(judge):
    double = Route({"y": np.array([[1.0]], "float64")})
    same = [Route([[1.0]]), Route([[1.0]])]
    assert words(judge({KERAS2: same[0], RAW: same[1], KERAS3: double})) == ["kept", "kept", "silent_loss"]
    assert words(judge_again(judge, {KERAS2: double}, inputs={"x": 1}, expected={"y": [[1.0]]})) == ["kept"]


def judge_again(judge, routes, **item):
    """A second artifact in the same test."""
    import shutil

    folder = judge.__closure__[0].cell_contents
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return judge(routes, **item)


def test_without_an_expectation_most_routes_decide_and_the_page_says_which(judge):
    found = judge({KERAS2: Route([[1.0]]), RAW: Route([[1.0]]), KERAS3: Route([[2.0]])})
    assert words(found) == ["kept", "kept", "silent_loss"]
    assert "what 2 of 3 routes agree on: tf2.21-keras2/load_model" in found[KERAS3]["reason"]


def test_two_routes_that_disagree_are_no_majority_unless_the_file_decides(judge):
    assert words(judge({KERAS2: Route([[1.0]]), KERAS3: Route([[2.0]])})) == ["unproved", "unproved"]
    right, wrong = Route([[1.0]]).weights(), Route([[2.0]]).weights(KERNEL + 1)
    assert words(judge_again(judge, {KERAS2: right, KERAS3: wrong})) == ["kept", "silent_loss"]


def test_routes_with_other_inputs_are_not_compared(judge):
    other = Route([[2.0]])
    other.inputs = {"x": np.zeros((1, 3), "float32")}
    assert words(judge({KERAS2: Route([[1.0]]), KERAS3: other})) == ["unproved", "unproved"]


def test_a_route_that_differs_from_itself_is_nondeterministic_and_no_reference(judge):
    random = Route([[5.0]], not_repeated=["y"])
    found = judge({KERAS2: Route([[1.0]]), RAW: Route([[1.0]]), KERAS3: random})
    assert words(found) == ["kept", "kept", "nondeterministic"]


def test_one_route_alone_is_proved_by_what_the_file_states(judge):
    assert words(judge({KERAS2: Route([[1.0]]).weights()})) == ["kept"]
    found = judge_again(judge, {KERAS2: Route([[1.0]]).weights(KERNEL * 1.001)})
    assert words(found) == ["silent_loss"] and "weights" in found[KERAS2]["reason"]
    assert words(judge_again(judge, {KERAS2: Route([[1.0]])})) == ["unproved"]


def test_the_reason_says_how_the_other_routes_ended(judge):
    others = {KERAS3: failed("no room", "load"), RAW: failed("killed", outcome="timeout")}
    found = judge({KERAS2: Route([[1.0]]), **others})
    assert f"({RAW}: timeout, {KERAS3}: refused)" in found[KERAS2]["reason"]


def test_a_weight_in_another_place_is_seen_where_the_file_says_the_place(judge):
    route = Route([[1.0]]).weights(variable="d/kernel")
    assert words(judge({KERAS2: route})) == ["kept"]
    route = Route([[1.0]]).weights(KERNEL, KERNEL + 1, variable="d/kernel").weights(KERNEL + 1, KERNEL)
    route.state[1] = ("e/kernel", "trainable", KERNEL + 1)
    assert words(judge_again(judge, {KERAS2: route})) == ["silent_loss"]


def test_a_loaded_weight_that_is_none_of_the_files_is_a_loss(judge):
    route = Route([[1.0]]).weights()
    route.state.append(("new/kernel", "trainable", KERNEL + 3))
    found = judge({KERAS2: route})
    assert words(found) == ["silent_loss"] and "not those of the file" in str(found[KERAS2]["facets"]["weights"])


def test_layers_that_majors_describe_in_their_own_ways_do_not_decide(judge):
    others = [["Normalization", "other"]]
    assert words(judge({KERAS3: Route([[1.0]], layers=others).weights()})) == ["kept"]
    found = judge_again(judge, {KERAS3: Route(layers=others)})
    assert words(found) == ["silent_loss"], "with nothing else to go by, they do"


COMPILED = {"loss": "mse", "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.01}}}


def resumed(compiled=(), slot=KERNEL, final=8, **facts):
    own = {"optimizer": "Adam", "losses": ["mean_squared_error"], "learning_rate": 0.01}
    route = Route(compiled={**own, **dict(compiled)} if compiled is not None else None, **facts).weights()
    route.weights(slot, KERNEL, "optimizer")
    route.state.append(("iterations", "optimizer", np.array(7, "int32")))
    route.stated.append(("iter:0", "optimizer", np.array(7, "int64"), None))
    key = Record("observed", {}).array(np.array(final, "int64"))
    route.state.append(("final", "rng", np.array(final, "int64")))  # so that its array is in the record
    route.facts["final_state"] = [dict(key, name="iterations", role="optimizer")]
    return route


@pytest.mark.parametrize(
    ("route", "verdict", "facet"),
    [
        (resumed(), "kept", None),
        (resumed(compiled=None), "silent_loss", "compile_config"),
        (resumed({"losses": ["hinge"]}), "silent_loss", "compile_config"),
        (resumed({"optimizer": "SGD"}), "silent_loss", "optimizer_config"),
        (resumed({"learning_rate": 0.1}), "silent_loss", "optimizer_config"),
        (resumed(slot=KERNEL * 0), "silent_loss", "optimizer_state"),
        (resumed(final=1), "silent_loss", "resume_trajectory"),
    ],
)
def test_whether_it_goes_on_training_is_held_against_the_file(judge, route, verdict, facet):
    found = judge({KERAS2: route}, use="resume", about={"compiled": COMPILED})
    assert words(found) == [verdict], found[KERAS2]["facets"]
    assert facet is None or found[KERAS2]["facets"][facet]["status"] in ("missing", "different")
    assert found[KERAS2]["titles"]["use"] == "resume, one step of fit"


def test_a_step_of_fit_that_nothing_is_held_against_proves_nothing(judge):
    route = resumed()
    route.stated = [entry for entry in route.stated if entry[0] != "iter:0"]
    found = judge({KERAS2: route}, use="resume", about={"compiled": COMPILED})
    assert found[KERAS2]["facets"]["resume_trajectory"]["status"] == "not_compared"
    assert words(found) == ["kept"], "the slots of the optimizer are those of the file"
    route.stated = [entry for entry in route.stated if entry[1] != "optimizer"]
    assert words(judge_again(judge, {KERAS2: route}, use="resume", about={"compiled": COMPILED})) == ["unproved"]


def test_zeros_that_are_not_there_prove_nothing_of_an_optimizer(judge):
    route = Route(compiled={"optimizer": "Adam", "losses": ["mse"], "learning_rate": 0.01}).weights()
    route.weights(KERNEL, KERNEL * 0, "optimizer")
    found = judge({KERAS2: route}, use="resume", about={"compiled": COMPILED})
    assert found[KERAS2]["facets"]["optimizer_state"]["status"] == "not_compared"


def test_inputs_are_no_layers_that_could_be_compared(judge):
    found = judge({KERAS2: Route(layers=[["Dense", "d"]])}, about={"layers": [["InputLayer", "i"]]})
    assert words(found) == ["unproved"]


def test_a_fit_that_raises_is_a_verdict(judge):
    found = judge({KERAS3: failed("no slot", "use")}, use="resume", about={"compiled": COMPILED})
    assert words(found) == ["broken"]


def test_where_only_inference_was_judged_the_verdict_says_so(judge):
    assert "inference alone" in judge({KERAS2: Route([[1.0]]).weights()})[KERAS2]["titles"]["use"]


def test_a_load_that_fails_is_broken_only_where_the_contract_covers_it(judge):
    """A .h5 of Keras 2.15 is promised in tf_keras 2.21 and in Keras 3; one of Keras 3.99 in an older one is not."""
    assert words(judge({KERAS2: failed("bad"), KERAS3: failed("bad")})) == ["broken", "broken"]
    newer = {"api": "keras3", "version": "3.99.0"}
    assert words(judge_again(judge, {KERAS3: failed("bad")}, about=newer)) == ["not_promised_fails"]


def test_inputs_that_nobody_knows_are_needed_and_that_is_no_loss(judge):
    found = judge({KERAS2: Route(inputs_needed="none of 9 satisfies", inputs_are="made up")})
    assert words(found) == ["unproved"] and "inputs are needed: none of 9" in found[KERAS2]["reason"]
    assert words(judge_again(judge, {KERAS2: failed("died", "inputs", "SIGABRT", "crashed")})) == ["unproved"]


def test_inputs_that_another_route_takes_are_no_excuse(judge):
    works = Route([[1.0]]).weights()
    tried = [{"inputs": [Record("observed", {}).array(works.inputs["x"])["sha256"]], "error": "E: no"}]
    refuses = Route(inputs_needed="none", inputs_are="made up", tried=tried)
    assert words(judge({KERAS2: works, KERAS3: refuses})) == ["kept", "broken"]


@pytest.mark.parametrize(
    ("message", "about", "verdict", "text"),
    [
        ("Unknown layer: 'Mine'. Please ensure", {}, "not_promised_fails", "needs the custom class or function Mine"),
        ("Unknown layer: 'TFOpLambda'", {}, "broken", "a class of Keras 2 that this Keras does not have"),
        ("Op type not registered 'NoSuchOp' in binary", {}, "not_promised_fails", "which is none of TensorFlow itself"),
        ("Op type not registered 'UniqueDataset'", {}, "not_promised_fails", "has since 1.15 (1.14 lacks it)"),
        ("No model config found in the file", {}, "not_promised_fails", "weights alone"),
        ("Layer 'd' expected 2 variables", {"sources": {"layers\\d\\vars": ""}}, "broken", "written on Windows"),
        ("No module named 'my_package'", {}, "not_promised_fails", "the module my_package"),
        ("Encountered unresolved custom op: ParseExampleV2.", {}, "not_promised_fails", "the op ParseExampleV2"),
        ("unsafe deserialization: safe_mode", {"traits": ["lambda"]}, "not_promised_fails", "holds a Lambda layer"),
        ("something else", {}, "broken", "ValueError: something else."),
    ],
)
def test_the_cause_is_named_not_the_first_line(judge, message, about, verdict, text):
    found = judge({KERAS2: failed(message)}, about=about)[KERAS2]
    assert (found["verdict"], text in found["reason"]) == (verdict, True), found["reason"]


def test_a_class_that_another_reader_knows_is_not_custom(judge):
    found = judge({KERAS2: Route([[1.0]]).weights(), KERAS3: failed("Unknown layer: 'Odd'")})
    assert words(found) == ["kept", "broken"] and "another reader" in found[KERAS3]["reason"]


def test_what_a_loader_says_that_it_does_not_fit_is_no_failure(judge):
    assert words(judge({KERAS2: failed("it takes one tensor", kind="Unfit")})) == ["not_promised_fails"]


def test_the_table_of_ops_is_in_the_order_of_releases():
    table = json.loads((cause.pathlib.Path(cause.__file__).with_name("ops_since.json")).read_text())
    assert [*table["since"]] == table["releases"][1:] and all(table["since"].values())


def test_a_record_of_another_cell_is_refused(judge, tmp_path):
    judge({KERAS2: Route([[1.0]])})
    path = tmp_path / "tf2.21-keras2/load_model/inference"
    (tmp_path / "tf2.21-keras3").mkdir()
    path.parent.rename(tmp_path / "tf2.21-keras3/load_model")
    with pytest.raises(records.RecordError):
        agreement.Reading(str(tmp_path / "tf2.21-keras3/load_model/inference/observed.json"))


def test_an_entry_that_was_changed_beside_the_manifest_is_no_verdict_and_is_taken_again(judge, tmp_path):
    (tmp_path / "item.json").write_text("{}")
    about = {"beside": [artifact.entry(str(tmp_path), "item.json")]}
    with pytest.raises(records.RecordError, match="item.json has other bytes") as raised:
        judge({KERAS2: Route([[1.0]])}, about=about)
    assert raised.value.path == str(tmp_path / "manifest.json")


def test_an_error_in_the_users_own_code_is_no_verdict_on_the_route(judge):
    raised = failed("mine.py, line 3: ZeroDivisionError: division by zero", kind="CodeError")
    found = judge({KERAS2: raised, KERAS3: Route([[1.0]])}, custom_objects="mine.py")
    assert found[KERAS2]["verdict"] == found[KERAS2]["outcome"] == "user_code"
    assert "mine.py, line 3: ZeroDivisionError" in found[KERAS2]["reason"]
    assert words(judge_again(judge, {KERAS2: failed("division by zero"), KERAS3: Route([[1.0]])})) != ["user_code"]

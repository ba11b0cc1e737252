"""Mutation tests of the judge: it must catch each planted fault, in the right facet."""

import copy

import numpy as np
import pytest

from host.judge import verdict
from host.judge.contract import Contract
from host.judge.ending import Ending
from host.judge.records import RecordError
from host.judge.result import not_compared


def entry(path, name):
    return next(e for e in path.state if e["name"] == name)


def flip_one_bit(path):
    entry(path, "a/kernel")["value"].view("uint32")[3, 3] ^= 1


def swap_tensors(path):
    a, b = entry(path, "a/kernel"), entry(path, "b/kernel")
    a["value"], b["value"] = b["value"], a["value"]


def swap_tensors_and_their_names(path):
    """Loading renumbers the names and changes the order: only the values can show the fault."""
    swap_tensors(path)
    for i, e in enumerate(path.state):
        e["name"] = f"variable_{i}"


def lose_a_weight(path):
    path.state.remove(entry(path, "b/kernel"))


def lose_a_moving_mean(path):
    entry(path, "bn/moving_mean")["value"][:] = 0


def lose_a_slot(path):
    path.state.remove(entry(path, "adam/a_kernel_velocity"))


def zero_a_slot(path):
    entry(path, "adam/a_kernel_momentum")["value"][:] = 0


def reset_the_step_counter(path):
    entry(path, "adam/iteration")["value"][...] = 0


def change_the_learning_rate(path):
    path.describe["optimizer_config"]["config"]["learning_rate"] = 0.001


def change_the_optimizer(path):
    path.describe["optimizer_config"]["class"] = "RMSprop"


def drop_a_metric(path):
    path.describe["compile_config"]["metrics"].pop()


def change_the_loss(path):
    path.describe["compile_config"]["loss"][0]["name"] = "meansquarederror"


def change_an_argument_of_the_loss(path):
    path.describe["compile_config"]["loss"][0]["config"]["delta"] = 1.0


def forget_an_execution_option(path):
    path.describe["compile_config"]["options"] = {}


def not_compiled(path):
    path.describe["compile_config"] = None


def lose_a_trainable_flag(path):
    path.describe["architecture"]["layers"][0]["trainable"] = False


def change_an_activation(path):
    path.describe["architecture"]["config"]["layers"][0]["activation"] = "linear"


def drift_from_the_fifth_batch_on(path):
    path.trajectory[5:] += 1e-3


def wrong_final_state(path):
    path.final_state[0]["value"][:] += 1e-2


def miss_a_batch(path):
    path.trajectory = path.trajectory[:-1]


def leave_an_unexplained_file(path):
    path.manifest["files"].append({"path": "stray.tmp", "size": 1, "sha256": "0"})


def leave_no_file(path):
    path.manifest["files"] = []


def save_changes_the_live_model(path):
    path.manifest["live"]["after"] = {"state": {"x": "2"}}


MUTANTS = {
    flip_one_bit: "weights",
    swap_tensors: "weights",
    swap_tensors_and_their_names: "weights",
    lose_a_weight: "weights",
    lose_a_moving_mean: "non_trainable_state",
    lose_a_slot: "optimizer_state",
    zero_a_slot: "optimizer_state",
    reset_the_step_counter: "optimizer_state",
    change_the_learning_rate: "optimizer_config",
    change_the_optimizer: "optimizer_config",
    drop_a_metric: "compile_config",
    change_the_loss: "compile_config",
    change_an_argument_of_the_loss: "compile_config",
    forget_an_execution_option: "compile_config",
    not_compiled: "compile_config",
    lose_a_trainable_flag: "architecture",
    change_an_activation: "architecture",
    drift_from_the_fifth_batch_on: "resume_trajectory",
    wrong_final_state: "resume_trajectory",
    miss_a_batch: "resume_trajectory",
    leave_an_unexplained_file: "files",
    leave_no_file: "files",
    save_changes_the_live_model: "live_model",
}


def test_a_healthy_path_is_kept(judged):
    result = judged()
    assert result["verdict"] == "kept"
    assert {f["status"] for f in result["facets"].values()} == {"identical"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.__name__)
def test_each_mutant_is_caught_in_its_facet(judged, mutant):
    result = judged(mutant)
    facet = result["facets"][MUTANTS[mutant]]
    assert facet["status"] in ("different", "missing")
    assert facet["differing"] > 0 and facet["detail"]
    assert result["verdict"] == "silent_loss"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.__name__)
def test_no_other_facet_is_blamed(judged, mutant):
    blamed = {name for name, f in judged(mutant)["facets"].items() if f["status"] in ("different", "missing")}
    assert blamed == {MUTANTS[mutant]}


def stale_prediction(path):
    path.predictions[0][3, 3] += np.float32(1e-3)


def other_container(path):
    path.predictions = path.predictions * 2


@pytest.mark.parametrize("mutant", [stale_prediction, other_container], ids=lambda m: m.__name__)
def test_predictions(judged, mutant):
    def spoil(path):
        path.cell = path.cell._replace(use="inference")
        mutant(path)

    result = judged(spoil)
    assert result["facets"]["predictions"]["status"] == "different"
    assert result["verdict"] == "silent_loss"


@pytest.mark.parametrize("spoiled", [{"loss": 0.3}, {"accuracy": 0.5}, {"loss": float("nan")}])
def test_evaluation(judged, spoiled):
    def spoil(path):
        path.cell = path.cell._replace(use="evaluate")
        path.evaluation.update(spoiled)

    result = judged(spoil)
    assert result["facets"]["evaluation"]["status"] == "different"
    assert result["verdict"] == "silent_loss"


SIGNATURE = {"inputs": {"x": [[None, 8], "float32"]}, "outputs": [[[None, 1], "float32"]]}


def served(path):
    """A path with a correct serving signature."""
    path.cell = path.cell._replace(format="export", loader="signature", use="serve")
    path.manifest["files"] = [{"path": f"model/{name}", "size": 1, "sha256": "0"} for name in SERVED]
    path.signatures = {"expected": copy.deepcopy(SIGNATURE), "found": copy.deepcopy(SIGNATURE)}


SERVED = ("saved_model.pb", "fingerprint.pb", "variables/variables.index", "variables/variables.data-00000-of-00001")


def rename_an_input(path):
    path.signatures["found"]["inputs"] = {"y": path.signatures["found"]["inputs"].pop("x")}


def change_a_dtype(path):
    path.signatures["found"]["inputs"]["x"][1] = "float64"


def fix_the_batch_size(path):
    path.signatures["found"]["outputs"][0][0][0] = 2


def lose_an_output(path):
    path.signatures["found"]["outputs"] = []


def test_a_served_path_without_a_fault_is_kept(judged):
    result = judged(served)
    assert result["facets"]["signatures"]["status"] == "identical", result["facets"]["signatures"]
    assert result["verdict"] == "kept", result["reason"]


@pytest.mark.parametrize("mutant", [rename_an_input, change_a_dtype, fix_the_batch_size, lose_an_output])
def test_signatures(judged, mutant):
    def spoil(path):
        served(path)
        mutant(path)

    result = judged(spoil)
    assert result["facets"]["signatures"]["status"] == "different"
    assert result["verdict"] == "silent_loss"
    assert [name for name, f in result["facets"].items() if f["status"] in ("different", "missing")] == ["signatures"]


def rewritten(path):
    """A path with a rewrite of the graph, all of whose nodes a training step executes."""
    runtime = "tf2.21-keras2_graph"
    path.cell = path.cell._replace(producer=runtime, consumer=runtime, modifier="lms", loader="load_model_callbacks")
    path.rewrite = {"added": 54, "executed": 54, "unit": "swap nodes"}


@pytest.mark.parametrize("executed", [0, 53])
def test_graph_rewrite(judged, executed):
    """The nodes are in the graph, but a training step no longer executes them."""

    def spoil(path):
        rewritten(path)
        path.rewrite["executed"] = executed

    assert judged(rewritten, rewritten)["verdict"] == "kept"
    result = judged(spoil, rewritten)
    assert result["verdict"] == "silent_loss" and "rewritten graph" in result["reason"]
    assert result["facets"]["graph_rewrite"]["rewrite"]["executed"] == executed


@pytest.mark.parametrize("axis", ["producer", "model", "modifier", "format", "consumer", "loader", "use"])
def test_a_record_of_another_path_is_refused(judged, axis):
    def spoil(path):
        path.stated = {axis: "another"}

    with pytest.raises(RecordError, match=f"{axis} is 'another'"):
        judged(spoil)


def test_what_fails_in_use_does_not_hide_what_was_lost_before(judged):
    """Resuming raises, and the same loaded model has another evaluation as well."""

    def spoil(path):
        path.outcome, path.error = "refused", {"stage": "use", "type": "E", "message": "m", "traceback": ""}
        path.evaluation["loss"] = 0.5

    result = judged(spoil)
    assert result["verdict"] == "broken" and "evaluation" in result["reason"]
    assert result["facets"]["evaluation"]["relevant"] and result["facets"]["evaluation"]["status"] == "different"


def test_a_lost_metric_is_no_silent_pass(judged):
    def spoil(path):
        path.cell = path.cell._replace(use="evaluate")
        del path.evaluation["accuracy"]

    assert judged(spoil)["verdict"] == "silent_loss"


def test_one_ulp_in_a_prediction_is_close_and_in_a_weight_is_not(judged):
    def spoil(path):
        path.cell = path.cell._replace(use="inference")
        path.predictions[0].view("uint32")[0, 0] += 1

    result = judged(spoil)
    assert result["facets"]["predictions"]["status"] == "close"
    assert result["facets"]["predictions"]["max_ulp"] == 1
    assert result["verdict"] == "kept"


def test_an_announced_loss_is_degraded_and_an_unrelated_warning_does_not_excuse_one(judged):
    def spoil(message):
        def run(path):
            lose_a_slot(path)
            path.diagnostics = [{"source": "python", "category": "UserWarning", "message": message}]

        return run

    assert judged(spoil("The optimizer was not restored: starting with a fresh one."))["verdict"] == "degraded"
    assert judged(spoil("The moon is full."))["verdict"] == "silent_loss"


@pytest.mark.parametrize(("format_", "verdict"), [("keras_archive", "silent_loss"), ("h5", "not_promised_random")])
def test_a_lost_seed_state_counts_where_it_is_promised(judged, format_, verdict):
    """digit_mlp draws random numbers: .keras promises "the exact same state", and .h5 does not."""

    def spoil(path):
        runtime = "tf2.21-keras3"
        path.cell = path.cell._replace(model="digit_mlp", format=format_, producer=runtime, consumer=runtime)
        path.manifest["files"][0]["path"] = {"keras_archive": "model.keras", "h5": "model.h5"}[format_]
        entry(path, "seed_generator_state")["value"][:] = 0
        path.trajectory += 1e-3

    result = judged(spoil)
    assert result["facets"]["rng_state"]["status"] == "different"
    promised = {name for name, facet in result["facets"].items() if facet["promised"]}
    assert ({"rng_state", "resume_trajectory"} <= promised) is (format_ == "keras_archive")
    assert result["verdict"] == verdict


def test_a_lost_slot_is_not_hidden_by_a_lost_seed_state(judged):
    def spoil(path):
        path.cell = path.cell._replace(model="digit_mlp")
        entry(path, "seed_generator_state")["value"][:] = 0
        lose_a_slot(path)

    assert judged(spoil)["verdict"] == "silent_loss"


@pytest.mark.parametrize("outcome", ["refused", "crashed", "timeout", "out_of_memory"])
@pytest.mark.parametrize("promised", [True, False])
def test_a_failed_load(judged, outcome, promised):
    """A missing promise excuses an exception, and nothing else: a crash has a verdict of its own."""

    def spoil(path):
        if not promised:
            path.cell = path.cell._replace(format="weights_h5", loader="build_load_weights")
        path.outcome, path.error = outcome, {"stage": "load", "type": "E", "message": "m", "traceback": ""}

    result = judged(spoil, crossing="same" if promised else "keras2-keras3")
    verdict = ("broken" if promised else "not_promised_fails") if outcome == "refused" else outcome
    assert (result["verdict"], result["outcome"], result["stage"]) == (verdict, outcome, "load")
    statuses = {name: f["status"] for name, f in result["facets"].items() if f["relevant"]}
    assert statuses.pop("graph_rewrite") == "not_compared"  # nothing was rewritten, so nothing of it could be lost
    assert set(statuses.values()) == {"not_reached"} and "rng_state" in statuses


def test_a_failed_load_loses_nothing_that_the_model_has_not(judged):
    """A path that cannot be loaded has lost the seeds, and of a model without BatchNorm no moving mean."""

    def without(path):
        path.state = [e for e in path.state if e["role"] != "non_trainable"]

    def spoil(path):
        without(path)
        path.outcome, path.error = "refused", {"stage": "load", "type": "E", "message": "m", "traceback": ""}

    statuses = {name: f["status"] for name, f in judged(spoil, without)["facets"].items()}
    assert (statuses["non_trainable_state"], statuses["weights"]) == ("not_compared", "not_reached")


def test_a_model_that_loads_and_fails_when_it_is_used_is_broken(judged):
    def spoil(path):
        path.outcome, path.error = "refused", {"stage": "use", "type": "E", "message": "m", "traceback": ""}

    result = judged(spoil)
    assert (result["verdict"], result["stage"]) == ("broken", "use")
    assert result["facets"]["weights"]["status"] == "identical"


@pytest.mark.parametrize(("stage", "verdict"), [("save", "broken"), ("load", "not_promised_fails")])
def test_a_load_that_fails_where_nobody_promised_that_the_file_can_be_read_is_not_broken(judged, stage, verdict):
    def spoil(path):
        path.cell = path.cell._replace(format="weights_h5", loader="build_load_weights")
        path.outcome, path.error = "refused", {"stage": stage, "type": "E", "message": "m", "traceback": ""}
        if stage == "save":
            path.manifest.update(outcome="refused", error=path.error)
            path.outcome = "not_reached"

    assert judged(spoil, crossing="keras2-keras3")["verdict"] == verdict  # no page says that Keras 3 reads Keras 2's
    assert judged(spoil)["verdict"] == "broken"


def read_elsewhere(path, **axes):
    """Weights alone, from Keras 2 to Keras 3: no page covers that, and the code builds the rest."""
    path.cell = path.cell._replace(format="weights_h5", loader="build_load_weights", **{"use": "inference", **axes})
    path.manifest["files"][0]["path"] = "model.weights.h5"


def test_what_is_intact_without_a_promise_is_there_and_not_kept(judged):
    result = judged(read_elsewhere, crossing="keras2-keras3")
    assert result["verdict"] == "not_promised_there" and "weights" in result["reason"]
    assert judged(read_elsewhere)["verdict"] == "kept"  # the same within Keras 3, where it is promised


def test_what_is_lost_without_a_promise_is_lost_whatever_else_is_there(judged):
    def spoil(path):
        read_elsewhere(path)
        flip_one_bit(path)

    result = judged(spoil, crossing="keras2-keras3")
    assert (result["verdict"], "weights" in result["reason"]) == ("not_promised_lost", True)


def test_without_a_promise_and_a_comparison_nothing_is_proved():
    ending = Ending("loaded", None, {})
    promise = Contract(
        promised={}, withdrawn={}, must_run=frozenset(), from_artifact=frozenset(), relevant=("weights",)
    )
    results = {"weights": not_compared("it lists none")}
    assert verdict.decide(verdict.Case(ending, promise, results))[0] == "unproved"


def test_a_lost_weight_is_not_hidden_among_lost_seeds(judged):
    """Only a path that lost the random state and what follows from it lost the random state alone."""

    def spoil(path):
        read_elsewhere(path, model="digit_mlp", use="resume")
        entry(path, "seed_generator_state")["value"][:] = 0
        path.trajectory += 1e-3

    def spoil_more(path):
        spoil(path)
        flip_one_bit(path)

    assert judged(spoil, crossing="keras2-keras3")["verdict"] == "not_promised_random"
    assert judged(spoil_more, crossing="keras2-keras3")["verdict"] == "not_promised_lost"


def test_a_counter_that_was_reset_differs_by_its_number(judged):
    def spoil(path):
        entry(path, "adam/iteration")["value"][...] = 0

    found = judged(spoil)["facets"]["optimizer_state"]
    assert found["status"] == "different" and found["max_abs"] > 0
    assert any("absolute" in line for line in found["detail"])


def test_a_failed_save_is_broken(judged):
    def spoil(path):
        path.manifest.update(outcome="refused", error={"stage": "save", "type": "E", "message": "m", "traceback": ""})
        path.outcome = "not_reached"

    result = judged(spoil)
    assert (result["verdict"], result["stage"]) == ("broken", "save")


def test_a_failed_save_of_what_no_page_promises_to_store_is_not_broken(judged):
    """A model without a config: the code builds and compiles it again, and the file stores nothing of it."""

    def spoil(path):
        path.cell = path.cell._replace(model="no_config_subclassed", format="json_weights", loader="from_json_weights")
        path.manifest.update(outcome="refused", error={"stage": "save", "type": "E", "message": "m", "traceback": ""})
        path.outcome = "not_reached"

    assert judged(spoil)["verdict"] == "not_promised_fails"


def test_a_training_that_does_not_repeat_is_our_fault(judged):
    def spoil(path):
        path.manifest["reproducible"] = False

    assert judged(spoil)["verdict"] == "not_reproducible"


def test_nothing_compared_is_never_kept(judged):
    """Neither reference nor loaded model has a variable: there is no difference, and no proof."""

    def empty(path):
        path.state, path.final_state = [], []
        path.describe = dict.fromkeys(path.describe)
        path.trajectory = path.trajectory[:0]
        path.manifest["files"] = [{"path": "model.h5", "size": 1, "sha256": "0"}]

    assert judged(empty, empty)["verdict"] != "kept"

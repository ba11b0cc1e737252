"""The matrix: cells follow from declared facts, and whatever is left out has a reason."""

import types
from pathlib import Path

import pytest

from host import config, environment, facets, matrix
from roundtrip import members

ENVIRONMENT = {
    "id": "tf2.21",
    "tensorflow": "2.21.0",
    "packages": {"keras": "3.15.1", "tf-keras": "2.21.0"},
    "apis": {
        "keras3": {"module": "keras", "version": "3.15.1", "variables": {"KERAS_BACKEND": "tensorflow"}},
        "keras2": {"module": "tf_keras", "version": "2.21.0", "variables": {}},
    },
}
RUNTIMES = matrix.runtimes({"tf2.21": ENVIRONMENT})


def block(**axes):
    chosen = {
        "producers": ["tf2.21-keras3"],
        "models": ["dense_regression"],
        "modifiers": ["none"],
        "formats": ["h5"],
        "loaders": ["load_model"],
        "uses": ["inference"],
    }
    return chosen | axes


def test_one_path():
    cells, excluded = matrix.expand([block()], RUNTIMES)
    assert [tuple(c) for c in cells] == [
        ("tf2.21-keras3", "dense_regression", "none", "h5", "tf2.21-keras3", "load_model", "inference")
    ]
    assert excluded == []


def test_blocks_are_a_union_without_repeats():
    once, _ = matrix.expand([block(uses=["inference", "resume"])], RUNTIMES)
    twice, _ = matrix.expand([block(uses=["inference", "resume"]), block()], RUNTIMES)
    assert once == twice


@pytest.mark.parametrize(
    ("axes", "reason"),
    [
        ({"models": ["add_loss_metric"]}, "add_metric"),
        ({"formats": ["saved_model"]}, "keras3 has no format saved_model"),
        ({"producers": ["tf2.21-keras2"], "formats": ["saved_model_export"]}, ">=1.14,<2.0, tf2.21 has 2.21"),
        ({"formats": ["weights_h5"]}, "does not read"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_reason(axes, reason):
    cells, excluded = matrix.expand([block(**axes)], RUNTIMES)
    assert cells == []
    assert any(reason in row["reason"] for row in excluded), excluded


def test_every_member_is_used_somewhere_unless_all_environments_lack_it():
    known = matrix.runtimes({p.stem: environment.load(p) for p in Path("envs").glob("*.yaml")})
    everything = {"matrix": [{}, {"modifiers": "all", "models": ["lms_convnet", "digit_mlp"]}]}
    cells, _ = matrix.expand(config.resolve(everything, known), known)
    assert len(set(cells)) == len(cells) > 1000
    for axis, kind in matrix.KINDS.items():
        for name in set(members.names(kind)) - {getattr(c, axis) for c in cells}:
            assert all(r.lacks(members.member(kind, name), kind) for r in known.values()), (
                f"{kind}/{name}.py is in no cell"
            )


def fake(**attributes):
    return types.SimpleNamespace(**{"CARRIES": {}, "RESTORES": (), "SUPPLIES": (), "VOID_FOR": {}, **attributes})


WHOLE = dict.fromkeys(("architecture", "weights", "non_trainable_state"), "https://x")
TRAINING = dict.fromkeys(("compile_config", "optimizer_config", "optimizer_state"), "https://x")


def test_promises_are_the_contract_as_far_as_the_loader_takes_it():
    fmt = fake(CARRIES=WHOLE | TRAINING)
    loader = fake(RESTORES=("weights", "non_trainable_state"), SUPPLIES=("architecture",))
    promised = facets.promised(fmt, loader, set())
    assert set(promised) == set(WHOLE) | {"predictions"} | set(facets.ALWAYS)


def test_a_trajectory_is_promised_where_all_that_it_needs_is_and_never_where_random_numbers_are_drawn():
    fmt, loader = fake(CARRIES=WHOLE | TRAINING), fake(RESTORES=tuple(WHOLE | TRAINING))
    assert "resume_trajectory" in facets.promised(fmt, loader, set())
    assert "resume_trajectory" not in facets.promised(fmt, loader, {"rng"})
    del fmt.CARRIES["optimizer_state"]
    assert "resume_trajectory" not in facets.promised(fmt, loader, set())


def test_documentation_withdraws_promises_by_trait():
    fmt = fake(CARRIES=WHOLE | TRAINING, VOID_FOR={"lambda": (("architecture",), "https://y")})
    loader = fake(RESTORES=tuple(WHOLE | TRAINING))
    assert "predictions" in facets.promised(fmt, loader, {"sequential"})
    assert not {"architecture", "predictions", "evaluation"} & set(facets.promised(fmt, loader, {"lambda"}))
    assert facets.withdrawn(fmt, loader, {"lambda"}) == {"architecture": "https://y"}

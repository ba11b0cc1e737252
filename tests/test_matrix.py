"""The matrix: cells follow from what members declare, and every excluded combination has a reason."""

import types

import pytest
from helpers.runtimes import ENVIRONMENT, RUNTIMES, environments, versions

from host.judge import facets
from host.judge.contract import Contract, Path, promises, withdrawals
from host.select import configuration, matrix, pairs, runtimes
from host.select.cells import KINDS, Cell
from roundtrip import members
from roundtrip.withdrawals import Withdrawal


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
    known = runtimes.known(environments())
    rewritten = {"producers": "all", "modifiers": "all", "models": ["lms_convnet", "digit_mlp"]}
    everything = {"matrix": [{"producers": "all"}, rewritten]}
    cells, _ = matrix.expand(configuration.resolve(everything, known), known)
    assert len(set(cells)) == len(cells) > 1000
    for axis, kind in KINDS.items():
        for name in set(members.names(kind)) - {getattr(c, axis) for c in cells}:
            if kind == "loaders" and not hasattr(members.member(kind, name), "load"):
                continue  # it reads artifacts that the user brings, and no others
            assert all(r.lacks(members.member(kind, name), kind) for r in known.values()), (
                f"{kind}/{name}.py is in no cell"
            )


HISTORY = runtimes.known(
    {
        spec["id"]: spec
        for spec in (
            versions("2.21", keras2="2.21", keras3="3.15", tf1="2.21"),
            versions("1.15", keras2_graph="1.15", tf1="1.15"),
            versions("2.9", keras2="2.9", keras2_graph="2.9"),
            versions("2.10", keras2="2.10"),
            versions("2.17", "keras3.8", keras3="3.8"),
            versions("2.17", "keras3.14", keras3="3.14"),
            versions("2.18", keras3="3.6", keras2="2.18"),
            versions("2.21", "keras3.15-jax", keras3="3.15"),
        )
    }
)


@pytest.mark.parametrize(
    ("word", "producer", "readers"),
    [
        ("same", "tf2.10-keras2", "tf2.10-keras2"),
        # 2.10 is newer than 2.9: versions, not text
        ("neighbours", "tf2.10-keras2", "tf2.9-keras2 tf2.18-keras2"),
        ("neighbours", "keras3.14-keras3", "keras3.8-keras3 tf2.18-keras3"),
        # equal versions stand side by side
        ("neighbours", "tf2.21-keras3", "tf2.18-keras3 keras3.15-jax-keras3"),
        ("upgrade", "keras3.8-keras3", "keras3.14-keras3 keras3.15-jax-keras3 tf2.21-keras3"),
        # TensorFlow newer and Keras older is no upgrade
        ("upgrade", "keras3.14-keras3", "keras3.15-jax-keras3 tf2.21-keras3"),
        ("upgrade", "tf2.21-keras2", "keras3.15-jax-keras3 tf2.21-keras3"),
        ("upgrade", "tf2.18-keras2", "tf2.18-keras3 tf2.21-keras2 keras3.15-jax-keras3 tf2.21-keras3"),
        ("upgrade", "tf1.15-tf1", "tf2.21-tf1"),
        ("upgrade", "tf2.21-keras3", ""),
    ],
)
def test_pairs(word, producer, readers):
    assert pairs.consumers(word, [producer], HISTORY) == {producer: readers.split()}


def test_an_upgrade_of_graph_mode_leads_to_eager_keras():
    (readers,) = pairs.consumers("upgrade", ["tf2.9-keras2_graph"], HISTORY).values()
    assert {"tf2.9-keras2", "tf2.21-keras2", "tf2.21-keras3"} < set(readers)
    assert not any(r.endswith("tf1") or r.startswith("tf1.15") for r in readers)


def test_all_pairs_are_all():
    found = pairs.consumers("all", list(HISTORY), HISTORY)
    assert {(p, c) for p in found for c in found[p]} == {(p, c) for p in HISTORY for c in HISTORY}


def test_neighbours_are_both_directions():
    found = pairs.consumers("neighbours", list(HISTORY), HISTORY)
    assert all(p in found[c] for p in found for c in found[p])


def test_pairs_decide_the_consumers_of_a_block():
    spec = ENVIRONMENT | {"id": "old", "apis": {"keras3": {"module": "keras", "version": "3.8.0"}}}
    known = runtimes.known({"tf2.21": ENVIRONMENT, "old": spec})
    given = block(formats=["h5"], consumers={"old-keras3": ["tf2.21-keras3"]}, producers=["old-keras3"])
    cells, _ = matrix.expand([given], known)
    assert [(c.producer, c.consumer) for c in cells] == [("old-keras3", "tf2.21-keras3")]


def fake(**attributes):
    return types.SimpleNamespace(
        **{"CARRIES": {}, "CROSSES": {}, "RESTORES": (), "SUPPLIES": (), "LAYOUT": "x", "WITHDRAWS": ()}
        | {"READS_ACROSS": (), **attributes}
    )


def path(fmt, loader, traits=(), crossing="same"):
    return types.SimpleNamespace(fmt=fmt, loader=loader, traits=frozenset(traits), crossing=crossing, within=None)


WHOLE = dict.fromkeys(("architecture", "weights", "non_trainable_state"), "https://x")
TRAINING = dict.fromkeys(("compile_config", "optimizer_config", "optimizer_state"), "https://x")


def test_promises_are_the_contract_as_far_as_the_loader_takes_it():
    fmt = fake(CARRIES=WHOLE | TRAINING)
    loader = fake(RESTORES=("weights", "non_trainable_state"), SUPPLIES=("architecture",))
    promised = promises(path(fmt, loader))
    assert set(promised) == set(WHOLE) | {"predictions"} | set(facets.owed())


def test_a_trajectory_is_promised_where_all_that_it_needs_is():
    fmt, loader = fake(CARRIES=WHOLE | TRAINING), fake(RESTORES=tuple(WHOLE | TRAINING))
    assert "resume_trajectory" in promises(path(fmt, loader))
    del fmt.CARRIES["optimizer_state"]
    assert "resume_trajectory" not in promises(path(fmt, loader))


def test_a_trajectory_of_random_numbers_is_promised_where_the_random_state_is():
    with_seeds = WHOLE | TRAINING | {"rng_state": "https://x"}
    fmt, loader = fake(CARRIES=WHOLE | TRAINING), fake(RESTORES=tuple(with_seeds))
    assert "resume_trajectory" not in promises(path(fmt, loader, {"rng"}))
    fmt.CARRIES = with_seeds
    assert {"rng_state", "resume_trajectory"} <= set(promises(path(fmt, loader, {"rng"})))
    assert "rng_state" not in promises(path(fmt, loader)), "nothing draws from the seeds"


def test_documentation_withdraws_promises_by_trait():
    fmt = fake(CARRIES=WHOLE | TRAINING, WITHDRAWS=(Withdrawal(("architecture",), "https://y", trait="lambda"),))
    loader = fake(RESTORES=tuple(WHOLE | TRAINING))
    assert "predictions" in promises(path(fmt, loader, {"sequential"}))
    assert not {"architecture", "predictions", "evaluation"} & set(promises(path(fmt, loader, {"lambda"})))
    assert withdrawals(path(fmt, loader, {"lambda"})) == {"architecture": "https://y"}


def test_what_is_of_one_backend_is_left_out_on_another_with_the_reason():
    spec = ENVIRONMENT | {"id": "jax"}
    spec["apis"] = {"keras3": {"module": "keras", "version": "3.15.1", "variables": {"KERAS_BACKEND": "jax"}}}
    known = runtimes.known({"tf2.21": ENVIRONMENT, "jax": spec})
    assert pairs.crossing(known["tf2.21-keras3"], known["jax-keras3"]) == "backend"
    cells, excluded = matrix.expand([block(producers=["jax-keras3"], formats=["tf_checkpoint", "h5"])], known)
    assert {c.format for c in cells} == {"h5"}
    assert any("needs the backend tensorflow, jax has jax" in row["reason"] for row in excluded)


@pytest.mark.parametrize(
    ("producer", "consumer", "word"),
    [
        ("tf2.9-keras2", "tf2.9-keras2", "same"),
        ("tf2.9-keras2", "tf2.10-keras2", "newer"),
        ("tf2.10-keras2", "tf2.9-keras2", "older"),
        ("keras3.14-keras3", "tf2.18-keras3", "older"),
        ("tf2.18-keras2", "tf2.18-keras3", "keras2-keras3"),
        ("tf2.21-keras3", "tf2.21-keras2", "keras3-keras2"),
        ("tf2.21-keras2", "keras3.8-keras3", "older"),
        ("tf1.15-tf1", "tf2.21-tf1", "major"),
    ],
)
def test_what_is_crossed(producer, consumer, word):
    assert pairs.crossing(HISTORY[producer], HISTORY[consumer]) == word


def test_a_promise_ends_where_no_page_speaks_of_the_crossing():
    fmt, loader = fake(CARRIES=WHOLE, CROSSES={"backend": "https://z"}), fake(RESTORES=tuple(WHOLE), SUPPLIES=("x",))
    for crossing in ("same", "newer", "backend"):
        assert set(WHOLE) <= set(promises(path(fmt, loader, crossing=crossing)))
    for crossing in ("older", "major", "keras2-keras3"):
        assert not set(WHOLE) & set(promises(path(fmt, loader, crossing=crossing)))
        assert "x" in promises(path(fmt, loader, crossing=crossing))


def test_a_loader_that_reads_across_promises_there_what_the_format_carries():
    fmt = fake(CARRIES=WHOLE | TRAINING)
    loader = fake(RESTORES=tuple(WHOLE), READS_ACROSS=("major", "keras2-keras3"))
    for crossing in ("major", "keras2-keras3"):
        promised = promises(path(fmt, loader, crossing=crossing))
        assert set(WHOLE) <= set(promised) and not set(TRAINING) & set(promised)
    assert not set(WHOLE) & set(promises(path(fmt, loader, crossing="older")))


def test_keras_rescue_promises_what_an_h5_of_keras_2_holds_in_keras_3_and_over_a_major_version():
    for producer, consumer in (("keras2", "keras3"), ("keras2", "keras2")):
        crossing = f"{producer}-{consumer}" if producer != consumer else "major"
        cell = Cell(*(f"a-{producer}", "mlp_functional", "none", "h5", f"b-{consumer}", "rescue", "resume"))
        kept = Contract.of(Path(cell, ("2.3.0", "3.15.1" if consumer == "keras3" else "2.21.0"), crossing)).promised
        assert {*WHOLE, *TRAINING, "resume_trajectory"} <= set(kept)

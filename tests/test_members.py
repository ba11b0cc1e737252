"""The declarations of formats, loaders and uses are consistent: facets, layouts, traits. (Types: test_kinds.py.)"""

import ast
import fnmatch
import pathlib

import pytest
from packaging.specifiers import SpecifierSet

from host.judge.facets import derived
from roundtrip import members
from roundtrip.engines import ENGINES
from roundtrip.loaded import Loaded
from roundtrip.subject.traits import LACKING

STORED = {
    "architecture",
    "weights",
    "non_trainable_state",
    "rng_state",
    "compile_config",
    "optimizer_config",
    "optimizer_state",
    "signatures",
    "http_answers",
    "graph_rewrite",
}
FACETS = STORED | {"predictions", "evaluation", "resume_trajectory"}
GIVES = {"predict", "evaluate", "fit", "layers", "trace", "signature", "http", "variables"}
FORMATS = {n: members.member("formats", n) for n in members.names("formats")}
LOADERS = {n: members.member("loaders", n) for n in members.names("loaders")}
USES = {n: members.member("uses", n) for n in members.names("uses")}
KINDS = {"formats": FORMATS, "loaders": LOADERS, "uses": USES}
EVERY = {f"{kind}/{name}": m for kind, found in KINDS.items() for name, m in found.items()}
LAYOUTS = {m.LAYOUT for m in FORMATS.values()}
TRAITS = {t for n in members.names("models") for t in members.member("models", n).TRAITS} | {"twin", *LACKING}

formats = pytest.mark.parametrize("fmt", FORMATS.values(), ids=FORMATS)
loaders = pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)
every = pytest.mark.parametrize("member", EVERY.values(), ids=EVERY)


def layouts_read(loader):
    return set(loader.READS).union(*loader.READS_IN.values())


@every
def test_says_what_it_is(member):
    assert member.__doc__ and member.__doc__.split("\n")[0].endswith((".", ":", ","))


def test_titles_differ():
    for found in KINDS.values():
        titles = [m.TITLE for m in found.values()]
        assert len(titles) == len(set(titles))


@every
def test_traits_exist(member):
    used = set(member.REJECTS) | set(getattr(member, "REQUIRES", {}))
    used = used.union(*getattr(member, "REJECTS_IN", {}).values())
    assert used <= TRAITS


@formats
def test_contract(fmt):
    assert fmt.CARRIES and set(fmt.CARRIES) <= FACETS


WITHDRAWALS = [
    pytest.param(withdrawal, id=f"{name}-{number}")
    for name, member in EVERY.items()
    for number, withdrawal in enumerate(getattr(member, "WITHDRAWS", ()))
]


@pytest.mark.parametrize("withdrawal", WITHDRAWALS)
def test_a_withdrawal_names_what_exists_and_the_page_that_says_so(withdrawal):
    assert withdrawal.link.startswith("https://")
    assert withdrawal.facets and set(withdrawal.facets) <= FACETS
    assert withdrawal.trait is None or withdrawal.trait in TRAITS
    assert set(withdrawal.apis) <= set(ENGINES) and SpecifierSet(withdrawal.keras) is not None
    assert set(withdrawal.layouts) <= LAYOUTS


@formats
def test_files_are_explained(fmt):
    explained = dict(fmt.FILES, **fmt.OPTIONAL_FILES)
    assert explained
    assert not set(fmt.FILES) & set(fmt.OPTIONAL_FILES)


@formats
def test_is_read_by_a_loader(fmt):
    assert [n for n, loader in LOADERS.items() if fmt.LAYOUT in layouts_read(loader)]


@formats
def test_writers_during_fit_reject_what_fit_does_at_its_end(fmt):
    if not hasattr(fmt, "save"):
        assert "ema" in fmt.REJECTS


@loaders
def test_reads_layouts_that_exist(loader):
    assert layouts_read(loader) and layouts_read(loader) <= LAYOUTS


@loaders
def test_restores_or_supplies_each_facet_once(loader):
    assert set(loader.RESTORES) | set(loader.SUPPLIES) <= FACETS
    assert loader.RESTORES
    assert not set(loader.RESTORES) & set(loader.SUPPLIES)
    assert set(loader.GIVES) <= GIVES and loader.GIVES


@loaders
def test_takes_something_that_a_format_carries(loader):
    carried = set().union(*(f.CARRIES for f in FORMATS.values() if f.LAYOUT in layouts_read(loader)))
    assert carried & set(loader.RESTORES)


def follow(known):
    """The facets, and those that follow from them."""
    for facet, needs in derived().items():
        known = known | {facet} if set(needs) <= known else known
    return known


@loaders
def test_what_is_left_in_the_artifact_has_a_page_that_says_so(loader):
    taken = follow(set(loader.RESTORES) | set(loader.SUPPLIES))
    shown = set().union(*(use.COMPARES for use in USES.values() if set(use.NEEDS) <= set(loader.GIVES)))
    for name, fmt in FORMATS.items():
        if fmt.LAYOUT in layouts_read(loader):
            said = [w for w in loader.WITHDRAWS if w.concerns((), fmt.LAYOUT, "same")]
            left = (set(fmt.CARRIES) & shown) - taken - {facet for w in said for facet in w.facets}
            assert not left, f"{name} carries {left}: restore it, or name the page by which it is left out"


@pytest.mark.parametrize(
    "loaders_of_one_call",
    [
        ("load_model", "load_model_custom_objects", "load_model_unsafe", "rescue"),
        ("build_load_weights", "build_optimizer_load_weights", "load_weights_skip_mismatch", "load_weights_of_model"),
    ],
)
def test_loaders_that_make_one_call_restore_the_same(loaders_of_one_call):
    first, *others = (set(LOADERS[name].RESTORES) for name in loaders_of_one_call)
    assert all(first == other for other in others)


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_use(use):
    assert set(use.NEEDS) <= GIVES and use.NEEDS
    assert set(use.COMPARES) <= FACETS and use.COMPARES
    assert [n for n, loader in LOADERS.items() if set(use.NEEDS) <= set(loader.GIVES)]


def readers(attribute):
    """The members that read an attribute of this name off anything."""
    folder = pathlib.Path(members.__file__).parent
    return [
        path.name
        for kind in ("formats", "loaders", "uses")
        for path in sorted((folder / kind).glob("*.py"))
        if any(isinstance(n, ast.Attribute) and n.attr == attribute for n in ast.walk(ast.parse(path.read_text())))
    ]


def test_only_one_use_takes_from_the_reference():
    assert readers("reference") == ["resume_reseeded.py"]


def test_what_a_loader_keeps_is_used_by_nobody():
    assert readers("keep") == []


def test_a_loaded_artifact_has_what_is_declared_and_no_more():
    found = Loaded("model", server="server")
    assert (found.model, found.server, found.keep, found.facts) == ("model", "server", None, {})
    with pytest.raises(TypeError, match="sever"):
        Loaded("model", sever="server")


def test_globs_match_below_folders():
    assert fnmatch.fnmatch("model/3/pytree/d/0a", "model/*/pytree/*")
    assert fnmatch.fnmatch("cp-0010.weights.h5", "cp-[0-9][0-9][0-9][0-9].weights.h5")


def test_in_api_works_in_what_holds_there_alone():
    weights = FORMATS["weights_h5"]
    inside = members.in_api(weights, "keras3", lambda versions: SpecifierSet(versions).contains("3.15.1"))
    older = members.in_api(weights, "keras3", lambda versions: SpecifierSet(versions).contains("3.10.0"))
    assert not inside.WITHDRAWS and [w.facets for w in older.WITHDRAWS] == [("optimizer_state",)]
    loader = members.in_api(LOADERS["load_model"], "keras2", lambda versions: True)
    assert "saved_model" in loader.READS and "saved_model" not in LOADERS["load_model"].READS
    assert "subclassed" in members.in_api(FORMATS["h5"], "keras2", lambda versions: True).REJECTS


def test_the_random_state_is_promised_by_the_keras_format_of_keras_3_alone():
    carriers = {name: fmt for name, fmt in FORMATS.items() if "rng_state" in fmt.CARRIES}
    assert {fmt.LAYOUT for fmt in carriers.values()} == {"keras_archive", "keras_directory"}
    for fmt in carriers.values():
        said = {api: members.in_api(fmt, api, lambda versions: True).WITHDRAWS for api in fmt.APIS}
        assert {api for api, found in said.items() if any("rng_state" in w.facets for w in found if not w.trait)} == {
            "keras2"
        } & set(fmt.APIS)


def concerned(loader, layout, crossing="same", traits=("lambda",)):
    return [w.facets for w in LOADERS[loader].WITHDRAWS if w.concerns(traits, layout, crossing)]


def test_lambdas_are_withdrawn_in_another_environment_and_where_safe_mode_is_documented():
    assert concerned("load_model", "keras_archive") and not concerned("load_model_unsafe", "keras_archive")
    assert not concerned("load_model", "saved_model") and not concerned("load_model", "h5")
    assert concerned("load_model", "h5", "newer") and concerned("load_model_unsafe", "keras_archive", "newer")
    assert not concerned("load_model", "keras_archive", "newer", traits=("functional",))

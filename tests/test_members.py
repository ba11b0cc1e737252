"""How what formats, loaders and uses declare goes together: facets, layouts, traits. (Types: test_kinds.py.)"""

import ast
import fnmatch
import pathlib

import pytest
from packaging.specifiers import SpecifierSet

from roundtrip import members

STORED = {
    "architecture",
    "weights",
    "non_trainable_state",
    "rng_state",
    "compile_config",
    "optimizer_config",
    "optimizer_state",
    "signatures",
    "graph_rewrite",
}
FACETS = STORED | {"predictions", "evaluation", "resume_trajectory"}
GIVES = {"predict", "evaluate", "fit", "layers", "trace", "signature", "http"}
FORMATS = {n: members.member("formats", n) for n in members.names("formats")}
LOADERS = {n: members.member("loaders", n) for n in members.names("loaders")}
USES = {n: members.member("uses", n) for n in members.names("uses")}
KINDS = {"formats": FORMATS, "loaders": LOADERS, "uses": USES}
EVERY = {f"{kind}/{name}": m for kind, found in KINDS.items() for name, m in found.items()}
LAYOUTS = {m.LAYOUT for m in FORMATS.values()}
TRAITS = {t for n in members.names("models") for t in members.member("models", n).TRAITS} | {"twin"}

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
    used = set(member.REJECTS) | set(getattr(member, "REQUIRES", {})) | set(getattr(member, "VOID_FOR", {}))
    used = used.union(*getattr(member, "REJECTS_IN", {}).values())
    assert used <= TRAITS


@formats
def test_contract(fmt):
    assert fmt.CARRIES and set(fmt.CARRIES) <= FACETS
    assert "rng_state" not in fmt.CARRIES, "no documentation promises it: name the page that does"
    for facets, _ in fmt.VOID_FOR.values():
        assert set(facets) <= FACETS
    for _, facets, _ in fmt.VOID_IN.values():
        assert set(facets) <= FACETS


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


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_use(use):
    assert set(use.NEEDS) <= GIVES and use.NEEDS
    assert set(use.COMPARES) <= FACETS and use.COMPARES
    assert [n for n, loader in LOADERS.items() if set(use.NEEDS) <= set(loader.GIVES)]


def test_only_one_use_takes_from_the_reference():
    folder = pathlib.Path(members.__file__).parent
    readers = [
        path.name
        for kind in ("formats", "loaders", "uses")
        for path in sorted((folder / kind).glob("*.py"))
        if any(isinstance(n, ast.Attribute) and n.attr == "reference" for n in ast.walk(ast.parse(path.read_text())))
    ]
    assert readers == ["resume_reseeded.py"]


def test_globs_match_below_folders():
    assert fnmatch.fnmatch("model/3/pytree/d/0a", "model/*/pytree/*")
    assert fnmatch.fnmatch("cp-0010.weights.h5", "cp-[0-9][0-9][0-9][0-9].weights.h5")


def test_in_api_works_in_what_holds_there_alone():
    weights = FORMATS["weights_h5"]
    inside = members.in_api(weights, "keras3", lambda versions: SpecifierSet(versions).contains("3.15.1"))
    older = members.in_api(weights, "keras3", lambda versions: SpecifierSet(versions).contains("3.10.0"))
    assert "optimizer_state" in inside.CARRIES and "optimizer_state" not in older.CARRIES
    assert "optimizer_state" in older.VOIDED and weights.CARRIES["optimizer_state"]
    loader = members.in_api(LOADERS["load_model"], "keras2", lambda versions: True)
    assert "saved_model" in loader.READS and "saved_model" not in LOADERS["load_model"].READS
    assert "subclassed" in members.in_api(FORMATS["h5"], "keras2", lambda versions: True).REJECTS

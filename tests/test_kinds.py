"""What members of each kind declare and define: checked when one is loaded, each error with its remedy."""

import ast
import importlib.util
from pathlib import Path

import pytest

from roundtrip import kinds, members, value_types

EVERY = [(kind, name) for kind in members.KINDS for name in members.names(kind)]
FORMAT = {
    "TITLE": '"a format"',
    "APIS": '{"keras3": ">=3.4,<3.9", "keras2": ""}',
    "CARRIES": '{"weights": "https://keras.io/"}',
    "save": "def save(ctx, model, folder): pass",
}


def loaded(folder, kind, text):
    """A module of this text, completed as a member of the kind is."""
    path = folder / "planted.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("planted", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    members.schema_of(kind).complete(module, "planted")
    return module


def a_format(**changes):
    """The text of a small format; a change is an expression, a function's text, or None for none."""
    parts = {**FORMAT, **changes}
    return "\n".join(
        value if value.startswith("def ") else f"{name} = {value}" for name, value in parts.items() if value is not None
    )


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_a_member_is_as_its_kind_says(kind, name):
    module = members.member(kind, name)
    assert module.ID == name
    for attribute in members.schema_of(kind).attributes:
        assert hasattr(module, attribute.name)


def test_what_a_member_leaves_out_is_filled_in(tmp_path):
    found = loaded(tmp_path, "formats", a_format())
    assert (found.ID, found.LAYOUT, found.CROSSES, found.BACKENDS, found.LINK) == ("planted", "planted", {}, (), None)
    assert loaded(tmp_path, "formats", a_format(LAYOUT='"h5"')).LAYOUT == "h5"


def test_constants_of_a_file_and_names_that_it_imports_are_its_own_affair(tmp_path):
    text = "from roundtrip.formats import GUIDE, WHOLE_MODEL\n_OWN = GUIDE\nlower = WHOLE_MODEL\n"
    assert loaded(tmp_path, "formats", text + a_format()).ID == "planted"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"CARIES": "{}"}, "CARIES is no attribute of a format. Did you mean CARRIES?"),
        ({"CONVERTER": '"x"'}, "CONVERTER is no attribute of a format. Call a constant of the file's own _CONVERTER."),
        ({"FILES, WORDS": "{}, ()"}, "WORDS is no attribute of a format"),
        ({"TITLE": None}, "TITLE is missing. Declare it: text"),
        ({"TITLE": "3"}, "TITLE is 3. Make it: text"),
        ({"TITLE": '" padded"'}, "TITLE is ' padded'"),
        ({"APIS": '{"keras4": ""}'}, "APIS is {'keras4': ''}. Make it: {api: version range}"),
        ({"APIS": '{"keras3": "3.4"}'}, "APIS is {'keras3': '3.4'}"),
        ({"APIS": '("keras3",)'}, "APIS is ('keras3',)"),
        ({"CARRIES": '{"weights": "keras.io"}'}, "CARRIES is {'weights': 'keras.io'}. Make it: {facet: link}"),
        ({"PACKAGES": '"onnx"'}, "PACKAGES is 'onnx'. Make it: tuple of texts"),
        ({"BACKENDS": '("theano",)'}, "BACKENDS is ('theano',). Make it: tuple of backends"),
        ({"REJECTS": '{"rng": "no"}'}, "REJECTS is {'rng': 'no'}. Make it: {trait: reason}"),
        ({"FILES": '{"../x": "a file outside the folder"}'}, "FILES is {'../x'"),
        ({"DEPENDS": '"serve.py"'}, "DEPENDS is 'serve.py'. Make it: tuple of paths or globs"),
        ({"save": None}, "it defines nothing. Define one of save, callbacks, fit"),
        ({"fit": "def fit(ctx, model, folder): pass"}, "it defines save, fit. Define one of save, callbacks, fit"),
        (
            {"save": "def save(ctx, folder): pass"},
            "save is called with other arguments than it takes. Define save(",
        ),
        ({"save": "def save(ctx, model, folder, more): pass"}, "save is called with other arguments than it takes"),
        ({"signatures": "3"}, "signatures is called with other arguments than it takes"),
    ],
)
def test_what_is_not_declared_so_is_an_error_with_the_file_the_name_and_the_remedy(tmp_path, changes, words):
    with pytest.raises(kinds.MemberError) as error:
        loaded(tmp_path, "formats", a_format(**changes))
    assert str(error.value).startswith(str(tmp_path / "planted.py") + ": ")
    assert words in str(error.value)
    assert "docs/members.md" in str(error.value)


def test_a_function_may_take_more_where_that_has_a_default(tmp_path):
    text = a_format(save="def save(ctx, model, folder, level=3): pass")
    assert loaded(tmp_path, "formats", text).save


def test_a_function_that_every_member_has_is_asked_for(tmp_path):
    text = 'TITLE, NEEDS, COMPARES = "a", ("predict",), ("weights",)\n'
    with pytest.raises(kinds.MemberError, match=r"there is no function run\(ctx, loaded, record\). Define it."):
        loaded(tmp_path, "uses", text)


def test_a_function_of_several_is_asked_for(tmp_path):
    text = 'TITLE, APIS, READS = "a", {"tf1": ""}, ("h5",)\nRESTORES, GIVES = ("weights",), ("predict",)\n'
    with pytest.raises(kinds.MemberError, match="it defines none of load, read. Define one."):
        loaded(tmp_path, "loaders", text)
    assert loaded(tmp_path, "loaders", text + "def read(ctx, path): pass\n").READS_BROUGHT == ()


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("", True),
        (">=2.12", True),
        ("!=3.6.*,!=3.7.*", True),
        (">=1.14,<2.0", True),
        ("2.12", False),
        (">=2.12,", False),
        ("==2.12", False),
    ],
)
def test_ranges_of_versions(text, fits):
    assert value_types.RANGE.fits(text) is fits


@pytest.mark.parametrize("module", [kinds, value_types, members])
def test_it_runs_inside_the_environments(module):
    """Python 3.7, and no import but the standard library's and ours."""
    tree = ast.parse(Path(module.__file__).read_text(), feature_version=(3, 7))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"ast", "difflib", "importlib", "inspect", "io", "os", "re", "roundtrip"}

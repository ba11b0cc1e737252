"""Bisecting: finds the first version with another result, and skips versions without one."""

import pytest
import yaml
from packaging.version import Version

from host.environments import declared, releases
from host.environments.interpreters import ROOT, Failed
from host.questions import bisect
from host.select import runtimes
from host.select.cells import Cell

ENVS = ROOT / "envs"
VERSIONS = [Version(f"3.{n}") for n in range(20)]


@pytest.mark.parametrize("first", range(1, 20))
@pytest.mark.parametrize("void", [(), (9,), (8, 9, 10, 11)])
def test_the_first_other_version_is_found(first, void):
    asked = []

    def probe(version):
        asked.append(version)
        n = VERSIONS.index(version)
        return None if n in void and n not in (0, 19) else ("kept" if n < first else "broken")

    last, other, seen = bisect.search(VERSIONS, probe)
    told = [n for n in range(20) if n not in void]
    assert other == VERSIONS[min(n for n in told if n >= first)]
    assert last == VERSIONS[max(n for n in told if n < first)]
    assert len(asked) == len(set(asked)) <= 2 + 5 + len(void)


def test_equal_ends_are_an_error_and_so_is_an_end_without_a_verdict():
    with pytest.raises(Failed, match="give the same"):
        bisect.search(VERSIONS, lambda v: "kept")
    with pytest.raises(Failed, match="no verdict"):
        bisect.search(VERSIONS, lambda v: None)


def test_the_answer_names_what_was_passed_over():
    class Prober:
        verdicts = {
            Version("2.4.4"): {"verdict": "broken", "reason": "It raised.", "facets": {}, "error": None},
            Version("2.5.0"): {"verdict": "unbuildable", "reason": "No Python.", "facets": {}},
            Version("2.10.0"): {"verdict": "kept", "reason": "Intact.", "facets": {}},
        }

    answer = bisect.report("tensorflow", "a/b/c/d/e", Version("2.4.4"), Version("2.10.0"), Prober)
    assert "until tensorflow 2.4.4: broken. It raised." in answer and "since tensorflow 2.10.0: kept" in answer
    assert answer.endswith("skipped, without a verdict: 2.5.0 (unbuildable)\n")


def test_neighbours_need_no_search():
    assert bisect.search(VERSIONS[:2], str)[:2] == (VERSIONS[0], VERSIONS[1])


@pytest.mark.parametrize(
    ("axes", "reason"),
    [
        (("activation_layers", "none", "h5", "load_model", "resume"), None),
        (("activation_layers", "none", "keras_archive", "load_model", "resume"), "needs tensorflow.keras >=2.12"),
        (("metric_arguments", "none", "h5", "load_model", "resume"), "needs tensorflow.keras >=2.13"),
        (("activation_layers", "none", "h5", "tfsm_layer", "resume"), "does not read"),
    ],
)
def test_a_version_that_has_no_such_path_gives_no_verdict(axes, reason):
    """TensorFlow 2.10 has no .keras: that its save raises is no change of what a path gives."""
    known = runtimes.known({"tf2.10": declared.load(ENVS / "tf2.10.yaml")})
    found = bisect.excluded(Cell("tf2.10-keras2", *axes[:3], "tf2.10-keras2", *axes[3:]), known)
    assert found is None if reason is None else reason in found
    absent = Cell("tf2.10-keras3", *axes[:3], "tf2.10-keras2", *axes[3:])
    assert bisect.excluded(absent, known) == "there is no runtime tf2.10-keras3"


def test_an_excluded_version_is_passed_over():
    assert bisect.comparable({"verdict": "excluded", "reason": "format keras_archive needs >=2.12"}) is None


TEMPLATE = {
    "title": "TensorFlow",
    "python": ["3.12"],
    "requirements": ["tensorflow-cpu==2.21.0", "tf_keras==2.21.0", "keras==3.15.1", "numpy<2"],
    "apis": {"keras3": {"module": "keras"}, "keras2": {"module": "tf_keras"}},
}


@pytest.fixture
def files(tmp_path):
    def write(name, *requirements):
        file = tmp_path / f"{name}.yaml"
        file.write_text(yaml.safe_dump(dict(TEMPLATE, requirements=list(requirements or TEMPLATE["requirements"]))))
        return file

    return write


def test_the_axis_is_what_differs_tensorflow_first(files):
    older = files("old", "tensorflow-cpu==2.16.2", "tf_keras==2.16.0", "keras==3.3.3")
    assert releases.axis(older, files("new")) == ("tensorflow", Version("2.16.2"), Version("2.21.0"))
    older = files("old", "tensorflow==1.15.5", "numpy<1.19")
    assert releases.axis(older, files("new")) == ("tensorflow", Version("1.15.5"), Version("2.21.0"))
    older = files("old", "tensorflow-cpu==2.21.0", "keras==3.3.3")
    assert releases.axis(older, files("new")) == ("keras", Version("3.3.3"), Version("3.15.1"))
    with pytest.raises(Failed, match="nothing to search"):
        releases.axis(files("new"), files("new"))


def test_one_version_is_changed_and_what_goes_with_its_minor(files, tmp_path):
    made = releases.write(files("new"), "tensorflow", Version("2.19.1"), tmp_path / "envs")
    assert made == "tensorflow-2.19.1"
    assert yaml.safe_load((tmp_path / "envs" / f"{made}.yaml").read_text())["requirements"] == [
        "tensorflow-cpu==2.19.1",
        "tf_keras==2.19.0",
        "keras==3.15.1",
        "numpy<2",
    ]
    made = releases.write(files("new"), "keras", Version("3.9.2"), tmp_path / "envs")
    assert "keras==3.9.2" in (tmp_path / "envs" / f"{made}.yaml").read_text()


def test_the_version_that_a_file_pins_is_its_own_environment(files, tmp_path):
    assert releases.write(files("new"), "tensorflow", Version("2.21.0"), tmp_path / "envs") == "new"
    assert not (tmp_path / "envs").exists()


#: what pip lists, by distribution and Python: of TensorFlow 2.4 nothing for 3.10, of 2.21 nothing for 3.8
LISTED = {
    ("tensorflow", "3.7"): "1.13.2 1.14.0 1.15.0 1.15.5 2.0.4 2.3.4 2.4.4 2.11.0",
    ("tensorflow-cpu", "3.8"): "2.3.4 2.4.0 2.4.4 2.5.3 2.6.0 2.7.4 2.13.1",
    ("tensorflow-cpu", "3.10"): "2.8.4 2.9.3 2.10.1 2.11.1 2.12.1 2.15.1 2.16.1 2.16.2 2.21.0",
    ("tensorflow-cpu", "3.11"): "2.12.1 2.13.1 2.14.1 2.15.1 2.16.1 2.16.2 2.20.0 2.21.0",
    ("tensorflow-cpu", "3.12"): "2.16.1 2.16.2 2.17.1 2.20.0 2.21.0",
}


@pytest.fixture
def listed(monkeypatch):
    def released(distribution, python):
        return {Version(text) for text in LISTED[distribution, python].split()}

    monkeypatch.setattr(releases, "released", released)


def between(older, newer, api):
    package, found = releases.between(ENVS / f"{older}.yaml", ENVS / f"{newer}.yaml", api)
    assert package == "tensorflow"
    return {str(version): file.stem for version, file in found.items()}


def test_a_release_is_made_from_the_environment_of_its_minor_version_or_the_next_older(listed):
    """TensorFlow 2.10's own would do for none before 2.8: it has a Python that those are not released for."""
    assert between("tf2.4", "tf2.10", "keras2") == {
        **dict.fromkeys(["2.4.4", "2.5.3", "2.6.0", "2.7.4"], "tf2.4"),
        **dict.fromkeys(["2.8.4", "2.9.3"], "tf2.8"),
        "2.10.1": "tf2.10",
    }
    found = between("tf1.15", "tf2.21", "keras2_graph")
    assert (found["2.0.4"], found["2.3.4"], found["2.4.0"]) == ("tf1.15", "tf1.15", "tf2.4")
    assert (found["2.15.1"], found["2.16.1"], found["2.20.0"]) == ("tf2.15", "tf2.16", "tf2.18")
    assert list(found) == sorted(found, key=Version)


def test_a_search_may_go_backwards(listed):
    assert list(between("tf1.15", "tf1.13", "tf1")) == ["1.15.5", "1.15.0", "1.14.0", "1.13.2"]


def test_keras_3_stays_as_it_is_while_tensorflow_is_searched(listed):
    assert set(between("tf2.16", "tf2.21", "keras3").values()) == {"tf2.21"}


@pytest.mark.parametrize(
    ("version", "template", "requirements"),
    [
        ("2.3.4", "tf1.15", {"tensorflow==2.3.4", "numpy<1.19", "h5py<3", "protobuf<3.21"}),
        ("2.5.3", "tf2.4", {"tensorflow-cpu==2.5.3", "protobuf<3.21"}),
        # without the second, Keras 2.15, which does not import in TensorFlow 2.6
        ("2.6.0", "tf2.4", {"tensorflow-cpu==2.6.0", "keras==2.6.*"}),
        ("2.14.1", "tf2.12", {"tensorflow-cpu==2.14.1", "keras==2.14.*"}),
        ("2.16.1", "tf2.16", {"tensorflow-cpu==2.16.1", "tf_keras==2.16.0", "keras==3.3.3"}),
        ("2.20.0", "tf2.18", {"tensorflow-cpu==2.20.0", "tf_keras==2.20.0", "keras==3.6.0"}),
    ],
)
def test_what_a_release_needs_beside_it(version, template, requirements, tmp_path):
    made = releases.write(ENVS / f"{template}.yaml", "tensorflow", Version(version), tmp_path)
    spec = declared.load(tmp_path / f"{made}.yaml")
    assert requirements <= set(spec["requirements"]) and spec["tensorflow"] == version
    assert sum(text.startswith("keras==") for text in spec["requirements"]) == any("keras==" in t for t in requirements)


def test_pip_is_asked_for_the_python_in_question(monkeypatch):
    """The Python that pip runs in is newer than what an old TensorFlow was released for."""
    asked = []

    def uv(*command):
        asked.append(command[-4:])
        return "tensorflow-cpu (2.13.1)\nAvailable versions: 2.13.1, 2.12.0rc1, 2.15.0.post1, 2.4.0\n  INSTALLED: 1\n"

    monkeypatch.setattr(releases, "uv", uv)
    assert releases.released.__wrapped__("tensorflow-cpu", "3.8") == {Version("2.4.0"), Version("2.13.1")}
    assert asked == [("versions", "tensorflow-cpu", "--python-version", "3.8")]

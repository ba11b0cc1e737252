"""Bisecting: the first version that gives something else, whatever cannot be asked in between."""

import pytest
import yaml
from packaging.version import Version

from host import bisect, releases
from host.interpreters import Failed

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


def test_neighbours_need_no_search():
    assert bisect.search(VERSIONS[:2], str)[:2] == (VERSIONS[0], VERSIONS[1])


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
    assert releases.axis(older, files("new")) == ("tensorflow-cpu", Version("2.16.2"), Version("2.21.0"))
    older = files("old", "tensorflow-cpu==2.21.0", "keras==3.3.3")
    assert releases.axis(older, files("new")) == ("keras", Version("3.3.3"), Version("3.15.1"))
    with pytest.raises(Failed, match="nothing to search"):
        releases.axis(files("new"), files("new"))


def test_one_version_is_changed_and_what_goes_with_its_minor(files, tmp_path):
    made = releases.write(files("new"), "tensorflow-cpu", Version("2.19.1"), tmp_path / "envs")
    assert made == "tensorflow-cpu-2.19.1"
    assert yaml.safe_load((tmp_path / "envs" / f"{made}.yaml").read_text())["requirements"] == [
        "tensorflow-cpu==2.19.1",
        "tf_keras==2.19.0",
        "keras==3.15.1",
        "numpy<2",
    ]
    made = releases.write(files("new"), "keras", Version("3.9.2"), tmp_path / "envs")
    assert "keras==3.9.2" in (tmp_path / "envs" / f"{made}.yaml").read_text()

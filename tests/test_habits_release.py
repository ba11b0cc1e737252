"""The version: one in the changelog, in pyproject.toml, in the lock and in the citation file."""

import datetime
import re
import tomllib

import yaml
from helpers.places import ROOT
from packaging.version import Version

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)
RELEASES = [re.fullmatch(r"(\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})", heading) for heading in HEADINGS]


def test_each_section_is_a_version_with_its_date_the_newest_first():
    assert HEADINGS[0] == "Unreleased" or RELEASES[0]
    released = RELEASES[HEADINGS[0] == "Unreleased" :]
    assert len(released) >= 2 and all(released)
    versions, dates = zip(*((Version(r[1]), datetime.date.fromisoformat(r[2])) for r in released), strict=True)
    assert list(versions) == sorted(set(versions), reverse=True) and list(dates) == sorted(dates, reverse=True)


def newest():
    return next(filter(None, RELEASES))


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    assert project["version"] == newest()[1]
    assert [p["version"] for p in locked if p["name"] == project["name"]] == [project["version"]]


def test_the_citation_file_has_what_its_format_requires_and_agrees():
    """Required keys and types of https://github.com/citation-file-format/citation-file-format, schema 1.2.0."""
    found = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(found) and found["cff-version"] == "1.2.0"
    known = {"abstract", "type", "version", "date-released", "license", "keywords", "repository-code", "url", "doi"}
    assert set(found) <= {"cff-version", "message", "title", "authors"} | known
    assert found["authors"] and all(set(a) & {"name", "family-names", "given-names"} for a in found["authors"])
    assert found["type"] == "software" and all(isinstance(word, str) for word in found["keywords"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (found["version"], found["license"]) == (project["version"], project["license"])
    assert found["date-released"] == newest()[2], "quoted, as the format wants it"

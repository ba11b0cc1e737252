"""docs/findings/, which results/published/findings.json makes, and the findings of config/expectations.yaml."""

import collections
import json
import re

import pytest
from helpers.places import ROOT

from host import schemas
from host.docs import findings as pages
from host.docs import findings_written as findings
from host.findings import find
from host.report import expectations

ENTRIES = expectations.load(ROOT / "config/expectations.yaml")
DECLARED = [finding for entry in ENTRIES for finding in entry["findings"]]


@pytest.fixture(scope="module")
def published():
    return findings.read(findings.PUBLISHED)


def test_the_pages_are_those_that_the_published_findings_make(published):
    texts = pages.pages(published)
    assert {file.name for file in findings.DOCS.iterdir()} == set(texts), "run `make docs`, and commit docs/findings/"
    stale = [name for name, text in texts.items() if (findings.DOCS / name).read_text("utf-8") != text]
    assert stale == [], "run `make docs`, and commit docs/findings/"


def test_the_index_names_each_finding_and_its_page(published):
    index = pages.index(published)
    for finding in published["findings"]:
        assert f"({finding['id']}.md)" in index
    assert f"in {len(published['findings'])} findings" in index


def test_a_page_that_no_finding_has_is_removed(tmp_path, published, capsys):
    file = tmp_path / "findings.json"
    file.write_text(json.dumps({**published, "findings": published["findings"][:2]}))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/gone.md").touch()
    assert findings.main([str(file), "--out", str(tmp_path / "docs")]) == 0
    assert sorted(f.name for f in (tmp_path / "docs").iterdir()) == sorted(
        pages.pages(published | {"findings": published["findings"][:2]})
    )
    assert "2 findings" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": 2},
        {"findings": [{"id": "no-more"}]},
        {"date": "yesterday"},
    ],
)
def test_what_does_not_fit_the_schema_is_refused(tmp_path, published, wrong):
    file = tmp_path / "findings.json"
    file.write_text(json.dumps({**published, **wrong}))
    with pytest.raises(schemas.ConfigError, match=r"findings\.json"):
        findings.read(file)


def test_a_text_is_no_markup_and_no_table():
    assert pages.plain("<b>größe</b> `a`") == "&lt;b>größe&lt;/b> `a`"


# --- config/expectations.yaml


def test_every_entry_names_its_finding_and_one_id_is_one_finding():
    by_id = collections.defaultdict(list)
    for finding in DECLARED:
        by_id[finding["id"]].append(finding)
    assert all(all(finding == same[0] for finding in same) for same in by_id.values())
    names = [same[0]["name"] for same in by_id.values()]
    assert len(set(names)) == len(names)


def test_each_finding_has_a_report_or_says_that_it_has_none_or_that_it_is_intended():
    """A finding that says nothing of it stands on its entries, whose links must all be reports."""
    for entry in ENTRIES:
        last = entry["findings"][-1]
        silent = not {"reported", "intended", "unreported"} & set(last)
        is_report = any(part in entry["link"] for part in find.REPORTS)
        assert is_report or not silent, f"{last['id']}: {entry['link']} is no report"
        assert not (is_report and "unreported" in last), f"{last['id']} is reported: {entry['link']}"


def test_each_finding_is_the_last_of_an_entry_that_says_why():
    lasts = {entry["findings"][-1]["id"] for entry in ENTRIES}
    assert lasts == {finding["id"] for finding in DECLARED}


@pytest.mark.parametrize(
    "more",
    [
        {"unreported": {"searched": "optimizer not built"}},
        {"unreported": {"searched": "optimizer not built", "day": "today"}},
        {"unreported": {"searched": "h5", "day": "2026-11-22"}},
        {"intended": "no link"},
        {"intended": "https://x.org", "reported": ["https://y.org"]},
        {"seen": "2026-11-22"},
    ],
)
def test_a_finding_declares_its_report_in_one_way_only(more):
    entry = {**ENTRIES[0], "findings": [{"id": "unbuilt", "name": "The optimizer is not built"}]}
    schemas.validate([entry], "expectations", "expectations.yaml")
    with pytest.raises(schemas.ConfigError, match="findings"):
        wrong = {**entry, "findings": [{**entry["findings"][0], **more}]}
        schemas.validate([wrong], "expectations", "expectations.yaml")


def test_the_searches_are_words_for_a_search_box():
    for finding in DECLARED:
        assert not re.search(r"\n|\s{2}", finding.get("unreported", {}).get("searched", "").strip())

"""The tables of docs/ that are generated from the code are those that `make docs` writes."""

import re

import pytest

from host.docs import __main__ as docs
from host.docs import catalogue, markdown
from roundtrip import members

PAGES = docs.pages()
GENERATED = {name: page for page in PAGES for _, name, _ in docs.GENERATED.findall(page.read_text("utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_is_up_to_date(page):
    assert docs.filled(page.read_text("utf-8")) == page.read_text("utf-8"), "run `make docs`, and commit the page"


def test_every_table_stands_on_a_page():
    assert set(GENERATED) == set(docs.TABLES)


@pytest.mark.parametrize("kind", ["models", "formats", "loaders"])
def test_every_member_has_its_row(kind):
    assert re.findall(r"^\| `(\w+)` ", docs.TABLES[kind](), re.MULTILINE) == members.names(kind)


def test_a_row_says_what_the_member_declares():
    (row,) = [line for line in catalogue.formats().splitlines() if line.startswith("| `litert` ")]
    fmt = members.member("formats", "litert")
    for words in (
        "keras3 >=3.13",
        "predictions, signatures",
        fmt.CARRIES["predictions"],
        "`ai-edge-litert`",
        "`strings`",
    ):
        assert words in row
    (row,) = [line for line in catalogue.loaders().splitlines() if line.startswith("| `flask_server` ")]
    assert "`frozen_graph`" in row and "http" in row and "`flask`" in row


def test_a_stale_page_is_found_and_written_and_the_prose_around_the_table_stays(tmp_path, monkeypatch, capsys):
    page = tmp_path / "docs/page.md"
    page.parent.mkdir()
    page.write_text("before\n\n<!-- generated: models -->\nan old table\n<!-- end -->\n\nafter\n")
    monkeypatch.setattr(docs, "DOCS", page.parent)
    assert docs.main(["--check"]) == 1 and "an old table" in page.read_text()
    assert "docs/page.md: is not up to date: make docs" in capsys.readouterr().out
    assert docs.main([]) == 0
    text = page.read_text()
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "an old table" not in text
    assert catalogue.models() in text
    assert docs.main(["--check"]) == 0


def test_a_bar_in_a_cell_does_not_end_it():
    assert markdown.table(["a"], [["x | y"]]).splitlines()[-1] == "| x \\| y |"


def test_kinds_say_the_type_the_default_and_the_meaning_of_an_attribute():
    text = docs.TABLES["kind formats"]()
    assert "| `CARRIES` | {facet: link} | *required* |" in text
    assert "| `LAYOUT` | layout | its own id |" in text
    assert "| `PACKAGES` | tuple of texts | `()` |" in text
    assert "| `save(ctx, model, folder)` | one of them |" in text

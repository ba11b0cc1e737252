"""docs/words.md: every word of the report and of the matrix is defined there once, with a link that leads somewhere."""

import re

import pytest
from helpers.places import ROOT

from host.report import words
from host.select.cells import AXES, BRIDGE_AXES

PAGE = ROOT / "docs/words.md"
ROWS = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| \[[^]]+\]\(([^)]+)\) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
WORDS = [word for word, _, _ in ROWS]


@pytest.mark.parametrize(
    "ids",
    [
        [verdict.id for verdict in words.VERDICTS],
        [note.id for note in words.NOTES],
        words.OUTCOMES,
        words.STATUSES,
        words.FACETS,
        AXES,
        BRIDGE_AXES,
    ],
    ids=["verdicts", "notes", "outcomes", "statuses", "facets", "axes", "axes of a bridge"],
)
def test_every_id_is_defined(ids):
    assert set(ids) <= set(WORDS)


def test_each_word_is_defined_once_in_order_and_in_a_sentence_or_two():
    lines = PAGE.read_text(encoding="utf-8").count("\n| ") - 1  # less the head of the table
    assert len(ROWS) == lines == len(set(WORDS)) > 90
    assert WORDS == sorted(WORDS, key=lambda word: re.sub(r"[^a-z]", " ", word.lower()))
    for word, meaning, _ in ROWS:
        assert meaning.endswith((".", "...")) and len(re.findall(r"[.:] [A-Z]", meaning)) < 3, word


@pytest.mark.parametrize("link", sorted({link for _, _, link in ROWS}))
def test_a_link_leads_somewhere(link):
    name, _, anchor = link.partition("#")
    target = (PAGE.parent / name).resolve()
    assert target.is_file()
    if anchor:
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in slugs

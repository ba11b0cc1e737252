"""The tables of facets and of verdict.json have every facet and every key (test_docs holds the pages to them)."""

from host.docs import judged
from host.judge import facets
from roundtrip.records import SCHEMAS


def test_every_facet_has_its_row():
    rows = judged.facets_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(facets.every())
    for row, facet in zip(rows, facets.every().values(), strict=True):
        assert facet.MEANING in row and facet.MUST_BE in row and all(f"`{below}`" in row for below in facet.RESTS_ON)


def test_every_key_of_a_verdict_has_its_row_and_a_meaning():
    meanings = {key: judged.meaning(schema) for key, schema in judged.keys(SCHEMAS["verdict"])}
    assert set(SCHEMAS["verdict"]["properties"]) <= set(meanings)
    assert [key for key, meaning in meanings.items() if not meaning] == []
    assert "facets.*.announced" in meanings and "files[].explanation" in meanings and "error.traceback" in meanings


def test_a_row_says_the_type_and_the_values_that_a_key_may_have():
    row = next(line for line in judged.verdict_table().splitlines() if line.startswith("| `facets.*.status` "))
    assert row.startswith("| `facets.*.status` | text | ") and "`not_compared`" in row
    assert "| `stage` | text or null |" in judged.verdict_table()

"""The page in a browser, by what a reader sees and hears: texts, roles, keys, widths, colours, print; no network."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import verdicts as fake
from helpers.browser import NARROW, WIDE, needs_browser, opened
from helpers.places import ROOT
from playwright.sync_api import expect

from host.report import __main__ as report

pytestmark = needs_browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of 600 made-up cells."""
    folder = tmp_path_factory.mktemp("page")
    fake.write(folder, fake.verdicts(600))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        given = ["--cells", "cells.json", "--expectations", "expectations.json", "--about", "about.json"]
        report.main([*given, "--environments", str(ROOT / "envs"), "--out", "report"])
    return folder / "report/index.html"


def unfolded(shown):
    """Everything that can be unfolded, unfolded."""
    shown.get_by_role("button", name="Unfold all rows").click()
    shown.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


def fields(shown):
    """The fields of the first table: buttons whose names count verdicts."""
    return shown.get_by_role("region", name="Matrix").first.get_by_role("button", name=re.compile(r": \d+ \w+"))


def first_field(shown):
    return fields(shown).first


def list_of_a_field(shown):
    first_field(shown).click()
    expect(shown.get_by_role("dialog")).to_be_visible()


def one_cell(shown):
    list_of_a_field(shown)
    shown.get_by_role("dialog").get_by_role("row").nth(1).get_by_role("button").first.click()
    expect(shown.get_by_role("dialog").get_by_text("Run it again")).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("prepare", [unfolded, list_of_a_field, one_cell])
def test_no_rule_of_accessibility_is_violated(page, prepare, colours, viewport):
    """Every rule of axe-core: https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md"""
    with opened(page, color_scheme=colours, viewport=viewport) as shown:
        prepare(shown)
        violations = Axe().run(shown).response["violations"]
        found = [(v["id"], [(n["html"][:150], n["failureSummary"]) for n in v["nodes"][:3]]) for v in violations]
        assert found == []
        assert shown.errors == []


def test_a_finding_unfolds_and_lists_its_cells(page):
    with opened(page) as shown:
        findings = shown.get_by_role("region", name="Findings", exact=True)
        row = findings.get_by_role("group").first
        expect(row.get_by_text("make reproduce")).to_be_hidden()
        row.locator("summary").focus()
        shown.keyboard.press("Enter")
        expect(row.get_by_text("make reproduce")).to_be_visible()
        cells = re.search(r"([\d,]+) cells?", row.inner_text())[1]
        link = row.get_by_role("link", name=re.compile("^Show the"))
        address = link.get_attribute("href")
        link.click()
        expect(shown.get_by_role("dialog").get_by_role("heading").first).to_contain_text(f"{cells} cell")
    with opened(page, address) as again:
        expect(again.get_by_role("dialog").get_by_role("heading").first).to_contain_text(f"{cells} cell")


def test_a_filter_leaves_the_findings_that_it_selects(page):
    with opened(page) as shown:
        findings = shown.get_by_role("region", name="Findings", exact=True)
        before = findings.get_by_role("group").count()
        shown.get_by_role("combobox", name="format", exact=True).select_option("saved_model")
        texts = findings.get_by_role("group").all_inner_texts()
        assert 0 < len(texts) < before
        assert not any("An .h5" in text for text in texts)


def test_nothing_is_asked_of_a_network(page):
    with opened(page) as shown:
        one_cell(shown)
        assert {address.partition(":")[0] for address in shown.requests} <= {"file", "data", "blob"}


def test_two_columns_of_data_are_in_view_on_a_phone(page):
    with opened(page, viewport=NARROW) as shown:
        matrix = shown.get_by_role("region", name="Matrix").first
        matrix.scroll_into_view_if_needed()
        boxes = [field.bounding_box() for field in fields(shown).all()]
        seen = {box["x"] for box in boxes if box and box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]}
        assert len(seen) >= 2
        assert shown.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], "the page itself scrolls"


def test_the_keyboard_opens_a_list_a_cell_and_closes_them(page):
    with opened(page) as shown:
        shown.keyboard.press("Tab")
        skip = shown.get_by_role("link", name="Skip to the matrix")
        expect(skip).to_be_focused()
        first_field(shown).focus()
        shown.keyboard.press("Enter")
        expect(shown.get_by_role("dialog")).to_be_visible()
        shown.keyboard.press("Escape")
        expect(shown.get_by_role("dialog")).to_be_hidden()


def test_the_address_holds_what_is_shown(page):
    with opened(page) as shown:
        shown.get_by_role("searchbox").first.fill("attention")
        one_cell(shown)
        address = shown.url
        title = shown.get_by_role("dialog").get_by_role("heading").first.inner_text()
    with opened(page, "#" + address.partition("#")[2]) as again:
        assert again.get_by_role("dialog").get_by_role("heading").first.inner_text() == title
        again.keyboard.press("Escape")
        expect(again.get_by_role("searchbox").first).to_have_value("attention")


def test_a_filter_leaves_the_cells_that_hold_the_word(page):
    with opened(page) as shown:
        before = shown.get_by_role("status").first.inner_text()
        shown.get_by_role("searchbox").first.fill("bidirectional_lstm h5")
        expect(shown.get_by_role("status").first).not_to_have_text(before)
        list_of_a_field(shown)
        assert "bidirectional_lstm" in shown.get_by_role("dialog").inner_text()


def test_print_keeps_the_matrix_and_its_colours(page):
    with opened(page) as shown:
        shown.emulate_media(media="print")
        expect(shown.get_by_role("heading", name="The matrix")).to_be_visible()
        field = first_field(shown)
        assert field.evaluate("(field) => getComputedStyle(field).printColorAdjust") == "exact"

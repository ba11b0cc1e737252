"""The page of an upgrade's answer in a browser: accessible, short before the folded part, complete in print."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import NARROW, WIDE, needs_browser, opened
from helpers.upgrades import BESIDE, BRIDGE, FAILS, LOAD, LOST, NOT_RUN, UNCOMPILED, UNPROVED, WRONG, answered, verdict
from playwright.sync_api import expect

from host.upgrade.page import page

pytestmark = needs_browser
#: screens that the page may take before anything is unfolded
SCREENS = {"wide": 2, "narrow": 3}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The page of an answer with every status, bridges, and ways that are folded."""
    others = ["build_load_weights", "load_weights_by_name", "load_weights_of_model", "load_weights_skip_mismatch"]
    verdicts = [verdict(LOAD, **FAILS), verdict(UNCOMPILED, **LOST), verdict(BESIDE), verdict(BRIDGE, **WRONG)]
    verdicts += [verdict({"loader": others[0]}, lost=("weights", "architecture"))]
    verdicts += [verdict({"loader": others[1]}, lost=("weights", "compile_config"))]
    verdicts += [verdict({"loader": others[2]}, **NOT_RUN), verdict({"loader": others[3]}, **UNPROVED)]
    path = tmp_path_factory.mktemp("upgrade") / "upgrade.html"
    path.write_text(page(answered(*verdicts)), encoding="utf-8")
    return path


def unfolded(shown):
    shown.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_rule_of_accessibility_is_violated(file, colours, viewport):
    with opened(file, color_scheme=colours, viewport=viewport) as shown:
        unfolded(shown)
        violations = Axe().run(shown).response["violations"]
        assert [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in violations] == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert {address.partition(":")[0] for address in shown.requests} == {"file"} and shown.errors == []


@pytest.mark.parametrize(("name", "viewport"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_answer_its_code_and_five_ways_are_seen_without_unfolding_anything(file, name, viewport):
    with opened(file, viewport=viewport) as shown:
        expect(shown.get_by_text("Use tf_keras 2.21.0 (load_model): it keeps everything.")).to_be_in_viewport()
        expect(shown.get_by_text('keras.models.load_model("model.h5")').first).to_be_visible()
        height = shown.evaluate("document.documentElement.scrollHeight")
        assert height <= SCREENS[name] * viewport["height"]
        visible = [item for item in shown.get_by_role("listitem").all() if item.is_visible()]
        assert len(visible) == 5


def test_the_keyboard_unfolds_the_rest(file):
    with opened(file) as shown:
        rest = shown.get_by_text("3 more ways with 3 other results")
        rest.focus()
        shown.keyboard.press("Enter")
        expect(shown.get_by_text("The disk was full.").first).to_be_visible()


def test_print_keeps_the_answer_and_the_ways(file):
    with opened(file) as shown:
        shown.emulate_media(media="print")
        expect(shown.get_by_text("Use tf_keras 2.21.0 (load_model): it keeps everything.")).to_be_visible()
        expect(shown.get_by_role("heading", name="The ways, best first")).to_be_visible()

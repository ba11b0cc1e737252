"""The page as a browser draws it: verdicts keep their colours, shares are by runtime, sentences are true."""

import html
import re

import pytest
from helpers import verdicts as fake
from helpers.browser import needs_browser, opened
from helpers.places import ROOT

from host.report import __main__ as report

pytestmark = needs_browser
KERAS_3, TF_KERAS = fake.RUNTIMES
MODELS = ("digit_mlp", "dense_regression")


def cell(runtime, model, format_, use, **changes):
    found = fake.verdict(runtime, model, format_, runtime, "load_model", use, fake.random.Random(1))
    return {**found, "verdict": "kept", "outcome": "loaded", "stage": None, "error": None, "reason": "fine", **changes}


def facets(status, names, promised=True):
    return {n: dict(fake.facet(status, promised, fake.random.Random(1)), relevant=True) for n in names}


def verdicts():
    """Keras 3 resumes no .h5, and that is known; tf_keras does; and a seed that nobody promised is lost everywhere."""
    needed = ("weights", "optimizer_state", "resume_trajectory")
    error = {"stage": "load", "type": "ValueError", "message": "Unknown variable: x", "traceback": ""}
    broken = {"verdict": "broken", "outcome": "refused", "stage": "load", "error": error}
    for model in MODELS:
        yield cell(KERAS_3, model, "h5", "resume", **broken, facets=facets("not_reached", needed))
        seeds = facets("different", ["rng_state"], promised=False)
        yield cell(TF_KERAS, model, "h5", "resume", facets={**facets("identical", needed), **seeds})
    yield cell(KERAS_3, MODELS[0], "keras_archive", "inference", facets=facets("identical", ["predictions"]))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The text of the page's elements after its scripts ran, without the scripts."""
    folder = tmp_path_factory.mktemp("page")
    fake.write(folder, list(verdicts()))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        arguments = ["--cells", "cells.json", "--expectations", "expectations.json"]
        report.main([*arguments, "--environments", str(ROOT / "envs"), "--out", "report"])
    with opened(folder / "report/index.html") as shown:
        drawn = shown.content()
    return html.unescape(re.sub(r"<(script|style)\b.*?</\1>", "", drawn, flags=re.S))


def text(markup):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", markup)).strip()


def section(page, id_):
    return re.search(rf'<section id="{id_}".*?</section>', page, re.S)[0]


def test_what_is_known_is_shown_as_broken_with_a_mark(page):
    field = re.search(
        r'<button class="field ([\w-]+)"[^>]*aria-label="[^"]*2 broken \(2 known\)"[^>]*>(.*?)</button>', page
    )
    assert field[1] == "v-broken"
    assert re.search(r'class="mark n-known"', field[2]) and text(field[2]) == "✕ 2 ◆ known"
    tile = re.search(r'<button type="button" class="tile v-broken"[^>]*>(.*?)</button>', page, re.S)
    assert text(tile[1]) == "✕2 broken ◆ 2 known"
    assert "v-known" not in page


def test_the_first_screen_names_what_is_bad_in_no_calm_colour(page):
    gate = re.search(r'<a class="gate ([\w-]+)".*?</a>', page, re.S)
    assert gate[1] == "gate-known"
    assert text(gate[0]) == "◆ Gate passes: nothing new broken 2, all known; new: 0"


def test_a_share_counts_what_could_not_be_loaded_as_lost_and_each_runtime_alone(page):
    heat = section(page, "heat")
    for runtime, kept in ((KERAS_3, 0), (TF_KERAS, 2)):
        for facet in ("weights", "optimizer state", "resume trajectory"):
            assert f'aria-label="{runtime}, h5, {facet}, promised: kept in {kept} of 2"' in heat


def test_in_short_says_never_promised_only_of_what_never_was(page):
    lines = {text(h): text(p) for h, p in re.findall(r"<h3>(.*?)</h3><p>(.*?)</p>", section(page, "short"))}
    assert lines["✕ Promised, but saving, loading or using it fails"] == f"2 cells {KERAS_3} 2"
    lost = ("weights", "optimizer state", "resume trajectory")
    assert lines["✕ Promised, but lost somewhere"] == "".join(f"{facet} {KERAS_3} 2 of 2" for facet in lost)
    assert lines["✓ Kept wherever promised"] == "predictions"
    assert lines["○ Never promised, never kept"] == "rng state"


def test_an_empty_field_is_not_said_to_be_impossible(page):
    """No .keras was selected to be resumed here, and its members would fit together."""
    words = text(section(page, "matrix"))
    assert (
        "An empty field was not run: the configuration did not select it, or its members do not fit together" in words
    )


def test_a_known_finding_is_one_row(page):
    (row,) = re.findall(r"<summary>(.*?)</summary>", section(page, "findings"), re.S)
    assert text(row) == "✕ brokenKeras 3 reads .h5 without the optimizer's variables built2 cells◆ known"
    assert "h5 of Keras 3: Loading fails with an error." in text(section(page, "findings"))

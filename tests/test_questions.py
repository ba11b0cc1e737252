"""Ten questions, answered by the page of the published results in at most two interactions each.

Only what a reader sees and hears is read: texts, roles and names, no id or class of ours.
"""

import re

import pytest
from helpers import published
from helpers.browser import WIDE, needs_browser, opened
from playwright.sync_api import expect

pytestmark = needs_browser

RUNTIME = "tf2.21-keras3"
KERAS3, TF_KERAS = re.compile(r"^Keras 3\.15"), re.compile("^tf_keras 2.21")


class Reader:
    """Reads a page, and counts what it presses and chooses."""

    def __init__(self, shown):
        self.shown, self.interactions = shown, 0

    def press(self, element):
        self.interactions += 1
        element.click()

    def choose(self, name, option, within=None):
        """Choose an option of the list that is called by a name, by the text of the option."""
        self.interactions += 1
        field = (within or self.shown).get_by_label(name, exact=True)
        texts = field.get_by_role("option").all_text_contents()
        (text,) = [text for text in texts if re.search(option, text)]
        field.select_option(label=text)

    @property
    def answer(self):
        """The answer to the question in one line."""
        return self.shown.get_by_role("region", name="Your question").get_by_role("status")

    def region(self, name):
        return self.shown.get_by_role("region", name=name)

    def field(self, runtime, format_, column):
        """A field of the first table, by the texts of its row and column."""
        table = self.shown.get_by_role("table", name=runtime)
        columns = table.get_by_role("columnheader").all_text_contents()
        head = self.shown.get_by_role("rowheader", name=format_, exact=True)
        return table.get_by_role("row").filter(has=head).get_by_role("cell").nth(columns.index(column) - 1)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return published.page(tmp_path_factory.mktemp("published"))


@pytest.fixture
def reader(page):
    """A reader who may press or choose twice."""
    with opened(page, viewport=WIDE) as shown:
        reading = Reader(shown)
        yield reading
        assert reading.interactions <= 2
        assert shown.errors == []


def test_1_does_an_h5_resume_in_keras_3(reader):
    field = reader.field(KERAS3, "whole model, .h5", "resume training")
    expect(field).to_contain_text("fails when training goes on")
    expect(field).to_contain_text(re.compile(r"0 of \d+ models"))
    expect(reader.answer).to_contain_text(re.compile("^✕? ?No"))


def test_2_which_format_keeps_everything_for_an_lstm_with_adam(reader):
    reader.choose("model", "^lstm_bidirectional$", within=reader.shown.get_by_role("search"))
    reader.press(reader.shown.get_by_role("button", name="Unfold all rows"))
    fields = reader.shown.get_by_role("button", name=re.compile(f"^keras3, {RUNTIME}, keras_archive, {RUNTIME}: "))
    expect(fields.first).to_be_visible()
    assert re.search(r": [\d, a-z()]*\d+ kept$", fields.first.get_attribute("aria-label"))


def test_3_an_h5_of_tensorflow_2_15_on_2_21(reader):
    reader.choose("written by", r"^tf\.keras of TensorFlow 2\.15\.1$")
    expect(reader.answer).to_contain_text("No")
    expect(reader.answer).to_contain_text("optimizer")


def test_4_what_a_saved_model_loses_in_tf_keras_and_whether_it_is_reported(reader):
    reader.press(reader.field(TF_KERAS, "whole model, SavedModel", "resume training").get_by_role("link"))
    expect(reader.answer).to_contain_text("silently loses the optimizer state")
    unfold = reader.answer.get_by_text("Which models, and why")
    if not reader.answer.get_by_role("list").is_visible():
        reader.press(unfold)
    link = reader.answer.get_by_role("link", name="reported").first
    assert re.match(r"https://github\.com/.+/(issues|pull)/\d+", link.get_attribute("href"))


def test_5_does_a_keras_file_of_3_3_load_in_3_15_and_back(reader):
    texts = {}
    for region in reader.shown.get_by_role("region", name=re.compile("keras_archive.*: keras3$")).all():
        heads = region.get_by_role("columnheader").all_text_contents()
        for row in region.get_by_role("row").all()[1:]:
            writer = row.get_by_role("rowheader").text_content()
            texts |= {
                (writer.split()[0], reads): row.get_by_role("cell").nth(i).text_content()
                for i, reads in enumerate(heads[1:])
            }
    assert texts["keras3.3-keras3", RUNTIME] and texts[RUNTIME, "keras3.3-keras3"]


def test_6_which_formats_keep_the_seeds_of_dropout(reader):
    facets = reader.shown.get_by_role("region", name="Facets by formats, keras3", exact=True)
    column = facets.get_by_role("columnheader").all_text_contents().index("rng state")
    shares = {
        row.get_by_role("rowheader").text_content(): row.get_by_role("cell").nth(column - 1).text_content()
        for row in facets.get_by_role("row").all()[1:]
    }
    assert {"keras_archive", "tf_checkpoint", "weights_h5"} <= {
        format_ for format_, share in shares.items() if "%" in share
    }
    assert shares["weights_h5"] == "0%" or shares["tf_checkpoint"] == "0%", shares


def test_7_which_loaders_keep_a_rewrite_for_large_models(reader):
    reader.choose("modifier", "^lms$", within=reader.shown.get_by_role("search"))
    reader.press(reader.shown.get_by_role("button", name=re.compile("^keras2_graph, tf2.21-keras2_graph, .*: ")).first)
    rows = reader.shown.get_by_role("dialog").get_by_role("row")
    kept = [text for text in rows.all_text_contents() if re.match(r"\W*kept", text)]
    assert any("load_model_callbacks" in text for text in kept) and len(kept) < rows.count() - 1


def test_8_how_this_failure_is_reproduced(reader):
    reader.press(reader.answer.get_by_text("Which models, and why"))
    reader.press(reader.answer.get_by_role("link", name="Keras 3 does not restore the optimizer from an .h5").first)
    command = reader.region(re.compile("^Findings")).get_by_text("make reproduce CELL=tf2.21-keras3/")
    expect(command.locator("visible=true").first).to_contain_text("/h5/")


def test_9_what_is_new_since_the_published_run(reader):
    section = reader.region(re.compile("^Since the published results of "))
    expect(section).to_contain_text("Nothing differs.")


def test_10_what_was_never_run_and_why(reader):
    section = reader.shown.get_by_role("region", name="Excluded", exact=True)
    reader.press(section.get_by_text("combinations that were not run, with their reasons"))
    expect(section.get_by_role("table").or_(section.get_by_role("list")).first).to_be_visible()
    assert re.search(r"has no (format|model|loader)", section.text_content())

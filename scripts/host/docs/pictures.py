"""Draw the pictures of README.md and docs/, each from results: none is drawn or cut by hand.

    PYTHONPATH=scripts python -m host.docs.pictures [--report results/report] [--browser /usr/bin/chromium]

docs/versions.svg, from results/published/compatibility.json: which version reads the artifacts of which
docs/loss_curve.svg, from the verdict of CURVE: training that goes on after a silent loss
docs/report.png, from the report: its first screen, in a browser; left as it is where there is no browser
"""

import argparse
import shutil
import sys
from pathlib import Path

import altair as alt
import polars as pl
from packaging.version import Version

from host.report.cells import read_json
from host.report.published import FOLDER
from host.select import paths

DOCS = Path(__file__).resolve().parents[3] / "docs"
#: the formats of the map, each a map of its own
MAPPED = ("h5", "keras_archive", "saved_model", "tf_checkpoint")
#: the cell whose training is drawn: tf_keras drops the optimizer of a SavedModel without a word
CURVE = ("tf2.21-keras2", "lstm_bidirectional", "none", "saved_model", "tf2.21-keras2", "load_model", "resume")
COLOURS = {"works": "#007f5c", "works_but": "#007f5c", "warns": "#b27500", "silent": "#a3186b", "fails": "#c8430c"}
SCREEN = {"width": 1280, "height": 1060}


def version_map(answers):
    """Producers down, consumers across: the sign and the colour say what happens to a training that is resumed."""
    runtimes = {r["id"]: r for r in answers["runtimes"]}
    signs = {s["id"]: s["sign"] for s in answers["statuses"]}
    titles = {f["id"]: f["title"] for f in answers["formats"]}
    rows = [
        {
            **{"written by": _short(runtimes[e["producer"]]), "read by": _short(runtimes[e["consumer"]])},
            **{"format": titles[e["format"]], "status": e["status"], "sign": signs[e["status"]]},
        }
        for e in answers["support"]
        if e["use"] == "resume" and e["format"] in MAPPED and _of_keras(e, runtimes)
    ]
    across = {row["read by"] for row in rows if row["read by"] != row["written by"]}
    # two environments may have the same versions
    once = {(row["written by"], row["read by"], row["format"]): row for row in reversed(rows)}
    rows = [row for row in once.values() if row["read by"] in across]
    order = [_short(r) for r in sorted(runtimes.values(), key=_age)]
    base = alt.Chart(pl.DataFrame(rows)).encode(
        x=alt.X("read by:N", sort=order, axis=alt.Axis(orient="top", labelAngle=-50, labelLimit=200)),
        y=alt.Y("written by:N", sort=order, axis=alt.Axis(labelLimit=200)),
    )
    colour = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    fields = base.mark_rect(opacity=0.25, stroke="white").encode(alt.Color("status:N", scale=colour, legend=None))
    texts = base.mark_text(fontSize=13, fontWeight="bold").encode(
        alt.Color("status:N", scale=colour, legend=None), text="sign:N"
    )
    return (
        alt.layer(fields, texts)
        .properties(width=alt.Step(30), height=alt.Step(24))
        .facet(facet=alt.Facet("format:N", title="Does a training resume that another version saved?"), columns=2)
        .resolve_scale(x="independent", y="independent")
    )


def _of_keras(entry, runtimes):
    ends = [runtimes[entry[axis]] for axis in ("producer", "consumer")]
    return all(r["api"] in ("keras2", "keras3") and r["backend"] == "tensorflow" for r in ends)


def _short(runtime):
    return runtime["name"].partition(",")[0].replace("tf.keras of TensorFlow", "tf.keras")


def _age(runtime):
    return runtime["api"] == "keras3", Version(runtime["tensorflow"]) if runtime["api"] != "keras3" else Version(
        runtime["keras"]
    )


def loss_curve(verdict):
    """The loss of each batch after the save: of the training that was not interrupted, and of the one that resumed."""
    trajectory = verdict["trajectory"]
    at = trajectory["names"].index("loss")
    runs = {"not interrupted": trajectory["reference"], "saved, loaded and resumed": trajectory["observed"]}
    rows = [
        {"batch": i, "loss": batch[at], "training": run} for run, all_ in runs.items() for i, batch in enumerate(all_)
    ]
    return (
        alt.Chart(pl.DataFrame(rows))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("batch:Q", title="batch after the save", axis=alt.Axis(grid=False)),
            y=alt.Y("loss:Q", scale=alt.Scale(zero=False)),
            color=alt.Color(
                "training:N", scale=alt.Scale(range=["#0b5fae", "#c8430c"]), legend=alt.Legend(orient="top", title=None)
            ),
            strokeDash=alt.StrokeDash("training:N", legend=None),
        )
        .properties(width=560, height=230)
    )


def screen(page, file, browser):
    """A picture of the report's first screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        tab = chromium.new_page(viewport=SCREEN, color_scheme="light")
        tab.goto(page.resolve().as_uri())
        tab.wait_for_load_state("networkidle")
        tab.screenshot(path=file)
        chromium.close()


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", type=Path, default=Path("results/report"), metavar="DIR")
    parser.add_argument("--browser", default=shutil.which("chromium"), metavar="FILE", help="default: chromium")
    args = parser.parse_args(argv)
    version_map(read_json(FOLDER / "compatibility.json")).save(DOCS / "versions.svg")
    curve, page = Path(paths.verdict(CURVE)), args.report / "index.html"
    if curve.exists():
        loss_curve(read_json(curve)).save(DOCS / "loss_curve.svg")
    else:
        print(f"docs/loss_curve.svg stays as it is: {curve} is not there.")
    if page.exists() and args.browser:
        screen(page, DOCS / "report.png", args.browser)
    else:
        print(f"docs/report.png stays as it is: it needs {page} and a browser.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

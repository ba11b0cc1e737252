"""Builds the page: puts template, style and scripts of ``page/`` into one file that loads nothing else."""

import functools
import json
from pathlib import Path

import jinja2
import vl_convert

from host.findings import versions
from host.report import charts, chunks, embed, packing, published, words
from host.report import gate as gate_
from host.report.answers import table
from host.select.cells import AXES

PAGE = Path(__file__).parent / "page"
#: in this order, inside one function: the scripts share their names, and define no global ones
SCRIPTS = ("dom.js", "unpack.js", "data.js", "measures.js", "evidence.js", "state.js", "answer.js", "matrix.js")
SCRIPTS += ("chart.js", "cell.js", "panel.js", "sections.js", "findings.js", "consumers.js", "main.js")


STYLES = ("page.css", "answers.css")


def render(run, about, when):
    """The text of index.html; of a run that goes on, ``about`` holds how much is judged ``so far``."""
    gate = run.gate
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    rows = sorted(run.cells, key=lambda cell: [cell["cell"][axis] for axis in AXES])
    page = functools.partial(
        environment.get_template("index.html.j2").render,
        when=when,
        about=flat(about),
        so_far=(about or {}).get("so far"),
        cells=len(run.cells),
        excluded=len(run.excluded),
        counts=gate["counts"],
        verdicts=[v for v in map(words.verdict, gate["counts"]) if v.id in words.BY_ID or gate["counts"][v.id]],
        gate=gate,
        sentence=gate_.sentence(gate),
        noted=[(note, gate["notes"][note.id]) for note in words.NOTES[:-1]],
        bad=words.BAD,
        no_proof=words.NO_PROOF,
        outcomes=words.OUTCOMES,
        statuses=words.STATUSES,
        facets=words.FACETS,
        tables=table.tables(run.answers),
        since=published.since(published.states_of(run.cells)),
        word=lambda id_: words.verdict(id_).word,
        signs=table.signs(run.answers),
        numbers=table.numbers,
        answers=packing.packed(run.answers),
        css="\n".join((PAGE / name).read_text(encoding="utf-8") for name in STYLES),
        script="\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS),
        data=packing.packed(embed.data(rows, run.excluded, run.entries)),
        findings=packing.packed(listed(run.findings)),
        chart=embed.as_script(charts.loss_curves()),
        vega=vega(),
        chunk=chunks.CHUNK,
    )
    room = chunks.limit(len(rows)) - len(page(evidence=[], held=0).encode("utf-8"))
    packed, held = chunks.fitting(rows, room)
    return page(evidence=packed, held=held)


def listed(findings):
    """The findings for the page: without their cells, each of which names its findings, and with versions in words."""
    return [
        {
            **{key: value for key, value in finding.items() if key != "cells"},
            "versions": list(map(versions.text, finding["versions"])),
        }
        for finding in findings
    ]


@functools.cache
def vega():
    """Vega, Vega-Lite and Vega-Embed, packed, as one script that defines ``window.vegaEmbed``.

    The page runs it when the first chart is drawn. A function keeps its other names local.
    """
    return packing.deflated("(function(){" + vl_convert.javascript_bundle() + "\n})();")


def flat(about):
    """[(key, text)] of the facts about the run."""
    return [(k, v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for k, v in (about or {}).items()]

"""Builds the page: puts template, style and scripts of ``page/`` into one file that loads nothing else."""

import json
from pathlib import Path

import jinja2
import vl_convert

from host.findings import versions
from host.report import charts, embed, published, tables, words
from host.report import gate as gate_
from host.report.answers import table

PAGE = Path(__file__).parent / "page"
#: in this order, inside one function: the scripts share their names, and define no global ones
SCRIPTS = ("dom.js", "data.js", "state.js", "answer.js", "matrix.js", "chart.js", "cell.js", "panel.js")
SCRIPTS += ("sections.js", "findings.js", "consumers.js", "main.js")


STYLES = ("page.css", "answers.css")


def render(run, about, when):
    """The text of index.html; of a run that goes on, ``about`` holds how much is judged ``so far``."""
    gate = run.gate
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGE), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    data = embed.data(run.cells, run.excluded, run.entries, gate)
    return environment.get_template("index.html.j2").render(
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
        since=published.since(tables.matrix(run.cells)),
        word=lambda id_: words.verdict(id_).word,
        signs=table.signs(run.answers),
        numbers=table.numbers,
        answers=embed.as_script(run.answers),
        css="\n".join((PAGE / name).read_text(encoding="utf-8") for name in STYLES),
        script="\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS),
        data=embed.as_script(data),
        findings=embed.as_script(listed(run.findings)),
        chart=embed.as_script(charts.loss_curves()),
        vega=vega(),
    )


def listed(findings):
    """The findings for the page: without their cells, each of which names its findings, and with versions in words."""
    return [
        {
            **{key: value for key, value in finding.items() if key != "cells"},
            "versions": list(map(versions.text, finding["versions"])),
        }
        for finding in findings
    ]


def vega():
    """Vega, Vega-Lite and Vega-Embed as one script that defines ``window.vegaEmbed``.

    The page holds it as text, and runs it when the first chart is drawn. A function keeps its other names local.
    """
    bundle = vl_convert.javascript_bundle().replace("</script", "<\\/script")
    return "(function(){" + bundle + "\n})();"


def flat(about):
    """[(key, text)] of the facts about the run."""
    return [(k, v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)) for k, v in (about or {}).items()]

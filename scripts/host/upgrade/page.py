"""The answer as a page, results/report/upgrade.html."""

from pathlib import Path

import jinja2

from host.judge import facets
from host.report import words
from host.upgrade import sentences, text
from host.upgrade.results import STATUSES

FOLDER = Path(__file__).parents[1] / "report" / "page"
#: read as text (host.select.sources)
DEPENDS = ("host/report/page/*",)
#: status -> the verdict whose colour and symbol it has
LIKE = {
    "works": "kept",
    "loses": "degraded",
    "fails": "broken",
    "unproved": "unproved",
    "not_applicable": "not_applicable",
    "not_run": "not_run",
}


def page(answer):
    """The page; host.upgrade.answer has the dict."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    names = {id_: runtime["name"] for id_, runtime in answer["runtimes"].items()}
    return environment.get_template("upgrade.html.j2").render(
        **answer,
        css="".join((FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "upgrade.css")),
        about=text.about(answer),
        folded=text.folded(answer),
        from_name=names[answer["question"]["from"]],
        to_name=names[answer["question"]["to"]],
        needs=text.needs,
        lines=text.lines,
        same_result=text.same_result,
        amount=sentences.amount,
        facets={id_: facet.NAME for id_, facet in facets.every().items()},
        worst=worst,
        colours=LIKE,
        symbols={status: words.BY_ID[verdict].symbol for status, verdict in LIKE.items()},
    )


def worst(entry):
    """The worst status of a way's models."""
    return max((result["status"] for result in entry["models"].values()), key=list(STATUSES).index)

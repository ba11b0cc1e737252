"""docs/findings/: a page for each finding, and an index, made of a findings.json and never written by hand."""

from host.docs.markdown import code, table
from host.findings import versions, wording

INDEX = "README.md"
BY = "<!-- made by `make docs` of results/published/findings.json: do not edit -->\n"
#: state of upstream's report -> a sentence
STATES = {
    "reported": "Reported.",
    "intended": "Upstream says that it is meant to be so.",
    "unknown": "Nobody has looked for a report yet.",
}
TRACKERS = "the trackers of Keras, tf_keras and TensorFlow"


def pages(facts):
    """{file name: text} of all pages of a findings.json."""
    return {INDEX: index(facts), **{f"{finding['id']}.md": page(finding) for finding in facts["findings"]}}


def index(facts):
    """The index: one row for each finding."""
    rows = [
        [
            f"[{plain(finding['name'])}]({finding['id']}.md)",
            str(len(finding["cells"])),
            code(finding["uses"]),
            plain(finding["lost"]),
            finding["upstream"]["state"],
        ]
        for finding in facts["findings"]
    ]
    return "\n".join(
        [
            "# Findings",
            "",
            BY,
            f"What fails alike is one finding. Of {facts['cells']:,} cells, {facts['bad']:,} are bad, in"
            f" {len(rows)} findings ({facts['date']}). A cell that shows two faults belongs to both findings.",
            "",
            table(["finding", "cells", "uses", "what is lost, and when", "upstream"], rows),
        ]
    )


def page(finding):
    """The page of one finding."""
    parts = [
        f"# {plain(finding['name'])}",
        BY.strip(),
        plain(finding["lost"]),
        *map(plain, finding["why"]),
        *section("Where", where(finding)),
        *section("Versions", "\n".join(f"- {plain(versions.text(v))}" for v in finding["versions"])),
        *section("Upstream", upstream(finding["upstream"])),
        *section("A way around", around(finding["around"])),
        *section("Reproduce it", f"```\n{finding['reproduction']['command']}\n```"),
        *section("Its cells", "\n".join(f"- `{cell}`" for cell in finding["cells"])),
    ]
    return "\n\n".join(parts) + "\n"


def section(title, text):
    return [f"## {title}", text]


def where(finding):
    """The axes of a finding's cells, as a table."""
    verdicts = ", ".join(f"{id_.replace('_', ' ')} {n}" for id_, n in finding["verdicts"].items())
    axes = ("uses", "formats", "loaders", "models", "modifiers", "runtimes")
    rows = [["verdicts", verdicts], *([f"{axis} ({len(finding[axis])})", code(finding[axis])] for axis in axes)]
    return table(["", f"{len(finding['cells'])} cells, {finding['note']}"], rows).strip()


def upstream(facts):
    """What upstream says, with links; of what is unreported, what was searched and when."""
    links = "".join(f"\n- <{link}>" for link in facts["links"])
    if facts["state"] == "unreported":
        sources = f"\n\nThe code that does it:\n{links}" if links else ""
        return (
            f"Unreported: on {facts['day']}, nothing was found in a copy of {TRACKERS} with these words:"
            f" {plain(' '.join(facts['searched'].split()))}.{sources}"
        )
    return STATES[facts["state"]] + (f"\n{links}" if links else "")


def around(ways):
    """The ways around, each with its steps."""
    if not ways:
        return "None of the paths that were run keeps what is promised."
    lines = []
    for way in ways:
        still = f" In some models this is still lost, which nobody promises: {wording.facets(way['lost'])}."
        share = f"(it works for {way['works']} of {way['of']} cells)"
        lines.append(f"- `{way['format']}` by `{way['loader']}` {share}.{still if way['lost'] else ''}")
        lines += [f"  - {plain(step)}" for step in way["steps"]]
    return "\n".join(lines)


def plain(text):
    """A text in which nothing is markup but its code."""
    return text.replace("<", "&lt;")

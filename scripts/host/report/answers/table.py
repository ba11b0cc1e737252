"""The first table: formats down, uses across, for one runtime that reads its own artifacts. All outputs draw it."""

import html

from host.select.configuration import USUAL

#: models that a footnote names
NAMED = 8


def table(answers, runtime):
    """The table of a runtime, from the data of compatibility.json.

    Returns
    -------
    dict
        ``runtime`` (its entry), ``uses`` (their entries), and ``rows`` and ``others`` (the formats that people think
        of first, and the rest), each row with ``format`` (its entry) and ``fields`` (an entry of ``support`` for each
        use; None if nothing was run).
    """
    entry = next(r for r in answers["runtimes"] if r["id"] == runtime)
    fields = {(e["format"], e["use"]): e for e in answers["support"] if e["producer"] == e["consumer"] == runtime}
    uses = [use for use in answers["uses"] if any(use["id"] == asked for _, asked in fields)]
    rows = [
        {"format": format_, "fields": [fields.get((format_["id"], use["id"])) for use in uses]}
        for format_ in answers["formats"]
    ]
    rows = [row for row in rows if any(row["fields"])]
    usual = [row for row in rows if row["format"]["id"] in USUAL["formats"]]
    return {
        "runtime": entry,
        "uses": uses,
        "rows": usual or rows,
        "others": [row for row in rows if row not in usual] if usual else [],
    }


def tables(answers):
    """The tables of the run's newest Keras 3 and tf_keras."""
    return [table(answers, runtime) for runtime in answers["newest"]]


def signs(answers):
    """{status: sign}."""
    return {status["id"]: status["sign"] for status in answers["statuses"]}


def numbers(field):
    """``60 of 63 models``: for how many it works."""
    return f"{field['works']} of {field['models']} model{'' if field['models'] == 1 else 's'}"


def exceptions(field):
    """[(words, models in words)] of the models to which not the same happens as the field says, for a footnote."""
    if len(field["groups"]) == 1:
        return []
    return [(group["words"], listed(group["models"])) for group in field["groups"] if group["kind"] != "works"]


def listed(models):
    """``a, b, c and 4 more``."""
    more = f" and {len(models) - NAMED} more" if len(models) > NAMED else ""
    return ", ".join(models[:NAMED]) + more


def markdown(answers, link=None):
    """The tables as Markdown, a heading for each runtime. ``link(runtime)`` is where the footnotes are."""
    signs_ = signs(answers)
    lines = []
    for made in tables(answers):
        runtime = made["runtime"]
        lines += [f"**{runtime['name']}**" + (f" ([exceptions]({link(runtime)}))" if link else ""), ""]
        lines += [
            "| | " + " | ".join(use["question"] for use in made["uses"]) + " |",
            "|---" * (len(made["uses"]) + 1) + "|",
        ]
        for row in made["rows"]:
            cells = [_markdown_field(field, signs_) for field in row["fields"]]
            lines.append("| " + " | ".join([html.escape(row["format"]["title"], quote=False), *cells]) + " |")
        lines.append("")
    return "\n".join(lines)


def _markdown_field(field, signs_):
    return f"{signs_[field['status']]} {field['words']}<br><sub>{numbers(field)}</sub>" if field else ""


def text(made, signs_):
    """The lines of a table for a terminal: sign and numbers in each field, and below them what does not work."""
    rows = made["rows"] + made["others"]
    label = max(len(row["format"]["title"]) for row in rows) + 2
    widths = [max(len(use["question"]) + 3, 13) for use in made["uses"]]
    lines = ["".ljust(label) + _joined([use["question"] for use in made["uses"]], widths)]
    for row in rows:
        shares = [f"{signs_[f['status']]} {f['works']} of {f['models']}" if f else "" for f in row["fields"]]
        lines.append(row["format"]["title"].ljust(label) + _joined(shares, widths))
    return ["  " + line.rstrip() for line in lines + _failing(made, rows, signs_)]


def _joined(texts, widths):
    return "".join(text_.ljust(width) for text_, width in zip(texts, widths, strict=True))


def _failing(made, rows, signs_):
    """A line for each field of which most models fail: ``! whole model, SavedModel, resume training: silently ...``."""
    return [
        f"{signs_[field['status']]} {row['format']['title']}, {use['question']}: {field['words']}"
        for row in rows
        for use, field in zip(made["uses"], row["fields"], strict=True)
        if field and field["status"] not in ("works", "works_but")
    ]

"""The text at the top of a reproduction: what it does, what is expected, what was observed, how to run it."""

import textwrap

from host.judge import facets

WIDTH = 100


def header(verdict, claim, producer, consumer, left_out=False):
    """The docstring of the file, with its quotes; ``left_out``: whether the file does without the modifier."""
    across = producer != consumer
    return docstring(
        title(verdict, claim),
        f"{steps(verdict, left_out)}",
        "Expected: " + expected(verdict, claim),
        "Observed: " + observed(verdict, claim),
        f"Versions: {producer.words()}" + (f"; loaded with {consumer.words()}" if across else ""),
        "Run:      python reproduce.py" + (" PYTHON_THAT_LOADS" if across else ""),
        "Exit:     1 the loss is there, 0 it is not, 2 could not be run",
    )


def docstring(*parts):
    """The parts in lines of a docstring, with its quotes."""
    text = "\n".join(wrapped(part) for part in parts)
    return '"""' + text.replace("\\", "\\\\").replace('"""', "'''") + '\n"""'


def title(verdict, claim):
    titles = verdict["titles"]
    way = f"{titles['format']} -> {titles['loader']}"
    if claim.outcome:
        what = {"refused": claim.error, "timeout": "it hangs", "crashed": "it crashes"}.get(claim.outcome, "no memory")
        return f"{way}: {what} while {during(verdict, claim)}.\n"
    if not claim.lost:
        return f"{way}: {', '.join(claim.facets)} come back.\n"
    return f"{way}: {', '.join(claim.facets)} not as saved.\n"


def during(verdict, claim):
    return {"save": "saving", "load": "loading", "use": f"using it ({verdict['titles']['use']})"}.get(
        claim.stage, "it ran"
    )


def steps(verdict, left_out):
    titles = verdict["titles"]
    modified = "" if verdict["cell"]["modifier"] == "none" else f", with {titles['modifier']}"
    without = " This file does without the modifier, and shows the same." if left_out else ""
    return (
        f"Model: {titles['model']}{modified}.{without} It is trained and saved ({titles['format']}), "
        f"and loaded in a second process ({titles['loader']}).\n"
    )


def expected(verdict, claim):
    links = {f: verdict["facets"][f]["link"] for f in claim.facets if f in verdict["facets"]}
    links = links or {f: r["link"] for f, r in verdict["facets"].items() if r["promised"] and r["relevant"]}
    meant = {f: facets.every()[f].MUST_BE for f in claim.facets}
    words = "; ".join(f"{f} ({must})" for f, must in meant.items())
    pages = ", ".join(dict.fromkeys(filter(None, links.values())))
    if claim.outcome:
        return f"no error{', and ' + words if words else ''}: {pages}"
    return f"{words}: {pages}"


def observed(verdict, claim):
    lines = []
    if claim.outcome:
        message = " ".join(((verdict.get("error") or {}).get("message") or verdict["reason"]).split())
        lines.append(f"{claim.error}: {message[:300]}")
    for facet in claim.facets:
        lines += [f"{facet}: {line}"[:200] for line in verdict["facets"].get(facet, {}).get("detail", [])[:3]]
    return "\n  ".join(lines) or "as expected"


def wrapped(text):
    return "\n".join(
        textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )

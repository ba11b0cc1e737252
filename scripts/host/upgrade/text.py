"""The answer as a text, for the terminal and results/report/upgrade.txt."""

import textwrap

from host.upgrade.results import STATUSES
from host.upgrade.sentences import amount, listed

WIDTH = 100


def text(answer):
    """The text; host.upgrade.answer has the dict."""
    parts = [wrapped(" ".join(answer["answer"]["sentences"]))]
    if answer["answer"]["way"] is not None:
        parts += code(answer["ways"][answer["answer"]["way"]])
    parts += [wrapped(f"{answer['question']['words']}. {about(answer)}")]
    parts += [way(number, entry) for number, entry in enumerate(answer["ways"], 1)]
    parts += [f"Not shown: {folded(answer)}."] if answer["more"] else []
    return "\n\n".join(parts) + "\n"


def code(entry):
    """The lines of each step of a way, with what they need."""
    for step in entry["code"]:
        yield textwrap.indent("\n".join([*map("# {}".format, needs(step)), *lines(step)]), "    ")


def needs(step):
    """What must be installed for the lines, and what the names in them stand for."""
    python = f", Python {step['python']}" if step["python"] else ""
    yours = [f"{name}: {meaning}" for name, meaning in step["yours"].items()]
    return [f"{step['name']}{python}", *filter(None, [step["pip"]]), *yours]


def lines(step):
    return step["lines"] or ["# too long to be shown here: scripts/roundtrip/loaders has it"]


def about(answer):
    """How many ways were run, with which models."""
    models, counts = answer["question"]["models"], answer["counts"]
    kinds = counts["kinds"]
    nothing = {key: counts["statuses"][key] for key in ("unproved", "not_applicable", "not_run")}
    less = [f"{number} {STATUSES[key]}" for key, number in nothing.items() if number]
    return (
        f"{amount(counts['ways'], 'way')}, each run with {listed(models)}:"
        f" {kinds['straight']} straight, {kinds['bridge']} by a bridge,"
        f" {kinds['elsewhere']} in another Keras of the same environment."
        + (f" Of their results, {listed(less)}." if less else "")
    )


def way(number, entry):
    """One way: its name, what it keeps and loses, and how many others do the same."""
    more = f" {same_result(entry)}" if entry["same"] else ""
    return f"{number}. {entry['title']}\n{textwrap.indent(wrapped(entry['sentence'] + more, WIDTH - 3), '   ')}"


def same_result(entry):
    """How many other ways have the same result."""
    number = len(entry["same"])
    return f"({amount(number, 'other way')} {'has' if number == 1 else 'have'} the same result.)"


def folded(answer):
    """How many more results there are."""
    more = answer["more"]
    number = sum(1 + len(entry["same"]) for entry in more)
    return f"{amount(number, 'more way')} with {amount(len(more), 'other result')}" if more else ""


def wrapped(words, width=WIDTH):
    return textwrap.fill(words, width, break_long_words=False, break_on_hyphens=False)

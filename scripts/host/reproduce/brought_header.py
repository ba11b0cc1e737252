"""The text at the top of the reproduction of a brought artifact."""

from host.reproduce.header import docstring, expected, observed, title

SANDBOX = "The artifact is not marked as trusted: whoever runs this file by hand opens it without a sandbox.\n"


def header(brought):
    """The docstring of the file, with its quotes."""
    verdict, claim = brought.verdict, brought.claim
    titles = verdict["titles"]
    loaded = f"Artifact: {brought.item['id']}, a {titles['format']}, loaded by {titles['loader']} ({titles['use']})."
    return docstring(
        title(verdict, claim),
        f"{loaded}\n{'' if brought.item['trusted'] else SANDBOX}",
        "Expected: " + expected(verdict, claim),
        "Observed: " + observed(verdict, claim),
        f"Versions: {brought.side.words()}",
        "Run:      python reproduce.py",
        "Exit:     1 the loss is there, 0 it is not, 2 could not be run",
    )

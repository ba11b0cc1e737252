"""Markdown: a table, a list of names, a link."""


def table(heads, rows):
    """A table of Markdown; ``|`` in a cell would end it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


def code(names):
    return ", ".join(f"`{name}`" for name in names)


def page(link):
    return f"([page]({link}))"

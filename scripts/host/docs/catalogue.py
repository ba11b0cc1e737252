"""The tables of models, formats and loaders: what each of them declares, and what its docstring says."""

from host.docs.markdown import code, page, table
from roundtrip import members
from roundtrip.formats import WHOLE_MODEL


def every(kind):
    return [members.member(kind, name) for name in members.names(kind)]


def words(member):
    """(first paragraph, rest) of a member's docstring."""
    first, _, rest = member.__doc__.replace("``", "`").partition("\n\n")
    return " ".join(first.split()), " ".join(rest.split())


def whole(member):
    """A member's docstring in one text."""
    return " ".join(filter(None, words(member)))


def members_table(kind, heads, rows):
    """A table whose first column has the ids of a kind's members."""
    names = [f"`{name}`" for name in members.names(kind)]
    return table([kind[:-1], *heads], [[name, *row] for name, row in zip(names, rows, strict=True)])


def apis(ranges):
    return ", ".join(f"{api} {versions}".strip() for api, versions in ranges.items())


def facets(names):
    """The facets as text; "whole model" stands for its facets, if all of them are included."""
    together = WHOLE_MODEL if set(WHOLE_MODEL) <= set(names) else ()
    return ", ".join([*(["whole model"] if together else []), *(name for name in names if name not in together)])


def linked(promises):
    """{facet: link} as text; facets with the same link share it."""
    links = dict.fromkeys(promises.values())
    return "; ".join(f"[{facets([f for f, at in promises.items() if at == link])}]({link})" for link in links)


def left_out(member):
    """The models and modifiers that do not fit a member, with the reasons."""
    yield from (f"not `{trait}`: {reason}" for trait, reason in member.REJECTS.items())
    for api, reasons in member.REJECTS_IN.items():
        yield from (f"{api}: not `{trait}`: {reason}" for trait, reason in reasons.items())
    for needed in ("REQUIRES", "REQUIRES_MODIFIER"):
        yield from (f"only `{trait}`: {reason}" for trait, reason in getattr(member, needed, {}).items())


def withdrawn(member):
    """The promises that the documentation withdraws, with the conditions."""
    for withdrawal in member.WITHDRAWS:
        where = ", ".join(conditions(member, withdrawal)) or "everywhere"
        yield f"{where}: no promise of {facets(withdrawal.facets)} {page(withdrawal.link)}"


def conditions(member, withdrawal):
    """The conditions of a withdrawal, in words."""
    named = withdrawal.apis or (member.APIS if withdrawal.keras else ())
    yield from [apis({api: withdrawal.keras}) for api in named]
    yield from [f"`{withdrawal.trait}`"] if withdrawal.trait else ()
    yield from [f"of {code(withdrawal.layouts)}"] if withdrawal.layouts else ()
    yield from ["read in another environment"] if withdrawal.elsewhere else ()


def exceptions(member):
    """The limits of a member: models, apis, versions, packages and backends."""
    crossings = getattr(member, "CROSSES", {}).items()
    texts = [*left_out(member), *withdrawn(member), *(f"crosses `{what}` too {page(link)}" for what, link in crossings)]
    across = getattr(member, "READS_ACROSS", ())
    texts += [f"promises the same across {code(across)}"] if across else []
    texts += [f"needs {code(member.PACKAGES)}"] if member.PACKAGES else []
    texts += [f"backend {code(member.BACKENDS)} alone"] if member.BACKENDS else []
    return "; ".join(texts)


def models():
    rows = [(m.TITLE, apis(m.APIS), ", ".join(m.TRAITS), m.OPTIMIZER, words(m)[1]) for m in every("models")]
    return members_table("models", ["what it is", "apis", "traits", "optimizer", "what it makes visible"], rows)


def formats():
    rows = [(whole(m), apis(m.APIS), linked(m.CARRIES), files(m), exceptions(m)) for m in every("formats")]
    return members_table("formats", ["how it is written", "apis", "promises", "files", "exceptions"], rows)


def files(fmt):
    """The files and empty folders that a format writes, and the files that it may write."""
    always = code([*fmt.FILES, *(f"{folder}/" for folder in fmt.EMPTY)])
    return "; ".join(filter(None, (always, fmt.OPTIONAL_FILES and f"perhaps {code(fmt.OPTIONAL_FILES)}")))


def loaders():
    heads = ["what it does", "apis", "layouts", "takes from the artifact", "the code supplies", "gives", "exceptions"]
    rows = [
        (
            documented(m),
            apis(m.APIS),
            layouts(m),
            facets(m.RESTORES),
            facets(m.SUPPLIES),
            ", ".join(m.GIVES),
            exceptions(m),
        )
        for m in every("loaders")
    ]
    return members_table("loaders", heads, rows)


def documented(loader):
    return whole(loader) + (f" {page(loader.LINK)}" if loader.LINK else "")


def layouts(loader):
    """The layouts that a loader reads: in every api, and in a single api."""
    return "; ".join([code(loader.READS), *(f"{api}: {code(more)}" for api, more in loader.READS_IN.items())])

"""The tables of README.md and docs/compatibility.md: the answers of results/published/compatibility.json."""

from host.docs.markdown import table
from host.report.answers import table as answers_table
from host.report.cells import read_json
from host.report.published import FOLDER

#: models that a line of exceptions names
NAMED = 12


def answers():
    return read_json(FOLDER / "compatibility.json")


#: what README.md begins with: (format, position in ``newest``, use)
FINDINGS = (("h5", 0, "resume"), ("saved_model", 1, "resume"), ("keras_archive", 0, "resume"))


def three():
    """Three findings with their numbers: the groups of three fields."""
    found = answers()
    names = {r["id"]: r["name"].partition(",")[0] for r in found["runtimes"]}
    titles = {f["id"]: f["title"] for f in found["formats"]}
    lines = []
    for format_, position, use in FINDINGS:
        runtime = found["newest"][position]
        key = (runtime, runtime, format_, use)
        (field,) = [e for e in found["support"] if (e["producer"], e["consumer"], e["format"], e["use"]) == key]
        bad = [f"{g['words']} ({len(g['models'])})" for g in field["groups"] if g["kind"] != "works"]
        head = f"**{names[runtime]} resumes the training of a {titles[format_]}, for {answers_table.numbers(field)}.**"
        lines.append(f"- {head} For the others, it {', '.join(bad)}.")
    return "\n".join(lines) + "\n"


def first():
    """README's table: formats by uses, for the newest Keras 3 and tf_keras."""
    made = answers()["made"]
    text = answers_table.markdown(answers(), lambda runtime: "docs/compatibility.md")
    return f"{text}\n<sub>From {made['cells']:,} cells of {made['date']}, results/published/.</sub>\n"


def exceptions():
    """For each field that does not work for every model: what happens, to which models, and what works instead."""
    found = answers()
    titles = {f["id"]: f["title"] for f in found["formats"]}
    lines = []
    for made in answers_table.tables(found):
        lines += [f"### {made['runtime']['name']}", ""]
        for row in made["rows"] + made["others"]:
            for use, field in zip(made["uses"], row["fields"], strict=True):
                if field and field["status"] != "works":
                    lines += [f"**{row['format']['title']}, {use['question']}**: {_sentence(field, titles)}", ""]
                    lines += [f"- {words}: {models}" for words, models in _groups(field)]
                    lines += [""]
    return "\n".join(lines)


def _sentence(field, titles):
    promised = f"Promised for {field['promised']}." if field["promised"] else "Not promised."
    way = field["way_around"]
    around = ""
    if way:
        other = titles.get(way["format"], way["format"])
        around = (
            f" Instead: {other}, `{way['loader']}`, which works for {way['works']} of the {way['of']} that were run."
        )
    return f"it works for {answers_table.numbers(field)}. {promised}{around}"


def _groups(field):
    for group in field["groups"]:
        if group["kind"] != "works":
            models = [f"`{model}`" for model in group["models"][:NAMED]]
            more = [f"and {len(group['models']) - NAMED} more"] if len(group["models"]) > NAMED else []
            links = [f"[{id_}](findings/{id_}.md)" for id_ in group["findings"]]
            yield f"{group['words']} ({len(group['models'])})", "; ".join([", ".join(models + more), *links])


def versions():
    """One row for each api, format and use: what happens since which version of its Keras."""
    found = answers()
    titles = {f["id"]: f["title"] for f in found["formats"]}
    uses = {u["id"]: u["question"] for u in found["uses"]}
    rows = []
    for entry in found["versions"]:
        told = "<br>".join(f"{s['version_added']} and newer: {s['words']}" for s in entry["statements"])
        where = (entry["api"], titles.get(entry["format"], entry["format"]), uses[entry["use"]], f"`{entry['model']}`")
        rows.append((*where, told))
    return table(["api", "format", "use", "model", "what happens"], rows)


TABLES = {"three findings": three, "compatibility": first, "exceptions": exceptions, "version ranges": versions}

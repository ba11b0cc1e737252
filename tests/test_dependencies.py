"""An edit of each file that a step opens changes the step's hash: traced on real steps, for every member of every kind.

Snakemake runs, in a copy of the project, a step of each member that the environment tf2.21 can run. Its interpreters
write down the files that they, and the programs that they start, open (opened_files.py). Then each of these files is
edited, one after the other, and every step's hash is worked out anew.
"""

import base64
import json
import re
import shutil
from pathlib import Path

import pytest

import workplace
from host.environments.declared import load_all
from host.select import matrix, paths, runtimes, sources
from roundtrip import members

ENVIRONMENT = "tf2.21"
EVERY = [(kind, name) for kind in members.KINDS for name in members.names(kind)]
#: models of the steps of formats, loaders, uses and modifiers, the first that fits is taken: small ones, and one for
#: each trait that is asked for; with a modifier the last one, whose graph can be rewritten
MODELS = ["dense_regression", "sum_threshold", "mlp_functional", "digit_mlp", "lambda_layer", "lms_convnet"]
FORMATS = ["keras_archive", "h5", "weights_h5_legacy", "frozen_graph"]
USES = ["inference", "evaluate", "serve", "serve_http", "trace", "transfer_model", "transfer_layers", "transfer_twin",
        "resume", "resume_reseeded"]  # fmt: skip
#: where the records of scripts lie, with the wildcards of their rules
PLACES = (paths.TRAINED, paths.SAVED, paths.LOADED, paths.VERIFIED, paths.BRIDGED, paths.BRIDGED_LOADED,
          paths.BRIDGED_VERIFIED, paths.TAKEN, paths.READ, paths.JUDGED)  # fmt: skip
#: how a step is started is no part of it (rules/commands.smk), nor is what traces it
NO_PART = ("scripts/warmstep/", "scripts/sitecustomize.py")
#: scripts that no step of the traced run starts: they run on demand, and test_reproduce_brought.py traces them
NOT_TRACED = {"host/reproduce/__main__.py", "host/reproduce/__main__.py --manifest"}
CONFIG = """
epochs: {before: 5, after: 1}
matrix:
  - {producers: [tf2.21-keras3], models: [dense_regression], formats: [h5], loaders: [load_model], uses: [inference]}
"""
BRIDGE = "tf2.21-keras2/dense_regression/none/h5/tf2.21-keras2/load_model/weights_h5"
#: id of an artifact for the routes -> where another step leaves it, below results/saved/
BROUGHT = {
    "h5": "tf2.21-keras2/dense_regression/none/h5/artifact/model.h5",
    "saved_model": "tf2.21-tf1/sum_threshold/none/saved_model_simple_save/artifact/model",
    "frozen": "tf2.21-tf1/sum_threshold/none/frozen_graph/artifact/frozen_model.pb",
    "checkpoint": "tf2.21-tf1/sum_threshold/none/saver_v2/artifact",
}


def known():
    """The runtimes of the environment."""
    found = runtimes.known(load_all([workplace.PROJECT / "envs"]))
    return {name: runtime for name, runtime in found.items() if runtime.environment == ENVIRONMENT}


#: a model is trained once, in a graph where it can be: that takes half the time
QUICK_FIRST = [known()[f"{ENVIRONMENT}-{api}"] for api in ("keras2_graph", "tf1", "keras2", "keras3")]


def order(cell):
    """Cells are chosen in this order: those without a modifier, then those that are quick."""
    plain = cell.modifier == "none"
    ranks = [
        words.index(word) if word in words else len(words)
        for word, words in ((cell.model, MODELS if plain else MODELS[::-1]), (cell.use, USES), (cell.format, FORMATS))
    ]
    return not plain, ranks


def chosen_cells():
    """Cells in which each format, loader, use and modifier that the environment can run is met."""
    every = {kind: members.names(kind) for kind in ("formats", "loaders", "uses", "modifiers")}
    cells, _ = matrix.expand([dict(every, producers=list(known()), models=MODELS)], known())
    met, chosen = set(), []
    for at_least in (2, 1):  # those first that meet two members at once: fewer cells will do
        for cell in sorted(cells, key=order):
            here = {
                ("formats", cell.format),
                ("loaders", cell.loader),
                ("uses", cell.use),
                ("modifiers", cell.modifier),
            }
            if len(here - met) >= at_least:
                met |= here
                chosen.append(cell)
    return chosen


def targets():
    """What is to be made: the verdicts of the chosen cells, a reference of each model, a bridge."""
    found = [paths.verdict(cell) for cell in chosen_cells()]
    found += [f"results/bridged_verified/{BRIDGE}/tf2.21-keras3/build_load_weights/inference/verdict.json"]
    for name in members.names("models"):
        able = [r.id for r in QUICK_FIRST if not r.lacks(members.member("models", name), "model")]
        found += [f"results/trained/{runtime}/{name}/none/reference.json" for runtime in able[:1]]
    return found


class Step:
    """A job that ran: its script and wildcards, the files that it names, and those that its processes opened."""

    def __init__(self, script, record, opened, project):
        self.script, self.output, self.parameters = script, record["output"], record["params"]
        self.wildcards = wildcards_of(self.output)
        self.named = sources.opened_by_name(script, self.wildcards)
        self.opened = {file for file in opened if not file.startswith(NO_PART)} - set(record["input"])
        self.reached_its_end = json.loads((project / self.output).read_text())["outcome"] in (
            "done",
            "loaded",
            "loaded_with_warnings",
        )


def wildcards_of(output):
    """The wildcards in the path of a record."""
    for place in PLACES:
        pattern = re.sub(r"\{(\w*api)\}", r"(?P<\1>keras3|keras2_graph|keras2|tf1)", place)
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), output.rpartition("/")[0])
        if found:
            return found.groupdict()
    raise ValueError(f"no rule makes {output}")


def records(project):
    """What Snakemake recorded of each job that ran, and the words of its command."""
    folder = project / ".snakemake/metadata"
    for path in folder.rglob("*"):
        record = json.loads(path.read_text()) if path.is_file() else {}
        if record.get("shellcmd"):
            name = path.relative_to(folder).as_posix().replace("@", "").replace("/", "")
            record["output"] = base64.b64decode(name).decode()  # as Snakemake names it
            if record["output"].endswith(".json"):  # beside it a job makes arrays, or a folder
                yield record, record["shellcmd"].rpartition(" > ")[0].split()


def steps(project, traces):
    """The Steps of a project that has run: each trace, and the job whose command its process had."""
    jobs = list(records(project))
    for trace in traces.iterdir():
        lines = [json.loads(line) for line in trace.read_text().splitlines()]
        for argv in {tuple(argv) for argv, _ in lines}:
            script = (project / argv[0]).as_posix().removeprefix(f"{project}/scripts/") if argv else None
            script = f"{script} --item" if "--item" in argv else script
            if script in sources.OPENS:
                (record,) = [record for record, words in jobs if words[1 - len(argv) :] == list(argv[1:])]
                yield Step(script, record, {path for _, path in lines}, project)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """(a copy of the project, its Steps)."""
    with workplace.workplace() as place:
        place.share_environments([ENVIRONMENT])
        shutil.copy(Path(__file__).with_name("opened_files.py"), place.folder / "scripts/sitecustomize.py")
        traces = tmp_path_factory.mktemp("traces")
        place.variables.update(PYTHONPATH=str(place.folder / "scripts"), PYTHON_TRACE_FOLDER=str(traces))
        (place.folder / "config/config.yaml").write_text(CONFIG)
        place.snakemake("--", *targets(), cores="all")
        saved = place.folder / "results/saved"
        more = {"consumers": list(known()), "trusted": True}  # a sandbox would keep the traces from being written
        items = {name: {"path": str(saved / path), **more} for name, path in BROUGHT.items()}
        (place.folder / "brought.yaml").write_text(f"{CONFIG}artifacts: {json.dumps(items)}")
        place.snakemake("--configfile", "brought.yaml", cores="all")
        yield place.folder, list(steps(place.folder, traces))


@pytest.fixture(scope="module")
def changed(project):
    """{file that a step opened: the Steps whose hash an edit of it changes}."""
    folder, found = project
    before, changed = hashes(folder, found), {}
    for file in sorted({file for step in found for file in step.opened}):
        path = folder / file
        content = path.read_bytes()
        path.write_bytes(content + b"\n# edited\n")
        now = hashes(folder, found)
        changed[file] = {step for step in found if now[step] != before[step]}
        path.write_bytes(content)
    assert hashes(folder, found) == before, "an edit that was undone changes nothing"
    return changed


def hashes(folder, found):
    files = sources.Sources(folder / "scripts")
    return {step: files.hash(*step.named) for step in found}


def why_not_traced(kind, name):
    """Why no runtime of the environment runs a member."""
    reasons = (runtime.lacks(members.member(kind, name), kind[:-1]) for runtime in known().values())
    return "; ".join(filter(None, reasons))


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_an_edit_of_what_a_members_step_opens_changes_its_hash(project, changed, kind, name):
    own = [step for step in project[1] if paths.member(kind, name) in step.named]
    if not own and why_not_traced(kind, name):
        pytest.skip(why_not_traced(kind, name))
    assert any(step.reached_its_end for step in own), "no step of it reached its end: all that it opens was not seen"
    for step in own:
        assert f"scripts/{paths.member(kind, name)}" in step.opened, step.output
        for file in step.opened:
            assert step in changed[file], f"an edit of {file} does not rerun {step.output}: declare it in DEPENDS"


def test_the_rules_have_these_hashes(project):
    folder, found = project
    for step, code in hashes(folder, found).items():
        assert repr(code) in step.parameters, step.output
    assert {step.script for step in found} == set(sources.OPENS) - NOT_TRACED


def test_an_edit_reruns_no_more_than_what_opens_the_file_or_names_what_does(project, changed):
    """A program that one loader starts, a model that is another's twin."""
    _, found = project
    server, twin = (
        {step.wildcards.get(axis) for step in changed[f"scripts/{file}"] if step.script == "load.py"}
        for file, axis in (("roundtrip/serving.py", "loader"), ("roundtrip/models/mlp_subclassed.py", "use"))
    )
    assert (server, twin) == ({"flask_server"}, {"transfer_twin"})


def test_a_model_is_compiled_with_the_optimizer_that_it_declares(project):
    folder, found = project
    trained = [step for step in found if step.script == "train.py" and step.wildcards["modifier"] == "none"]
    for step in trained:
        real = json.loads((folder / step.output).read_text())["describe"]["optimizer_config"]["class"]
        declared = members.member("models", step.wildcards["model"]).OPTIMIZER.split()[0]
        assert declared in str(real), step.output  # of TensorFlow 1 the ops that apply it: ApplyAdam
    assert len(trained) >= len(members.names("models"))

"""Models that the user brings: what their training showed, and endings that are the doing of their code or its kind.

Their traits are not known before they are trained. So what the matrix leaves out for a member of ``models``, the judge
leaves out here.
"""

import types

from host.judge import records
from host.judge.ending import FAILED, Ending
from host.select.matrix import rejected
from roundtrip.record import read_json
from roundtrip.subject.beginning import MADE_UP

#: the trait of a model whose training gave another state in another process
UNREPEATABLE = "unrepeatable"
#: Keras' name in the user's code -> the apis for which the code is written
WRITTEN_FOR = {"keras": ("keras3",), "tf_keras": ("keras2", "keras2_graph")}


def read(subject, files):
    """The model of a Path, with the attributes of a member, from the subject's file and the records.Files."""
    described = read_json(subject)
    reference, manifest = records.read("reference", files.reference), records.read("manifest", files.manifest)
    traits = set((reference.get("subject") or {}).get("traits", ()))
    repeats = manifest.get("reproducible", True)
    return types.SimpleNamespace(
        ID=described["id"],
        TITLE=described["title"],
        TRAITS=tuple(sorted(traits | (set() if repeats else {UNREPEATABLE}))),
        TWIN=None,
        BROUGHT=True,
    )


def with_own_reference(steps):
    """Records whose reference is what was saved, where the training did not repeat; else the same."""
    if "own" not in steps.manifest:
        return steps
    kept = {k: v for k, v in steps.reference.items() if k not in ("trajectory", "final_state")}
    return steps.with_reference({**kept, **steps.manifest["own"]})


def ending(steps, path):
    """The Ending that is the doing of the user's code or of its kind; None where the path decides."""
    if not getattr(path.model, "BROUGHT", False):
        return None
    for step, failed in ((steps.reference, _in_training), (steps.manifest, _in_save), (steps.observed, _in_load)):
        if step["outcome"] in FAILED and failed(step, path):
            if not _written_for_another(step, steps, path):
                return Ending("user_code", _stage(step), step)
            error = {**step["error"], "message": f"it runs with another Keras alone: {step['error']['message']}"}
            return Ending("not_applicable", _stage(step), {**step, "error": error})
    reason = next(filter(None, (rejected(member, path.model) for member in (path.fmt, path.loader, path.use))), None)
    if reason and steps.reference["outcome"] == "done":
        error = {"stage": "train", "type": "", "message": reason, "traceback": ""}
        return Ending("not_applicable", None, {**steps.observed, "error": error})
    return None


def _in_training(step, path):
    return True


def _in_save(step, path):
    """Whether the save failed before there was a trained model: a format that writes in fit is a part of training."""
    stage = _stage(step)
    return stage in (None, "open", "code") or (stage == "train" and not path.fmt.WRITES_IN_FIT) or is_code(step)


def _in_load(step, path):
    return _stage(step) == "code" or is_code(step)


def _stage(step):
    return (step.get("error") or {}).get("stage")


def is_code(step):
    """Whether a step ended by an error in code of the user's (roundtrip.subject.code)."""
    return (step.get("error") or {}).get("type") == "CodeError"


def _written_for_another(step, steps, path):
    """Whether the code is written for one Keras, and the step tried it with another."""
    facts = step.get("subject") or steps.reference.get("subject") or {}
    apis = {api for name in facts.get("written_for", ()) for api in WRITTEN_FOR[name]}
    runtime = path.cell.consumer if step is steps.observed else path.cell.producer
    return bool(apis) and runtime.rpartition("-")[2] not in apis


def notes(steps, path):
    """What a reader of the verdict must know of a user's model, in sentences: nothing of this is Keras' doing."""
    facts = steps.reference.get("subject") or {}
    said = [f"Its code: {gap}, so a config does not hold all of the model." for gap in facts.get("config_gaps", ())]
    if UNREPEATABLE in path.traits:
        causes = facts.get("chance") or (steps.manifest.get("subject") or {}).get("chance") or []
        cause = "; ".join(causes) or _cause_by_order(steps)
        said.append(
            f"Its training does not repeat bit for bit ({cause}): compared with what was saved, without a trajectory."
        )
    if steps.reference["outcome"] in FAILED and MADE_UP in facts.get("source", ""):
        said.append(f"Data: {facts['source']}. Name some in `data:` if these do not suit it.")
    if facts.get("indeterminate"):
        said.append(f"Op determinism was left off: {facts['indeterminate']}")
    if facts.get("loss"):
        said.append(f"Its code does not compile it: it was compiled with Adam and the loss {facts['loss']}.")
    return said


def _cause_by_order(steps):
    """The cause where no line of the user's draws from what no seed decides."""
    both = (steps.first_reference, steps.manifest["own"])
    first, second = ([(e["name"], e["role"]) for e in step.get("state", ())] for step in both)
    if first != second and sorted(first) == sorted(second):
        return "its variables are made in another order: the order of a set or of hashes"
    if first != second:
        return "its code builds other variables each time"
    return "no line of its code draws without a seed: threads, or a random op of a package"

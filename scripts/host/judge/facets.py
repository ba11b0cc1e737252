"""The facets: how each is read off a reference and an observation, and which promises they rest on."""

import copy
import fnmatch
import re

from host.judge import compare, dialects, naming
from roundtrip.state import FACET_OF_ROLE

#: facets that are read off a model (or a manifest) directly
BASE = (
    "architecture",
    "weights",
    "non_trainable_state",
    "rng_state",
    "optimizer_config",
    "optimizer_state",
    "compile_config",
    "signatures",
    "graph_rewrite",
    "files",
    "live_model",
)
#: facet that follows from others -> those; a promise of all of them is a promise of it
DERIVED = {
    "predictions": ("architecture", "weights", "non_trainable_state"),
    "evaluation": ("predictions", "compile_config"),
    "resume_trajectory": ("evaluation", "optimizer_config", "optimizer_state"),
}
FACETS = BASE[:4] + ("predictions", "evaluation") + BASE[4:7] + ("resume_trajectory",) + BASE[7:]
#: what a use is for: lost, it is no detail of a path that reached its end, even where nobody promised it
PURPOSES = tuple(DERIVED) + ("graph_rewrite",)
#: what an artifact may cross under every contract: nothing, or the way to newer versions (VERSIONS)
HOME = ("same", "newer")
#: facets that are a state, compared bit for bit
STATE = ("weights", "non_trainable_state", "optimizer_state")
#: what every format owes without saying so: explained files, and a live model left as it was
ALWAYS = ("files", "live_model")


def promised(fmt, loader, traits, crossing="same"):
    """{facet: link or None} that format and loader together promise for a model with these traits.

    The format's contract as far as the loader takes it from the artifact, what the user's code supplies,
    less what either documentation withdraws for such models; and what follows from these. The random state
    is among no format's promises, so a model that draws random numbers has no promised trajectory. Where the
    artifact crosses what no page speaks of, only what the user's code supplies is left.
    """
    base = {f: link for f, link in fmt.CARRIES.items() if f in loader.RESTORES}
    if crossing not in HOME and crossing not in fmt.CROSSES:
        base = {}
    base.update({f: None for f in loader.SUPPLIES})
    for member in (fmt, loader):
        for trait in sorted(set(member.VOID_FOR) & set(traits)):
            facets, _ = member.VOID_FOR[trait]
            base = {f: link for f, link in base.items() if f not in facets}
    result = dict(base)
    for facet, needs in DERIVED.items():
        if facet not in result and all(n in result for n in needs):
            result[facet] = next((result[n] for n in needs if result[n]), None)
    if "rewrites" not in traits:
        result.pop("graph_rewrite", None)  # nothing was rewritten
    if "rng" in traits and "rng_state" not in result:
        result.pop("resume_trajectory", None)
    result.update({f: None for f in ALWAYS})
    return result


def withdrawn(fmt, loader, traits):
    """{facet: link} of the promises that documentation withdraws in this api, or for models with these traits."""
    found = {}
    for member in (fmt, loader):
        found.update(getattr(member, "VOIDED", {}))
        for trait in sorted(set(member.VOID_FOR) & set(traits)):
            facets, link = member.VOID_FOR[trait]
            found.update({f: link for f in facets})
    return found


def compare_facets(reference, manifest, observed, arrays, fmt, traits, across=False, supplied=()):
    """{facet: result} of everything that was observed, in the order of FACETS.

    Parameters
    ----------
    reference, manifest, observed : dict
        The facts that train, save and load recorded.
    arrays : tuple of compare.Arrays
        Of the reference and of the observation.
    fmt : module, the format's member
    traits : set of str, the model's
    across : bool
        Whether they are of two runtimes, so that names and dialects differ.
    supplied : tuple of str
        The facets that the user's code supplies while loading.
    """
    found = {"files": files(manifest, fmt), "live_model": live_model(manifest)}
    if across:
        reference, observed = naming.told(reference), naming.told(observed)
    transferred = observed.get("transferred_state")  # judged where it arrived, and weights are all that travels
    state = transferred or observed.get("state")
    for role, facet in FACET_OF_ROLE.items() if state is not None else ():
        if not transferred or facet in DERIVED["predictions"]:
            found[facet] = _state(reference["state"], state, role, arrays, across)
    if "describe" in observed:
        ours, theirs = reference["describe"], observed["describe"]
        for name in ("architecture", "optimizer_config", "compile_config"):
            code = (observed.get("code") or {}).get(name)
            found[name] = description(name, ours[name], theirs[name], across, code)
    if "predictions" in observed:
        found["predictions"] = predictions(reference["predictions"], observed["predictions"], arrays)
    if "evaluation" in observed:
        found["evaluation"] = evaluation(reference["evaluation"], observed["evaluation"])
    if "trajectory" in observed:
        found["resume_trajectory"] = trajectory(reference, observed, arrays, across)
        intact = all(found[f]["status"] in ("identical", "not_compared") for f in STATE if f in found)
        if across and intact and found["resume_trajectory"]["status"] == "different":
            found["resume_trajectory"] = controlled(found["resume_trajectory"], observed, arrays[1])
    if "all_signatures" in observed or "signatures" in observed:
        found["signatures"] = signatures(manifest, observed)
    if "graph_rewrite" in reference and "rewrites" in traits:
        found["graph_rewrite"] = graph_rewrite(reference, observed, across and "graph_rewrite" in supplied)
    if "rng" in traits and found.get("rng_state", {}).get("status") == "not_compared":
        found["rng_state"] = hidden_rng(reference, observed, arrays)
    return {name: found[name] for name in FACETS if name in found}


def _state(reference, observed, role, arrays, across):
    """The variables of one role; a weight whose trainable flag flipped is compared where the reference has it."""
    notes = ()
    if across:
        reference, observed, notes = naming.aligned(reference, observed)
        notes = [note for note in notes if role == ("optimizer" if "optimizer_config" in note else "trainable")]
    ours = [e for e in reference if e["role"] == role]
    names = {e["name"] for e in ours}
    elsewhere = {e["name"] for e in reference} - names
    theirs = [e for e in observed if e["name"] in names or (e["role"] == role and e["name"] not in elsewhere)]
    if across and ours and not theirs and role == "rng":
        return compare.not_compared("the consumer keeps no random state in variables")
    return compare.compare_state(ours, theirs, *arrays, widths=not across, said=notes if ours else ())


def description(part, reference, observed, across, code=None):
    """A part of the description; of two runtimes in one dialect (``code``: see host.judge.dialects)."""
    if part == "compile_config" and reference and observed:
        code = same_names(observed, code)[1] if code else None
        reference, observed = same_names(reference, observed)
    if across:
        return dialects.compare_description(part, reference, observed, code)
    return compare.compare_json(reference, observed)


def same_names(reference, observed):
    """Losses and metrics by name; by their config too where both sides have one.

    What was given as ``"mse"`` has no config, and may come back as an object that has: no loss.
    """
    reference, observed = copy.deepcopy(reference), copy.deepcopy(observed)
    for kind in ("loss", "metrics", "weighted_metrics"):
        if len(reference[kind]) == len(observed[kind]):
            for a, b in zip(reference[kind], observed[kind], strict=True):
                if b["name"].endswith("_" + a["name"]):  # Keras 2 puts the output's name before the metric's
                    b["name"] = a["name"]
                if a["config"] is None or b["config"] is None:
                    a["config"] = b["config"] = None
    return reference, observed


def files(manifest, fmt):
    """Every file is explained by the format, and every file that the format declares is there."""
    paths = [f["path"] for f in manifest.get("files", [])]
    patterns = list(fmt.FILES) + list(fmt.OPTIONAL_FILES)
    detail = [f"{p}: not explained by the format" for p in paths if not any(fnmatch.fnmatch(p, g) for g in patterns)]
    detail += [f"{g}: missing" for g in fmt.FILES if not fnmatch.filter(paths, g)]
    detail += [f"{f}: not an empty folder" for f in fmt.EMPTY if f not in manifest.get("empty_folders", [])]
    if not paths and not fmt.FILES:
        return compare.not_compared("the format leaves no file")
    return compare.facet("different" if detail else "identical", len(paths), len(detail), detail=detail)


def signatures(manifest, observed):
    """What can be called: as the code that saved chose it, else as the model's code implies it."""
    if manifest.get("signatures"):
        return compare.compare_json(manifest["signatures"], observed.get("all_signatures"))
    return compare.compare_json(observed["signatures"]["expected"], observed["signatures"]["found"])


def live_model(manifest):
    """Saving must not change the model that is saved: variables, description and predictions, before and after."""
    live = manifest.get("live") or {}
    if "after" not in live:
        return compare.not_compared("written while training went on: its state is held against the reference instead")
    return compare.compare_json(live["before"], live["after"])


def graph_rewrite(reference, observed, anew_elsewhere=False):
    """What a rewrite has executed in one training step, against the step of the model that was rewritten in fit.

    Never what lies in the graph: a rewrite that came too late, or that an optimiser removed, looks the same
    there. ``effect`` is ``effective`` (as much as in the reference), ``partial`` or ``ineffective`` (nothing).

    ``anew_elsewhere``: the graph was rewritten by another version, which builds another graph. Then all that was added
    there must be executed, but for as many nodes as the reference's step has no use for; and where TensorFlow warned
    that it came too late, all of it.
    """
    ours, theirs = reference["graph_rewrite"], observed.get("graph_rewrite") or {}
    wanted, found = ours["executed"], theirs.get("executed")
    said = sum(LATE.search(m["message"]) is not None for m in observed.get("diagnostics", []))
    if anew_elsewhere and wanted and theirs.get("added"):
        wanted = max(1, theirs["added"] - (0 if said else ours["added"] - wanted))
    if found is None:
        return compare.not_compared(theirs.get("error") or "nothing that could be trained for a step came back")
    if not wanted:
        return compare.not_compared("the reference's step executed nothing of the rewrite")
    effect = "effective" if found >= wanted else "partial" if found else "ineffective"
    unit = ours.get("unit", "nodes")
    detail = [f"{effect}: {found} of {wanted} {unit} executed in one step, {theirs.get('added')} in the graph"]
    if said:
        detail.append(f"{said} warnings that a change of an lms/ input came after the session had run")
    status = {"effective": "identical", "partial": "different", "ineffective": "missing"}[effect]
    result = compare.facet(status, wanted, max(0, wanted - found), detail=detail)
    return dict(result, effect=effect, executed=found, expected=wanted, added=theirs.get("added"), warnings=said)


#: TensorFlow's warning that an edge was changed which a session knows already, of a node that was swapped
LATE = re.compile(r"(?=.*updating input tensor)(?=.*lms/)", re.DOTALL)


def switched_off(reference, modifier):
    """Whether a modifier that rewrites graphs had no effect in the very run that others are held against."""
    facts = reference.get("graph_rewrite")
    return "rewrites" in modifier.TRAITS and reference["outcome"] == "done" and not (facts or {}).get("executed")


def predictions(reference, observed, arrays):
    """Outputs for the test inputs, leaf by leaf; the container (list, tuple, dict) is compared too."""
    result = compare.compare_state(_leaves(reference), _leaves(observed), *arrays, tolerant=True)
    if reference["structure"] != observed["structure"]:
        result["detail"].insert(0, f"structure {observed['structure']}, was {reference['structure']}")
        result["status"] = "different"
        result["differing"] = max(1, result["differing"])
    return result


def _leaves(entry):
    return [dict(leaf, name=f"output {i}") for i, leaf in enumerate(entry["leaves"])]


def evaluation(reference, observed):
    """Loss and metrics by name."""
    detail, differing, worst = [], 0, 0.0
    status = "identical"
    for name in sorted(set(reference) | set(observed)):
        a, b = reference.get(name), observed.get(name)
        if a is None or b is None:
            detail.append(f"{name}: {'missing' if b is None else 'not in the reference'}")
            differing, status = differing + 1, "different"
        elif a != b and not (a != a and b != b):
            worst = max(worst, abs(a - b))
            differing += 1
            detail.append(f"{name}: {b!r}, was {a!r}")
            if abs(a - b) > compare.ABSOLUTE + compare.RELATIVE * abs(a) or a != a or b != b:
                status = "different"
            elif status == "identical":
                status = "close"
    tolerance = f"|difference| <= {compare.ABSOLUTE:g} + {compare.RELATIVE:g} |reference|"
    if not reference:
        return compare.not_compared("the reference evaluated nothing")
    return compare.facet(status, len(reference), differing, None, worst if differing else None, tolerance, detail)


def trajectory(reference, observed, arrays, across):
    """Each batch's logs of resumed training, and the state at its end, against the run that never stopped."""
    ours, theirs = reference["trajectory"], observed["trajectory"]
    if not ours["shape"][0]:
        return compare.not_compared("the reference trained on no batch")
    if ours["names"] != theirs["names"]:
        return compare.facet("different", 1, 1, detail=[f"logs {theirs['names']}, were {ours['names']}"])
    logs = compare.compare_state([_named(ours, "batch logs")], [_named(theirs, "batch logs")], *arrays, tolerant=True)
    states = reference["final_state"], observed["final_state"]
    if across:
        states = naming.aligned(*states)[:2]
    final = compare.compare_state(*map(_of_training, states), *arrays, tolerant=True, widths=not across)
    badness = ("not_compared", "identical", "close", "missing", "different")
    worst = max((logs, final), key=lambda r: badness.index(r["status"]))
    numbers = [[r[key] for r in (logs, final) if r[key] is not None] for key in ("max_ulp", "max_abs")]
    return compare.facet(
        worst["status"],
        logs["compared"] + final["compared"],
        logs["differing"] + final["differing"],
        *[max(n) if n else None for n in numbers],
        logs["tolerance"],
        logs["detail"] + [f"after the last batch: {line}" for line in final["detail"]],
    )


def controlled(against_reference, observed, arrays):
    """The trajectory against the control's (roundtrip.control), where another runtime computes otherwise.

    Asked only where the loaded state is the reference's bit for bit: then the control is what a perfect load gives.
    Without a control the result stands.
    """
    if "control" not in observed:
        why = observed.get("control_error") or "none was trained"
        return dict(against_reference, detail=[*against_reference["detail"], f"without a control: {why}"])
    ours = {"trajectory": observed["control"], "final_state": observed["control_state"]}
    found = trajectory(ours, observed, (arrays, arrays), True)
    said = "against a model from the code with the same state, in this runtime; against the producer's own run: "
    gap = (against_reference["detail"] or [""])[0]
    return dict(found, detail=[said + gap, *found["detail"]])


def _named(entry, name):
    return dict(entry, name=name)


def _of_training(state):
    """What training moves and a random state does not touch by itself: everything but the seeds."""
    return [e for e in state if e["role"] != "rng"]


def hidden_rng(reference, observed, arrays):
    """The random state where no variable holds it (Keras 2's random ops keep it in their kernels).

    Then only its effect can be seen: from the same weights, the first batch of resumed training has the same
    loss if and only if the same numbers were drawn.
    """
    if "trajectory" not in observed:
        return compare.not_compared("held in no variable; only resumed training would show it")
    a, b = arrays[0][reference["trajectory"]], arrays[1][observed["trajectory"]]
    if a.shape != b.shape:
        return compare.facet("different", 1, 1, detail=["the trajectories have different shapes"])
    same = bool((a[0] == b[0]).all())
    detail = [] if same else ["the first resumed batch drew other numbers (held in no variable, seen by its loss)"]
    return compare.facet("identical" if same else "different", 1, int(not same), detail=detail)

"""From outcome and facets to a verdict: what was promised, what was kept, and whether a loss was announced."""

import re

from host.judge import facets as fct

#: outcomes in which nothing came back
FAILED = ("refused", "crashed", "timeout", "out_of_memory")

#: Messages that a start of TensorFlow prints whatever the model: no announcement of anything.
NOISE = re.compile(
    r"oneDNN custom operations|cpu_feature_guard|To enable the following instructions|computation_placer"
    r"|before absl::InitializeLog|node_def_util|TF-TRT Warning|cuda|CUDA|cuInit|Unable to register cu"
    r"|__array__ implementation doesn't accept|DeprecationWarning|FutureWarning|warnings\.warn|NUMA|MLIR"
    r"|`np\.|rebuild TensorFlow|Created device|tensorflow/core/platform|XLA service|StreamExecutor"
    r"|Instructions for updating|Colocations handled automatically|OMP_NUM_THREADS is no longer|Model\.state_updates"
    r"|was changed by setting attribute|profiler_session|GPU trace was not collected|_colocate_with"
    r"|INFO:tensorflow:Assets written|xla::|Compiled cluster using XLA|OUT_OF_RANGE|End of sequence"
    r"|mark_for_compilation_pass|xla_cpu_device|The name tf\.\S+ is deprecated|TF_XLA_FLAGS|XLA is active",
)

#: Said whether or not anything is lost: shown among the warnings, and no announcement of a loss.
ROUTINE = re.compile(r"the compiled metrics have yet to be built|is deprecated|considered legacy|HDF5 file via")

#: facet -> what a message says that announces its loss
ANNOUNCES = {
    "architecture": r"custom|layer|config|architecture|lambda|not.*serializ",
    "weights": r"weight|variable|checkpoint|layer|skipp",
    "non_trainable_state": r"weight|variable|checkpoint|layer|skipp|vocabulary|state",
    "rng_state": r"rng|seed|random",
    "compile_config": r"compil|training config|loss|metric",
    "optimizer_config": r"optimizer|training config|compile manually|not compiled",
    "optimizer_state": r"optimizer|slot|starting with freshly|training config",
    "signatures": r"signature",
    "graph_rewrite": r"updating input tensor",
    "live_model": r"(?!)",
    "files": r"(?!)",
}


def relevant_messages(diagnostics):
    """Diagnostics without a start's noise and without plain deprecations; each message once.

    A Python warning reaches standard error as well: what was said already by another source is dropped.
    """
    kept, seen, noise = [], [], []
    for entry in sorted(diagnostics, key=lambda e: e["source"] == "stderr"):
        text = " ".join(entry["message"].split()).removeprefix("WARNING:tensorflow:")
        if not text or NOISE.search(text) or entry["category"] in ("DeprecationWarning", "FutureWarning"):
            noise.append(text)  # on standard error each of its lines is an entry
            continue
        if any(text in other for other in noise):
            continue
        if entry["category"] in ("ResourceWarning", "PendingDeprecationWarning", "INFO"):
            continue
        if any(text in other or other in text for other in seen):
            continue
        seen.append(text)
        kept.append(entry)
    return kept


def announcing(facet, messages):
    """The messages that announce the loss of a facet; for a derived facet, of anything that it rests on."""
    patterns = [ANNOUNCES[f] for f in roots(facet) if f in ANNOUNCES]
    heard = [m for m in messages if not ROUTINE.search(m["message"])]
    return [m["message"] for m in heard if any(re.search(p, m["message"], re.IGNORECASE) for p in patterns)]


def roots(facet):
    """The base facets that a facet rests on, itself where it rests on none."""
    if facet not in fct.DERIVED:
        return (facet,)
    found = []
    for below in fct.DERIVED[facet]:
        found += [r for r in roots(below) if r not in found]
    return tuple(found) + (("rng_state",) if facet == "resume_trajectory" else ())


def lost(results):
    """The facets that did not come back: different or missing."""
    return [name for name, r in results.items() if r["status"] in ("different", "missing")]


def judge(outcome, stage, results, promised, usable, relevant, from_artifact, messages):
    """(verdict, reason in a sentence).

    Parameters
    ----------
    outcome : str
        What happened: ``loaded`` or one of FAILED.
    stage : str or None
        Where an error was met: ``save``, ``load`` or ``use``.
    results : dict
        facet -> result (host.judge.compare.facet); each gets ``announced`` here.
    promised : dict
        facet -> link: the contract of this cell.
    usable : set of str
        The facets promised if random state did not matter: what must at least run without an exception.
    relevant : tuple of str
        The facets that the use rests on.
    from_artifact : set of str
        Promised facets whose values came out of the artifact: without one of them nothing was proved.
    messages : list of dict
        What relevant_messages returns.
    """
    for name in lost(results):
        results[name]["announced"] = announcing(name, messages)
    gone = [f for f in lost(results) if f in relevant or f in fct.ALWAYS]
    if outcome in FAILED:
        expected = [f for f in relevant if f in usable and f not in fct.ALWAYS]
        if stage == "use":
            expected = [f for f in expected if f in fct.DERIVED or f == "signatures"]
        said = {"refused": "raised", "crashed": "crashed", "timeout": "hung", "out_of_memory": "ran out of memory"}
        words = f"{said[outcome]} at stage {stage}"
        # what the user's code supplies is no promise to read a file that nobody promised to read
        if expected and (from_artifact & usable or stage == "save"):
            return "broken", f"It {words}, though {', '.join(expected)} had been promised."
        return "not_promised", f"It {words}; nothing had been promised here."
    broken_promises = [f for f in gone if f in promised]
    if broken_promises:
        base = [f for f in broken_promises if f not in fct.DERIVED] or broken_promises
        if all(results[f]["announced"] for f in broken_promises):
            return "degraded", f"Lost, though promised, and announced by a warning: {', '.join(base)}."
        silent = [f for f in broken_promises if not results[f]["announced"]]
        first = [f for f in silent if f not in fct.DERIVED] or silent
        return "silent_loss", f"Wrong, though promised, and nothing was said: {', '.join(first)}."
    proved = [f for f in from_artifact if results.get(f, {}).get("status") in ("identical", "close")]
    compared = [f for f in relevant if f in results and results[f]["status"] != "not_compared"]
    purpose = [f for f in relevant if f in fct.PURPOSES and f in promised]
    reached = [f for f in relevant if f in fct.PURPOSES and f in results]
    if gone and (set(reached) & set(gone) or not set(reached) <= set(promised)):
        return "not_promised", f"Lost, and no documentation promises it: {', '.join(gone)}."
    if not proved and not set(relevant) & set(promised):
        return "not_promised", "Nothing that this use needs was promised."
    if not proved or not set(purpose) <= set(compared):
        return "unproved", "Nothing that came out of the artifact was compared: no proof either way."
    intact = [f for f in compared if f in promised]
    if not intact:
        return "kept", f"Nothing was promised here, and all is intact: {', '.join(compared)}."
    return "kept", f"All that was promised is intact: {', '.join(intact)}."

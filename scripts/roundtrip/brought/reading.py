"""The body of a step that reads a brought artifact, in four stages.

Only what the loader does in ``load`` and in ``use`` is its own. Inputs and what is made of the results are ours: a
failure there is no verdict on the loader.
"""

import os
import time

import numpy as np

from roundtrip import denial, faults, members, state
from roundtrip.artifact import changed_beside, moved
from roundtrip.brought import calling, inputs, matching, resume, stated
from roundtrip.loaders import only_path
from roundtrip.record import read_json

#: numbers within these are the same: a sum that several threads compute has no fixed order
RELATIVE, ABSOLUTE = 1e-5, 1e-6


def item_of(args, manifest):
    """The artifact's entry in the configuration. Raises NotRun where it is not as it was taken."""
    changes = changed_beside(manifest, os.path.dirname(args.manifest))
    if changes:
        raise faults.NotRun("beside %s %s. The next run copies the artifact again." % (args.manifest, changes))
    return read_json(args.item)


def body_of(args, item):
    loader = members.member("loaders", args.loader)

    def body(ctx, record, at):
        with moved(args.manifest, args.out) as artifact:
            path = only_path(artifact)
            at["stage"] = "load"
            begin = time.time()
            loaded = loader.read(ctx, path)
            record.facts["seconds"] = {"load": round(time.time() - begin, 3)}
            if args.use == "resume" and loaded.model is not None:
                at["stage"] = "use"  # some optimizers create their variables only when fit begins
                ctx.engine.prepare(loaded.model)
            at["stage"] = "parse"
            entries = stated.arrays(ctx, item["format"], path)
            observe(ctx, loaded, entries, record)
            begin = time.time()
            callable_ = calling.of_loaded(ctx, loaded, entries) if may_be_called(ctx, loaded, entries, record) else None
            values = call(callable_, item, os.path.dirname(args.manifest), record, at) if callable_ else None
            if args.use == "resume" and values:
                at["stage"] = "use"
                resume.step(ctx, loaded.model, values, record)
            record.facts["seconds"]["use"] = round(time.time() - begin, 3)
            record.facts["outcome"] = "loaded"

    return body


def may_be_called(ctx, loaded, entries, record):
    """Whether the outputs can come from the file: a model that was saved before it had weights gets new ones."""
    if loaded.model is None or entries or has_weights(loaded.model) is not None:
        return True
    record.facts["not_called"] = "the file holds no weights, so the outputs would be those of new ones"
    return False


def has_weights(model):
    """Whether a model has weights; None if they are not created yet."""
    try:
        return bool(model.weights) or (None if not getattr(model, "built", True) else False)
    except ValueError:
        return None


def observe(ctx, loaded, entries, record):
    """Record what was loaded, and what the file states."""
    facts, model = record.facts, loaded.model
    facts["all_signatures"] = loaded.signatures
    if loaded.facts:
        facts["notes"] = loaded.facts
    same = {}
    if model is not None:
        facts["layers"] = [[type(layer).__name__, layer.name] for layer in state.flat_layers(model)]
        facts["compiled"] = resume.compiled(model)
        if has_weights(model) is not None:
            facts["state"] = record.state(ctx.capture(model))
            same = matching.matches(ctx.rt, model, entries)
    elif loaded.variables is not None:
        facts["state"] = [dict(record.array(v), name=n, role="trainable") for n, v in sorted(loaded.variables.items())]
        same = {e["name"]: e["name"] for e in entries if e["name"] in loaded.variables}
    facts["stated"] = [
        dict(record.array(e["value"]), name=e["name"], role=e["role"], variable=same.get(e["name"])) for e in entries
    ]


def call(callable_, item, folder, record, at):
    """Call it with inputs that it takes, twice, and record both. Returns the inputs, None if there are none."""
    at["stage"] = "inputs"
    try:
        values = inputs.given(item, callable_.takes, folder)
        record.facts["inputs_are"] = "made up" if values is None else "given"
        outputs = None
        if values is None:
            values, outputs = first_that_fits(callable_, record, at)
    except inputs.Needed as error:
        record.facts["inputs_needed"] = str(error)
        return None
    record.facts["inputs"] = named(record, values)
    at["stage"] = "use"
    outputs = callable_.run(values) if outputs is None else outputs
    again = callable_.run(values)
    at["stage"] = "parse"
    arrays = plain(outputs)
    record.facts["outputs"] = named(record, arrays)
    different = differing(arrays, plain(again))
    if different:
        record.facts["not_repeated"] = different
    return values


def first_that_fits(callable_, record, at):
    """(inputs, outputs) of the first made-up inputs that the model takes. Raises inputs.Needed.

    If the shapes leave nothing to try, an exception is the loader's own. Else sizes that the errors name come last.
    """
    tried, poor = record.facts.setdefault("tried", []), None
    for sizes in (None, "hints"):
        sizes = inputs.hints(t["error"] for t in tried) if sizes else None
        for values in inputs.candidates(callable_.takes, sizes) if sizes is None or sizes else ():
            try:
                outputs = callable_.run(values)
                if inputs.determined(callable_.takes) or not says_nothing(outputs, callable_, values):
                    return values, outputs
                poor = poor or (values, outputs)
            except Exception as raised:
                if inputs.determined(callable_.takes):
                    at["stage"] = "use"
                if at["stage"] == "use" or faults.of_exception(raised) or denial.by_sandbox(raised):
                    raise
                tried.append({"inputs": digests(values), "error": said(raised)})
    if poor:
        return poor
    raise inputs.Needed(
        "none of %d made-up inputs satisfies the model (the last: %s)" % (len(tried), tried[-1]["error"][:240])
    )


def says_nothing(outputs, callable_, values):
    """Whether an output is empty, nothing but NaN, another one in a second call, or the same for other inputs.

    A picture that is too small for its convolutions gives that. The mean of nothing is not NaN in every process: it can
    be what the memory held before. A model that draws numbers gives that too: then no inputs are better than others.
    """
    arrays = plain(outputs)
    if any(a.size == 0 or (a.dtype.kind == "f" and np.isnan(a).all()) for a in arrays.values()):
        return True
    if differing(arrays, plain(callable_.run(values))):
        return True
    others = {name: inputs.turned(value) for name, value in values.items()}
    if all(np.array_equal(values[name], other) for name, other in others.items()):
        return False  # texts, and numbers that cannot be turned
    return not differing(arrays, plain(callable_.run(others)))


def plain(outputs):
    """{name: NumPy array} of what a route gave."""
    return {inputs.bare(name): state.to_numpy(value) for name, value in outputs.items()}


def said(error):
    """An exception in one line."""
    return "%s: %s" % (type(error).__name__, " ".join(str(error).split())[:600])


def digests(values):
    """The digests of inputs, in the order of their names: readers name one input in different ways."""
    return [state.digest(values[name]) for name in sorted(values)]


def named(record, arrays):
    return [dict(record.array(v), name=n) for n, v in arrays.items()]


def differing(first, second):
    """The names of the outputs of which a second call with the same inputs gives other values."""
    return sorted(n for n in first if not same(first[n], second.get(n)))


def same(a, b):
    if b is None or a.shape != b.shape or a.dtype != b.dtype:
        return False
    if a.dtype.kind != "f":
        return a.tolist() == b.tolist()
    return bool(np.allclose(a, b, RELATIVE, ABSOLUTE, equal_nan=True))

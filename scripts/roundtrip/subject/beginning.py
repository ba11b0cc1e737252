"""What a step does first with a user's model.

``scripts/train.py`` decides on data and plan, and records both with the traits in reference.json (``subject``). The
later steps take them from there, so that all train alike.
"""

import numpy as np

from roundtrip import training
from roundtrip.record import read_record
from roundtrip.subject import arrays, compiling, made_up, rehearsal, traits

MADE_UP = "made up"


def first(ctx, record):
    """Import the code, and choose data and plan: the step that trains the reference."""
    subject = ctx.module
    facts = record.facts["subject"] = {}
    try:
        subject.open()
    finally:
        facts["written_for"] = sorted(subject.code.imports)
    subject.fresh(ctx.rt)
    ctx.rt.seed(ctx.seed)
    model = subject.build(ctx.rt, None)
    inputs, targets, facts["source"] = data(ctx, model)
    facts["loss"] = subject.loss
    fixed = fixed_size(model)
    ctx.data = arrays.split(inputs, targets, fixed)
    shown, facts["indeterminate"] = rehearsal.without_determinism(ctx, lambda: rehearsal.rehearse(ctx))
    plan = rehearsal.plan(ctx, shown.seconds, subject.described["budget"], fixed)
    ctx.data = ctx.data.limited(plan.samples, plan.batch_size)
    ctx.before, ctx.after, ctx.lacks = plan.before, plan.after, shown.lacks
    facts.update(
        lacks=shown.lacks,
        plan=dict(vars(plan), seconds_per_sample=shown.seconds),
        traits=sorted({*traits.of(ctx, shown.model, shown.draws), *shown.lacks}),
        config_gaps=list(traits.gaps(ctx, shown.model)),
        data=[[stored(part, record) for part in both] for both in (ctx.data.train, ctx.data.test)],
    )


def later(ctx, record, reference):
    """Import the code, and take data and plan from the reference."""
    facts, subject = read_record(reference)["subject"], ctx.module
    record.facts["subject"] = {"written_for": facts["written_for"]}
    subject.loss = facts["loss"]
    with np.load(reference[: -len(".json")] + ".npz") as kept:
        train, test = [tuple(restored(part, kept) for part in both) for both in facts["data"]]
    train, test = ((training.tensors(inputs), targets) for inputs, targets in (train, test))
    ctx.data = arrays.Prepared(train, test, facts["plan"]["batch_size"])
    ctx.before, ctx.after = facts["plan"]["before"], facts["plan"]["after"]
    ctx.lacks = facts["lacks"]
    if facts["indeterminate"]:
        rehearsal.leave_off_determinism()
    subject.open()


def data(ctx, model):
    """(inputs, targets, where they come from); the model is built by a call and compiled meanwhile."""
    subject, where = ctx.module, ctx.module.described["data"]
    if where:
        file, function = where
        given = arrays.given(subject.code.function(file, function)()) if function else arrays.read_npz(file)
        inputs, targets = arrays.assembled(given, model)
        inputs = training.tensors(inputs)
    else:
        inputs, targets = made_up.inputs(model, arrays.TRAIN + arrays.TEST), None
    training.called(model, inputs)
    if not compiling.is_compiled(model):
        subject.loss = compiling.loss_for(model, targets)
        subject.compile(ctx.rt, model)
    source = subject.described["data_named"] or MADE_UP
    if targets is None:
        targets = made_up.targets(ctx.rt, model, inputs)
        source += ", targets %s" % MADE_UP if where and targets is not None else ""
    return inputs, targets, source


def fixed_size(model):
    """The size of the batches where the model's code fixes it, else None."""
    size = (getattr(model, "inputs", None) or [None])[0]
    size = None if size is None else size.shape[0]
    return None if size is None else int(size)


def stored(part, record):
    """Inputs or targets as a part of a record, with their arrays beside it."""
    if part is None:
        return None
    structure, leaves = training.flatten(part)
    return {"structure": structure, "leaves": [record.array(x) for x in leaves]}


def restored(part, kept):
    """The inputs or targets that ``stored`` left."""
    if part is None:
        return None
    return made_up.rebuilt(part["structure"], [arrays.strings_as_objects(kept[e["key"]]) for e in part["leaves"]])

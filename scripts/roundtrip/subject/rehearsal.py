"""A rehearsal before the reference is trained: how long a batch takes, and whether training draws random numbers.

It trains two throwaway models for a few small batches. The second one is built with another seed and gets the first
one's weights: where its logs differ, random numbers are drawn in training. So they are where training moves the
variables of Keras 3's seed generators, which may begin with a seed of the code's.
"""

import re
import time

import numpy as np

from roundtrip import state
from roundtrip.subject import arrays
from roundtrip.subject.code import CodeError
from roundtrip.subject.traits import LACKING

#: samples in a batch of the rehearsal
SMALL = 4
#: epochs before and after saving where the budget allows no more
FEWEST = (5, 1)
WEIGHTS = ("trainable", "non_trainable")


class Rehearsed(object):
    """What a rehearsal shows.

    ``model`` was trained a little. ``draws``: whether training draws random numbers. ``seconds``: for one sample.
    ``lacks``: {trait: why} of what the model cannot do.
    """

    def __init__(self, model, draws, seconds, lacks):
        self.model, self.draws, self.seconds, self.lacks = model, draws, seconds, lacks


def rehearse(ctx):
    """Rehearsed, with the data in ``ctx.data``. Raises what training raises."""
    whole, size = ctx.data, min(SMALL, ctx.data.batch_size)
    ctx.data = whole.limited(3 * size, size)
    try:
        first = ctx.build()
        start, seeds = weights(ctx, first), values_of(ctx, first, "rng")
        logs = ctx.fit(first, 0, 1)["values"]
        moved = any(not np.array_equal(a, b) for a, b in zip(seeds, values_of(ctx, first, "rng")))
        seconds = pace(ctx, first) / size
        lacks = lacking(ctx, first)
        ctx.data = whole.limited(size, size)
        other = ctx.engine.build(ctx.module, ctx.data, ctx.seed + 1)
        refuse_shared(ctx, first, other)
        give(ctx, other, start)
        again = ctx.fit(other, 0, 1)["values"]
    finally:
        ctx.data = whole
    return Rehearsed(first, moved or not np.array_equal(logs[: len(again)], again, equal_nan=True), seconds, lacks)


def lacking(ctx, model):
    """{trait: why} of what Keras says that the model cannot do; what the user's own lines raise is raised.

    A model with a ``train_step`` of its own needs neither ``call`` nor a loss for ``evaluate``.
    """
    found = {}
    for trait, function in zip(LACKING, (ctx.evaluate, ctx.predict)):
        try:
            function(model)
        except Exception as error:
            if ctx.module.code.line(error):
                raise
            found[trait] = "%s: %s" % (type(error).__name__, str(error).split("\n")[0][:300])
    return found


def pace(ctx, model):
    """Processor seconds of a batch, whatever else the machine does: the shortest of an epoch that was traced before."""
    ends = []

    class Clock(ctx.keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            ends.append(time.process_time())

    ctx.fit(model, 1, 2, [Clock()])
    return min(later - earlier for earlier, later in zip(ends, ends[1:])) if len(ends) > 1 else 0.0


def without_determinism(ctx, function):
    """(result, why op determinism had to be left off or None): some ops refuse to run with it.

    https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
    """
    try:
        return function(), None
    except Exception as error:
        if not re.search("determinis", str(error)) or not hasattr(ctx.tf.config.experimental, "enable_op_determinism"):
            raise
        leave_off_determinism()
        return function(), str(error).split("\n")[0][:300]


def leave_off_determinism():
    from tensorflow.python.framework import config

    config.disable_op_determinism()


def weights(ctx, model):
    return values_of(ctx, model, *WEIGHTS)


def values_of(ctx, model, *roles):
    return [e["value"] for e in ctx.capture(model) if e["role"] in roles]


def give(ctx, model, values):
    """Assign the weights of one model to another that the same code built."""
    variables = [v for _, role, v in state.variables(ctx.rt, model) if role in WEIGHTS]
    if [v.shape for v in values] != [tuple(v.shape) for v in variables]:
        raise CodeError("build() gives another model each time: its weights have other shapes")
    for variable, value in zip(variables, values):
        variable.assign(value)


def refuse_shared(ctx, first, second):
    """Raise CodeError where two calls of ``build`` give models that share variables: training one changes both."""
    both = {id(v) for _, _, v in state.variables(ctx.rt, first)}
    if any(id(v) in both for _, _, v in state.variables(ctx.rt, second)):
        raise CodeError("build() gives the same model, or the same layers, each time. Make them inside the function")


class Plan(object):
    """How much a model is trained: ``samples``, ``batch_size``, epochs ``before`` and ``after`` saving."""

    def __init__(self, samples, batch_size, before, after):
        self.samples, self.batch_size, self.before, self.after = samples, batch_size, before, after


def plan(ctx, seconds, budget, fixed):
    """The Plan that fits into a budget of seconds: fewer batches, else fewer epochs, else small batches.

    ``seconds`` is the time of one sample; that of larger batches is overestimated. ``fixed``: the only size of a batch.
    """
    count, size = arrays.length(ctx.data.train[0]), ctx.data.batch_size
    affordable = budget / max(seconds, 1e-9)  # samples, of all epochs together
    for before, after in ((ctx.before, ctx.after), FEWEST):
        for samples in range(-(-count // size) * size, 0, -size):
            if samples * (before + after) <= affordable:
                return Plan(min(samples, count), size, before, after)
    least = fixed or max(1, min(count, int(affordable / sum(FEWEST))))
    return Plan(least, least, *FEWEST)

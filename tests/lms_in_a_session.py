"""Run by test_lms_graph inside an environment: the rewrite as a function and as a session hook, without Keras."""

import sys

sys.path.insert(0, sys.argv[1])

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from roundtrip.lms import GraphAlreadyRun, support, trace  # noqa: E402

v1 = tf.compat.v1
v1.disable_eager_execution()


def network():
    x = v1.placeholder(tf.float32, (None, 8), name="x")
    weights = [v1.get_variable(f"w{i}", initializer=np.full((8, 8), 0.1 + i, "float32")) for i in range(4)]
    y = x
    for w in weights:
        y = tf.tanh(tf.matmul(y, w))
    loss = tf.reduce_mean(tf.square(y - 0.5))
    return x, loss, v1.train.GradientDescentOptimizer(0.1).minimize(loss)


def traced(session, fetches, feed):
    metadata = v1.RunMetadata()
    options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
    session.run(fetches, feed, options=options, run_metadata=metadata)
    return trace.swaps(trace.executed(metadata), trace.added(session.graph))


def losses(session, x, loss, train):
    return [session.run([loss, train], {x: np.ones((3, 8), "float32") * i})[0] for i in range(4)]


ACTIVATIONS = {f"lms/swap{way}_Tanh{i}_0" for i in ("", "_1", "_2") for way in ("in", "out")}
results = {}
for sync in (None, 0, 3):
    with tf.Graph().as_default() as graph:
        x, loss, train = network()
        if sync == 0:
            size = len(graph.get_operations())
            print("plan" if support.LargeModelSupport(tf).plan() else "no plan")
            print("untouched" if len(graph.get_operations()) == size else "changed")
        lms = support.LargeModelSupport(tf, swapin_ahead=2, sync_mode=sync or 0)
        hooks = [lms.hook()] if sync is not None else []
        with v1.train.MonitoredSession(hooks=hooks) as session:
            results[sync] = losses(session, x, loss, train)
            if hooks:
                names = traced(session, train, {x: np.ones((3, 8), "float32")})
                whole = ACTIVATIONS <= set(names)  # a constant may be folded, an activation not
            if sync == 0:
                print("hook" if lms.facts else "no hook")
                print("executed" if whole else f"pruned: {names}")
                try:
                    support.LargeModelSupport(tf).run(graph)
                except GraphAlreadyRun:
                    print("refused")
            if sync == 3:
                print("sync" if whole else f"pruned: {names}")
print("same" if results[None] == results[0] == results[3] else results)

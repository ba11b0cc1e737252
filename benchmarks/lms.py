"""Measures large model support: peak memory of the device and seconds per step, with it and without it.

    PYTHON=results/environments/tf2.21/venv/bin/python
    TF_USE_LEGACY_KERAS=1 $PYTHON benchmarks/lms.py --out lms.json            # two virtual CPU devices
    TF_USE_LEGACY_KERAS=1 $PYTHON benchmarks/lms.py --out lms.json --device /gpu:0

With a GPU, the network runs on it, and swapped tensors are kept on ``/cpu:0``. The main figure is ``peak_bytes``, the
most that the GPU's allocator held. Without a GPU, two virtual CPU devices stand for GPU and host. They share one
memory, and a transfer between them is not always a copy. So they show how many tensors and bytes are transferred, how
much a device would hold at most in the order in which the graph was executed (``held_bytes``: computed from the
traced step, not measured), and the time that the extra nodes take. They cannot show saved memory or a slow bus.
Each configuration runs in a process of its own; seconds are the median over steps after a warm-up.
"""

import argparse
import collections
import json
import os
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CONFIGURATIONS = collections.OrderedDict(
    [
        ("without", None),
        ("maximum", {"swapout_threshold": 1, "swapin_ahead": 1}),
        ("far tensors only", {"swapout_threshold": 12, "swapin_ahead": 3}),
        ("far tensors, synchronous", {"swapout_threshold": 12, "swapin_ahead": 3, "sync_mode": 3}),
    ]
)


def network(v1, tf, depth, size, device):
    """A deep stack of convolutions: the backward pass needs all of its activations again."""
    with v1.device(device):
        x = v1.placeholder(tf.float32, (None, size, size, 3), name="x")
        y = x
        for i in range(depth):
            kernel = v1.get_variable("kernel_%d" % i, (3, 3, int(y.shape[-1]), 16))
            y = tf.nn.relu(tf.nn.conv2d(y, kernel, strides=[1, 1, 1, 1], padding="SAME"))
        loss = tf.reduce_mean(tf.square(y))
        return x, loss, v1.train.GradientDescentOptimizer(0.01).minimize(loss)


def measure(args, parameters):
    sys.path.insert(0, os.path.join(ROOT, "scripts"))
    import numpy as np
    import tensorflow as tf

    from roundtrip.lms import support, trace

    v1 = tf.compat.v1
    v1.disable_eager_execution()
    x, loss, train = network(v1, tf, args.depth, args.size, args.device)
    facts = {"added": 0, "bytes": 0}
    if parameters is not None:
        rewrite = support.LargeModelSupport(tf, device="/cpu:0", **parameters)
        facts = rewrite.run()
        facts["bytes"] *= args.batch
    config = v1.ConfigProto(device_count={"CPU": 2}, inter_op_parallelism_threads=2, intra_op_parallelism_threads=1)
    config.gpu_options.allow_growth = True
    session = v1.Session(config=config)
    session.run(v1.global_variables_initializer())
    feed = {x: np.random.RandomState(1).rand(args.batch, args.size, args.size, 3).astype("float32")}
    seconds = []
    for _ in range(args.steps + 2):
        begin = time.time()
        value = session.run([loss, train], feed)[0]
        seconds.append(time.time() - begin)
    metadata = v1.RunMetadata()
    options = v1.RunOptions(trace_level=v1.RunOptions.FULL_TRACE)
    session.run(train, feed, options=options, run_metadata=metadata)
    return {
        "parameters": parameters,
        "nodes_added": facts["added"],
        "nodes_executed": len(trace.swaps(trace.executed(metadata), trace.added(session.graph))),
        "bytes_swapped": facts["bytes"],
        "seconds_a_step": statistics.median(seconds[2:]),
        "loss": float(value),
        "held_bytes": held(metadata, args.device),
        "peak_bytes": peak(v1, session, args.device),
        "devices": sorted(d.name for d in session.list_devices()),
        "tensorflow": tf.__version__,
    }


def held(metadata, device):
    """The most bytes of outputs alive at once on a device in the traced step, by when nodes ran and were read.

    An output lives from its node's end to the end of the last node that read it there; a node names in its
    timeline label what it reads.
    """
    nodes = [n for d in metadata.step_stats.dev_stats if on(d.device, device) for n in d.node_stats]
    ends = {n.node_name: n.all_start_micros + n.all_end_rel_micros for n in nodes}
    last = dict(ends)
    for n in nodes:
        inside = n.timeline_label.partition("(")[2].rpartition(")")[0]
        for name in (part.strip().split(":")[0].lstrip("^") for part in inside.split(",")):
            if name in last:
                last[name] = max(last[name], ends[n.node_name])
    events = []
    for n in nodes:
        size = sum(o.tensor_description.allocation_description.requested_bytes for o in n.output)
        events += [(ends[n.node_name], size), (last[n.node_name] + 1, -size)]
    most = now = 0
    for _, change in sorted(events):
        now += change
        most = max(most, now)
    return most


def on(name, device):
    """Whether a traced device's name is that of ``/gpu:0`` or ``/cpu:1``; its streams are no devices."""
    return name.lower().endswith(device.lower().replace("/", "")) or name.lower().endswith("device" + device.lower())


def peak(v1, session, device):
    """The peak memory of the device's allocator if TensorFlow records it (on a GPU), else None."""
    if "gpu" not in device.lower():
        return None
    with session.graph.as_default(), v1.device(device):
        from tensorflow.python.framework import config

        return config.get_memory_info(device.strip("/").upper())["peak"]


def main(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="/cpu:1", help="where the network computes")
    parser.add_argument("--depth", type=int, default=24)
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--out", default="lms.json")
    parser.add_argument("--only", choices=CONFIGURATIONS, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.only:
        print(json.dumps(measure(args, CONFIGURATIONS[args.only])))
        return 0
    results = {}
    for name in CONFIGURATIONS:
        command = [sys.executable, os.path.abspath(__file__)] + argv + ["--only", name]
        results[name] = json.loads(subprocess.check_output(command).decode().splitlines()[-1])
        found = results[name]
        print(
            "%-26s %7.1f ms a step, %8.2f MB held, %8.2f MB swapped, %d of %d nodes executed"
            % (
                name,
                1e3 * found["seconds_a_step"],
                (found["peak_bytes"] or found["held_bytes"]) / 1e6,
                found["bytes_swapped"] / 1e6,
                found["nodes_executed"],
                found["nodes_added"],
            )
        )
    with open(args.out, "w") as f:
        json.dump(results, f, indent=1, sort_keys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

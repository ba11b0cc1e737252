"""Apply a plan: add swap-out and swap-in nodes between a tensor's producer and its far consumers."""

from roundtrip.lms import SWAPIN, SWAPOUT, plan


def apply(v1, graph, swaps, parameters, device="/cpu:0", protect=True):
    """Add the nodes of a plan and connect the consumers to them; returns the names of the added nodes.

    Parameters
    ----------
    v1 : module
        TensorFlow's interface of version 1.
    swaps : list of plan.Swap
    device : str
        The device that holds the swapped tensors.
    protect : bool
        Whether to mark the nodes so that graph optimisers, which usually remove identities, keep them.
    """
    level = plan.levels(graph.get_operations()) if parameters.sync_mode else {}
    added = []
    with graph.as_default():
        for swap in swaps:
            added += apply_one(v1, swap, parameters, device, level)
        for op in added if protect else ():
            keep(op)
    return [op.name for op in added]


def apply_one(v1, swap, parameters, device, level):
    """Add the nodes for one tensor; returns the added ops."""
    with v1.control_dependencies(None), v1.device(device):
        out = v1.identity(swap.tensor, name=SWAPOUT + tag(swap.tensor)).op
    added = [out]
    if parameters.sync_mode & 1:
        for op in swap.near:
            op._add_control_input(out)
    for group in swap.groups:
        with v1.control_dependencies(None), v1.device(device):
            back = v1.identity(out.outputs[0], name=SWAPIN + tag(swap.tensor))
        for consumer in group.consumers:
            for i, tensor in enumerate(consumer.inputs):
                if tensor is swap.tensor:
                    consumer._update_input(i, back)
        if group.trigger is not None:
            back.op._add_control_input(group.trigger)
            if parameters.sync_mode & 2:
                for op in after(group, level):
                    op._add_control_input(back.op)
        added.append(back.op)
    return added


def after(group, level):
    """The consumers of the trigger at or above the group's lowest level: they wait in the synchronous mode."""
    first = min(level[c] for c in group.consumers)
    followers = {c for t in group.trigger.outputs for c in t.consumers()}
    return sorted((c for c in followers if level.get(c, -1) >= first and c not in group.consumers), key=lambda c: c._id)


def tag(tensor):
    """A tensor's name as part of a node's name."""
    return tensor.name.replace("/", "_").replace(":", "_")


def keep(op):
    """Mark an op so that grappler does not remove it (TensorFlow 1.14 and newer; no public function does it)."""
    from tensorflow.core.framework import attr_value_pb2

    op._set_attr("_grappler_do_not_remove", attr_value_pb2.AttrValue(b=True))

"""Plan which tensors of a graph are swapped out, and which ops trigger the swap-in; the graph does not change."""

import collections

from roundtrip.lms import PREFIX, NothingToSwap, UnknownScope

#: ops whose outputs are not activations or need little memory: constants, variables and their readers, shapes
NO_SOURCE = frozenset(
    "Const Identity ReadVariableOp ResourceGather VarHandleOp VariableV2 Variable Placeholder PlaceholderWithDefault"
    " Shape ShapeN Size Rank NoOp Range Fill StridedSlice VarIsInitializedOp IsVariableInitialized"
    " RandomUniform RandomStandardNormal TruncatedNormal".split()
)
#: ops that do not read the value of their input
NO_CONSUMER = NO_SOURCE | frozenset("Assign AssignVariableOp AssignAddVariableOp AssignSubVariableOp Assert".split())

#: one tensor: {"tensor", "source", "level", "bytes" of one sample, "groups"}
Swap = collections.namedtuple("Swap", "tensor level bytes groups near")
#: one swap-in: the consumers that share it, and the op that triggers it (None: it begins at once)
Group = collections.namedtuple("Group", "consumers trigger")


class Parameters(object):
    """The parameters of a plan: the tensors to swap, the time of the swap-in, and the synchronization.

    Parameters
    ----------
    swapout_threshold : int
        A tensor is swapped for consumers more than this many levels (of the longest path) above its producer.
    swapin_ahead : int
        The swap-in begins when an op this many levels below the consumer has run.
    swapin_groupby : int or None
        Consumers of one tensor that are at most this many levels apart share a swap-in; None: each has its own.
    include_scopes, exclude_scopes : tuple of str
        Name scopes of the producing op: only ops in these, no ops in these.
    include_types, exclude_types : tuple of str
        Types of the producing op: only these, none of these.
    sync_mode : int
        0: transfers run in parallel with the computation; 1: the near consumers of a tensor wait for its swap-out;
        2: ops after a trigger wait for the swap-in; 3: both.
    min_rank : int
        Tensors of a lower rank are not swapped.
    """

    def __init__(
        self,
        swapout_threshold=1,
        swapin_ahead=1,
        swapin_groupby=None,
        include_scopes=(),
        exclude_scopes=(),
        include_types=(),
        exclude_types=(),
        sync_mode=0,
        min_rank=2,
    ):
        for name, value in dict(locals()).items():
            if name != "self":
                setattr(self, name, value)
        if swapout_threshold < 1 or swapin_ahead < 1 or sync_mode not in (0, 1, 2, 3):
            raise ValueError("swapout_threshold and swapin_ahead begin at 1, sync_mode is 0, 1, 2 or 3")


def make(graph, parameters=None):
    """The swaps of a graph, in the order of its ops: a list of Swap.

    Raises UnknownScope if a scope contains no op, NothingToSwap if no tensor meets the parameters.
    """
    parameters = parameters or Parameters()
    ops = [op for op in graph.get_operations() if not op.name.startswith(PREFIX)]
    for scope in tuple(parameters.include_scopes) + tuple(parameters.exclude_scopes):
        if not any(in_scope(op, scope) for op in ops):
            raise UnknownScope("no op of the graph is in the scope %r" % scope)
    level = levels(ops)
    swaps = [s for op in ops if op in level and is_source(op, parameters) for s in swaps_of(op, level, parameters)]
    if not swaps:
        raise NothingToSwap(
            "%d ops, and no tensor of rank %d or more is consumed more than %d levels above its producer"
            " within the scopes and types given" % (len(ops), parameters.min_rank, parameters.swapout_threshold)
        )
    return swaps


def levels(ops):
    """{op: length of the longest path to it}, along data and control edges, without ops in or after loops."""
    known = set(ops)
    before = {op: {p for p in predecessors(op) if p in known} for op in ops}
    after = collections.defaultdict(list)
    for op in ops:
        for p in before[op]:
            after[p].append(op)
    waiting = {op: len(before[op]) for op in ops}
    level = {op: 0 for op in ops if not waiting[op]}
    ready = collections.deque(level)
    done = {}
    while ready:
        op = ready.popleft()
        done[op] = level[op]
        for consumer in after[op]:
            level[consumer] = max(level.get(consumer, 0), level[op] + 1)
            waiting[consumer] -= 1
            if not waiting[consumer]:
                ready.append(consumer)
    return done


def predecessors(op):
    return {tensor.op for tensor in op.inputs} | set(op.control_inputs)


def in_scope(op, scope):
    return op.name.startswith(scope.rstrip("/") + "/") or op.name == scope


def is_source(op, parameters):
    if op.type in NO_SOURCE or op.type in parameters.exclude_types:
        return False
    if parameters.include_types and op.type not in parameters.include_types:
        return False
    if any(in_scope(op, scope) for scope in parameters.exclude_scopes):
        return False
    return not parameters.include_scopes or any(in_scope(op, scope) for scope in parameters.include_scopes)


def swaps_of(op, level, parameters):
    """The op's outputs that are swapped."""
    for tensor in op.outputs:
        rank = tensor.shape.ndims
        if rank is None or rank < parameters.min_rank or tensor.dtype.base_dtype.name in ("resource", "variant"):
            continue
        consumers = [c for c in unique(tensor.consumers()) if c in level and c.type not in NO_CONSUMER]
        far = [c for c in consumers if level[c] - level[op] > parameters.swapout_threshold]
        if far:
            groups = [Group(g, trigger(op, g[0], level, parameters)) for g in grouped(far, level, parameters)]
            yield Swap(tensor, level[op], size(tensor), groups, [c for c in consumers if c not in far])


def unique(ops):
    return sorted(set(ops), key=lambda op: op._id)


def grouped(consumers, level, parameters):
    """Consumers by level, in groups that are at most ``swapin_groupby`` levels wide."""
    groups = []
    for consumer in sorted(consumers, key=lambda c: (level[c], c._id)):
        apart = parameters.swapin_groupby
        if apart is not None and groups and level[consumer] - level[groups[-1][0]] <= apart:
            groups[-1].append(consumer)
        else:
            groups.append([consumer])
    return groups


def trigger(source, consumer, level, parameters):
    """The latest predecessor of the consumer that is ``swapin_ahead`` levels below it and above the source.

    An edge from a lower to a higher level cannot create a cycle.
    """
    seen, pending, best = {consumer}, [consumer], None
    while pending:
        for op in predecessors(pending.pop()):
            if op in seen or level.get(op, -1) <= level[source]:
                continue
            seen.add(op)
            pending.append(op)
            if op.type not in NO_SOURCE and level[op] <= level[consumer] - parameters.swapin_ahead:
                if best is None or (level[op], op._id) > (level[best], best._id):
                    best = op
    return best


def size(tensor):
    """The size in bytes; an unknown dimension (the batch) counts as one."""
    count = 1
    for d in tensor.shape.as_list():
        count *= 1 if d is None else d
    return count * tensor.dtype.base_dtype.size


def lines(swaps, batch=1):
    """The plan as lines of text."""
    total = sum(s.bytes for s in swaps) * batch
    yield "%d tensors leave the device, %d ways back, %d bytes a step (batch of %d)" % (
        len(swaps),
        sum(len(s.groups) for s in swaps),
        total,
        batch,
    )
    for s in swaps:
        for group in s.groups:
            yield "%s (%s, %d bytes) -> %s, called back by %s" % (
                s.tensor.name,
                s.tensor.op.type,
                s.bytes * batch,
                ", ".join(c.name for c in group.consumers),
                group.trigger.name if group.trigger is not None else "nothing: it begins at once",
            )

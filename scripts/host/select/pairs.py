"""Which consumers read what a producer wrote: the words that ``pairs`` takes in a block of the matrix.

Runtimes are ordered by TensorFlow's version, then by their Keras's version; two with the same versions (Keras on
another backend) have the same rank. ``neighbours`` follows that order; ``upgrade`` allows neither to get older.
"""

import functools

from packaging.version import Version

#: api -> the apis that its models can be taken to; within an api it is always possible
SUCCESSORS = {"keras2_graph": ("keras2", "keras3"), "keras2": ("keras3",)}


def rank(runtime):
    """What runtimes are ordered by: (TensorFlow, Keras)."""
    return _version(runtime.tensorflow), _version(runtime.version)


_version = functools.cache(Version)


def same(producer, known):
    """The runtime that wrote."""
    return [producer]


def neighbours(producer, known):
    """The next older and the next newer runtimes of the same api, and those of the same versions."""
    own = [r for r in known if r.api == producer.api]
    ranks = sorted({rank(r) for r in own})
    at = ranks.index(rank(producer))
    near = ranks[max(0, at - 1) : at + 2]
    return [r for r in own if rank(r) in near and r is not producer]


def upgrade(producer, known):
    """Newer runtimes of the same api, and those of the apis that it leads to. TensorFlow and Keras never get older.

    Another api counts as newer, so both versions may stay the same: in one environment tf_keras leads to Keras 3.
    """
    return [r for r in known if _leads(producer, r)]


def _leads(producer, consumer):
    if not all(new >= old for new, old in zip(rank(consumer), rank(producer), strict=True)):
        return False
    if consumer.api == producer.api:
        return rank(consumer) != rank(producer)
    return consumer.api in SUCCESSORS.get(producer.api, ())


def every(producer, known):
    """Every runtime, the one that wrote among them."""
    return list(known)


def crossing(producer, consumer):
    """What an artifact crosses on its way, in a word: ``same`` where it crosses nothing.

    ``newer`` alone, within one api and one major version, is what a format's contract holds for; ``older``,
    ``major``, ``backend`` and ``<api>-<api>`` it must name (CROSSES of roundtrip.formats).
    """
    if producer.id == consumer.id:
        return "same"
    newer, older = rank(consumer), rank(producer)
    if newer[0] < older[0] or (producer.api == consumer.api and newer[1] < older[1]):
        return "older"
    if producer.api != consumer.api:
        return f"{producer.api}-{consumer.api}"
    if newer[0].major != older[0].major:
        return "major"
    return "newer" if producer.backend == consumer.backend else "backend"


WORDS = {"same": same, "neighbours": neighbours, "upgrade": upgrade, "all": every}


def consumers(word, producers, known):
    """{producer's id: [consumers' ids]} for a word of ``pairs``.

    Parameters
    ----------
    word : str
        A key of WORDS.
    producers : list of str
        The producers' ids.
    known : dict
        What ``host.select.runtimes.known`` returns.
    """
    runtimes = sorted(known.values(), key=lambda r: (rank(r), r.id))
    return {p: [c.id for c in WORDS[word](known[p], runtimes)] for p in producers}

"""Which consumers read the artifacts of a producer: the words for ``pairs`` in a block of the matrix.

Runtimes are ordered by the version of TensorFlow, then by the version of Keras. Two runtimes with the same versions
(Keras on another backend) have the same rank. ``neighbours`` follows that order. ``upgrade`` takes only runtimes in
which neither version is older.
"""

import functools

from packaging.version import Version

#: api -> the other apis that can read its models
SUCCESSORS = {"keras2_graph": ("keras2", "keras3"), "keras2": ("keras3",)}


def rank(runtime):
    """(version of TensorFlow, version of Keras): the sort key of runtimes."""
    return _version(runtime.tensorflow), _version(runtime.version)


_version = functools.cache(Version)


def same(producer, known):
    """Only the producer itself."""
    return [producer]


def neighbours(producer, known):
    """The next older and the next newer runtimes of the same api, and the others with the same versions."""
    own = [r for r in known if r.api == producer.api]
    ranks = sorted({rank(r) for r in own})
    at = ranks.index(rank(producer))
    near = ranks[max(0, at - 1) : at + 2]
    return [r for r in own if rank(r) in near and r is not producer]


def upgrade(producer, known):
    """Newer runtimes of the same api and of its SUCCESSORS; neither TensorFlow nor Keras is older than the producer's.

    A successor may have the same versions: within one environment, tf_keras leads to Keras 3.
    """
    return [r for r in known if _leads(producer, r)]


def _leads(producer, consumer):
    if not all(new >= old for new, old in zip(rank(consumer), rank(producer), strict=True)):
        return False
    if consumer.api == producer.api:
        return rank(consumer) != rank(producer)
    return consumer.api in SUCCESSORS.get(producer.api, ())


def every(producer, known):
    """Every runtime, including the producer."""
    return list(known)


def crossing(producer, consumer):
    """What lies between two runtimes, in one word; ``same`` if they are one runtime.

    A contract covers ``same`` and ``newer`` (a newer version of the same api, major version and backend). It covers
    ``older``, ``major``, ``backend`` and ``<api>-<api>`` only if it names them (CROSSES of roundtrip.formats).
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
        {id: Runtime}, as returned by ``host.select.runtimes.known``.
    """
    runtimes = sorted(known.values(), key=lambda r: (rank(r), r.id))
    return {p: [c.id for c in WORDS[word](known[p], runtimes)] for p in producers}

"""The judge: the records of a path in, its verdict out. Comparing needs NumPy alone.

A path on its way, in the order of ``verify``:

``records``    the reference, the manifest and the observation, read through their schemas; refused for another path
``contract``   what is promised: Path (the members, what lies between the runtimes) and Contract
``ending``     where the path ended, and whose fault that is
``messages``   which messages count, and which announce a loss
``alignment``  Pair: both sides under names and spellings that can be compared (``names``, ``dialects``, ``differ``)
``facets/``    what is compared, one file each, with ``numbers``, ``states``, ``trees`` and ``descriptions``
``result``     what comparing a facet gives
``verdict``    the rules, of which the first that applies decides

``verify`` judges a cell of the matrix, ``bridge`` a path with a bridge, ``brought`` an artifact that the user brings.
"""

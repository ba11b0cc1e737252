"""The judge: reads the records of a path and gives its verdict. Comparisons need only NumPy.

The modules, in the order in which ``verify`` uses them:

``records``    reads the reference, the manifest and the observation, and refuses records of another path
``contract``   what is promised: Path (the members, and what lies between the runtimes) and Contract
``ending``     where the path ended, and whose fault that is
``messages``   which messages count, and which announce a loss
``alignment``  Pair: gives both sides comparable names and spellings (``names``, ``dialects``, ``differ``)
``facets/``    the comparisons, one file each; they use ``numbers``, ``states``, ``trees`` and ``descriptions``
``result``     the result of comparing one facet
``verdict``    the rules; the first one that applies decides

``verify`` judges a cell of the matrix, ``bridge`` a path with a bridge, ``brought`` an artifact that the user brings:
with ``brought_path``, ``agreement``, ``held_against_file``, ``cause`` and ``brought_verdict``.
"""

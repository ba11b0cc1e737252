"""Selects what runs: reads the configuration, and expands its blocks into the cells of the matrix.

``configuration``  checks the ids of a configuration file, and resolves its blocks
``selection``      resolves a selection: ids, globs, ``all``
``runtimes``       Runtime: an environment used through one api, and what it lacks
``cells``          the axes, and the name of a path: Cell, Bridge
``matrix``         the cells that a block selects and the members allow; excluded cells, with their reasons
``pairs``          which runtimes read the artifacts of another
``subjects``       models that the user brings
``user_code``      the files that such a model depends on
``brought``        the cells of artifacts that the user brings
``paths``          the paths of results
``sources``        hashes the source files that a job depends on
"""

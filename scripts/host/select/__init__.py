"""What is run: the configuration read, runtimes known, the paths of the matrix chosen.

``configuration``  the blocks of a configuration file, every id checked
``runtimes``       an environment opened through one api, and what it lacks
``cells``          the axes, and a path's name: Cell, Bridge
``matrix``         every path that a block names and the members allow; what is left out, with its reason
``pairs``          which runtimes read what another wrote
``brought``        artifacts that the user brings
``paths``          where results lie
"""

"""Writes a reproduction of a cell: one Python file that needs only Keras (or TensorFlow) and NumPy.

``sources``      finds the definitions of the project's modules by their syntax trees
``cut``          collects what a cell's members call, and puts it into one flat list of definitions
``linking``      rewrites the trees: names of other modules, constants, descriptions
``plain``        replaces ``ctx`` and ``rt`` by what they stand for in the cell's runtime
``claim``        what the cell lost, and what the file must show
``header``       the text at the top of the file: versions, expected, observed
``side``         what each of the two processes imports and sets
``looks``        the expression for each facet, in each engine
``comparison``   what is compared, and which error is caught
``compose``      puts the parts together (reproduce.py.j2)
``run``          runs a file and records whether it confirms the cell
``ask``          `make reproduce`

docs/reproduce.md explains the result.
"""

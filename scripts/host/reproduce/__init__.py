"""Writes a reproduction of a cell: one Python file that needs only Keras (or TensorFlow) and NumPy.

``sources``      finds the definitions of the project's modules by their syntax trees
``cut``          collects what a cell's members call, and puts it into one flat list of definitions
``linking``      rewrites the trees: names of other modules, constants, descriptions
``plain``        replaces ``ctx`` and ``rt`` by what they stand for in the cell's runtime
``claim``        what the cell lost, and what the file must show
``trained``      the model that is trained: one of this project, or one that the user brings
``user_files``   a copy of the user's files, and the samples that the cell used
``header``       the text at the top of the file: versions, expected, observed
``side``         what each of the two processes imports and sets
``looks``        the expression for each facet, in each engine
``comparison``   what is compared, and which error is caught
``compose``      puts the parts together (reproduce.py.j2)
``brought``      the same for an artifact that the user brings (brought.py.j2)
``brought_header``, ``brought_files``  its header; a copy of it, inputs, expected outputs
``run``          runs a file and records whether it confirms the cell
``ask``          `make reproduce`

docs/reproduce.md explains the result.
"""

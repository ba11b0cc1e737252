"""The code that runs inside the environments, with every TensorFlow from 1.13 to the newest.

The code uses Python 3.7 syntax, and no packages except TensorFlow, NumPy and h5py. Functions import TensorFlow and
Keras, so that the host can read the metadata of every member without these packages.

``models/ formats/ loaders/ uses/ modifiers/`` hold one member in each file. ``__init__`` of each package
declares the attributes and functions of its members. The members share the modules beside these packages.
"""

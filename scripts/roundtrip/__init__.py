"""The code that runs inside the environments: one dialect for TensorFlow 1.13 to today.

Python 3.7 syntax; NumPy and h5py beside TensorFlow and nothing else; TensorFlow and Keras are
imported inside functions, so that the host can read every member's metadata without them.

``models/ formats/ loaders/ uses/ modifiers/`` hold one member a file (their ``__init__`` says what a
member declares and defines); the modules beside them are what every member shares.
"""

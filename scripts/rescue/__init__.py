"""Bring back into a Keras model what a file holds and the loader left there.

These modules are the source of ``scripts/keras_rescue.py``, one file that users copy into their own projects:
``make rescue`` joins them, and a test holds the two together. So each module imports the others by
``from rescue.name import ...``, every name at the top of a module is its own among all modules, and nothing is imported
but Keras, NumPy, h5py and the standard library, with TensorFlow only inside functions. Python 3.7 syntax.
"""

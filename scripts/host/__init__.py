"""The code that runs on the host: the matrix, the judging of cells, environments, data and the report.

It reads the members' metadata (``scripts/roundtrip``) and never imports TensorFlow.
"""

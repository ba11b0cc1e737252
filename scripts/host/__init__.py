"""The code that runs on the host: it selects cells, judges them, builds environments and data, and writes reports.

It reads the members' metadata (``scripts/roundtrip``) and never imports TensorFlow.
"""

"""Environments: from ``envs/<id>.yaml`` over a lock to a venv that was proved to import.

``declared``      what a file declares, and the lock beside it
``build``         resolves locks and builds venvs (command line)
``interpreters``  finds Pythons and runs uv
``releases``      the released versions of a package, and environments for them
"""

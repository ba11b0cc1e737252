"""Environments: ``envs/<id>.yaml`` is resolved into a lock, and the lock is installed into a venv and tested.

``declared``      reads an environment's file and the lock beside it
``build``         resolves locks and builds venvs (command line)
``interpreters``  finds Pythons and runs uv
``releases``      lists the releases of a package, and writes environments for them
"""

"""Environments: ``envs/<id>.yaml`` is resolved into a lock, and the lock is installed into a venv and tested.

What the configuration brings is either completed to such a file, or an interpreter that is taken as it is.

``declared``      reads an environment's file and the lock beside it
``build``         resolves locks and builds venvs (command line)
``interpreters``  finds Pythons and runs uv
``releases``      lists the releases of a package, and writes environments for them
``own``           the environments that the configuration brings
``nearest``       which environment is nearest to some requirements, and what it adds to them
``completed``     resolves completed requirements, and writes their environment and lock
``taken``         looks at an interpreter, and tests that what is in it imports (command line)
``distributions`` the distributions that an interpreter finds, and the identity of their content
``apis``          the apis of an environment, worked out from its packages
"""

"""Pieces of reproductions (docs/reproduce.md): functions that host.reproduce copies into a file; no step runs them.

Like the members' functions they get ``ctx`` and ``rt``, which are replaced by what they stand for. They are short, for
a reader sees them: what a reproduction compares is what its cell lost, and nothing else.
"""

"""Answers: what happens to a model, by format and use, in words that need no glossary.

``effects`` says what happens in one cell, ``fields`` sums up cells that differ only in the model, and ``ways`` finds
another way that was run and worked. ``table`` and ``versions`` arrange the fields, and ``compatibility`` writes them as
the file that others build on. The page, the terminal, README.md and the published tables all show these fields.
"""

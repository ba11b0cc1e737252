"""Modifiers: what is done to a model after it is built and compiled. One file each.

A modifier declares ``TITLE`` and ``APIS`` and defines ``modify(ctx, model)``, which returns the model.
"""

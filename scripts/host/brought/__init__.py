"""Artifacts that the user brings: what they are, and their way into results/saved.

``magic``    what single files are, by their first bytes
``titles``   what the formats are called where nobody knows what wrote them
``detect``   which format a path, or a list of paths, is of: a Found
``contents`` what a Keras file states about itself: who wrote it, which classes it needs, whether it is compiled
``take``     the program that copies an artifact and writes its manifest
"""

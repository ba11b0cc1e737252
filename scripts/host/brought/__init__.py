"""Artifacts that the user brings: what they are, and their way into results/saved.

``bounded``  bytes and JSON of a stranger's file, never more than a configuration can be
``apart``    a process of its own, with limits and a sandbox, for what is read before the first job
``magic``    what single files are, by their first bytes
``titles``   what the formats are called where nobody knows what wrote them
``detect``   which format a path, or a list of paths, is of: a Found
``contents`` what a Keras file states about itself: who wrote it, which classes it needs, whether it is compiled
``take``     the program that copies an artifact and writes its manifest
``withdraw`` the program that removes the manifest of a copy that has changed, after a step has failed
"""

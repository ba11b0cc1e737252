"""Questions that are more than a matrix.

``upgrade``, ``upgrade_page``  which ways take an artifact from one runtime to another
``bisect``                     which release changed what a path gives
``rewrites``                   after which load a rewrite of the graph still works
"""

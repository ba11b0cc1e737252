"""Uses: what is done with what was loaded. One file each.

A use declares ``TITLE``, ``NEEDS`` (what the loader must give: ``predict``, ``evaluate``, ``fit``, ``layers``)
and ``COMPARES`` (the facets that it adds to those observed right after loading), and defines
``run(ctx, loaded, record)``.
"""

"""Uses: what is done with what was loaded. One file each.

A use declares ``TITLE``, ``NEEDS`` (what the loader must give: ``predict``, ``evaluate``, ``fit``, ``layers``)
and ``COMPARES`` (the facets that matter to it: others are
shown, and do not decide its verdict), and defines
``run(ctx, loaded, record)``.
"""

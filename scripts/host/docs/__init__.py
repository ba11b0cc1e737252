"""The tables of docs/ that are generated from the code: members, what their kinds declare, facets, verdict.json.

``markdown``   a table, a list of names, a link
``catalogue``  the tables of models, formats and loaders
``kinds``      what a kind's members declare and define
``judged``     the tables of facets and of verdict.json
``findings``   the pages of docs/findings/, which ``findings_written`` writes: `make docs`
``__main__``   writes the tables into the pages: `make docs`
"""

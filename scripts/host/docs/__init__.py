"""The tables of docs/ that follow from the members: what each kind declares, each model, format and loader.

``markdown``   a table, a list of names, a link
``catalogue``  the tables of models, formats and loaders
``kinds``      what a kind's members declare and define
``__main__``   writes the tables into the pages: `make docs`
"""
